using System.Net.Quic;
using IrohRpc.Benchmarks.Systems.Bare;
using IrohRpc.Benchmarks.Systems.Emulated;
using IrohRpc.Benchmarks.Systems.Grpc;
using IrohRpc.Benchmarks.Systems.Own;
using IrohRpc.Benchmarks.Systems.MessagePackRpc;
using IrohRpc.Transports;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace IrohRpc.Benchmarks.Systems;

/// <summary>The systems that are compared, in the order of their turns.</summary>
internal static class AllSystems
{
    /// <summary>Whether this machine has QUIC.</summary>
    public static bool HasQuic => QuicListener.IsSupported && QuicConnection.IsSupported;

    /// <summary>Makes those of these names, on these transports, that this machine can run; all where none is given.</summary>
    /// <param name="names">The names.</param>
    /// <param name="transports">The transports.</param>
    /// <param name="isDistant">Whether those on links that stand for distant peers are meant too, where no transport is given.</param>
    public static IReadOnlyList<BenchmarkSystem> Create(IReadOnlyCollection<string> names, IReadOnlyCollection<string> transports, bool isDistant = false)
        =>
        [
            .. Create().Where(system => (names.Count == 0 || names.Contains(system.Name))
                && (transports.Count == 0 || transports.Contains(system.Transport))),

            // A distant peer is slow at everything: it is there for those who ask for it.
            .. CreateDistant().Where(system => (names.Count == 0 || names.Contains(system.Name))
                && (transports.Count == 0 ? isDistant : transports.Contains(system.Transport))),
        ];

    private static IEnumerable<BenchmarkSystem> CreateDistant()
    {
        foreach (LinkKind kind in (LinkKind[])[LinkKind.Far, LinkKind.Farther])
        {
            yield return new IrohRpcSystem("tls" + kind.Suffix, new TlsTransport(), kind);
            yield return new BareTlsSystem(kind);
        }

        foreach (LinkKind kind in (LinkKind[])[LinkKind.Far, LinkKind.Lossy])
        {
            yield return new IrohRpcSystem("quic" + kind.Suffix, new QuicTransport(), kind);
            if (HasQuic)
            {
                yield return new IrohRpcSystem("msquic" + kind.Suffix, new MsQuicTransport(), kind);
                yield return new GrpcSystem("grpc-h3", "msquic" + kind.Suffix, HttpProtocols.Http3, kind);
            }
        }
    }

    private static List<BenchmarkSystem> Create()
    {
        List<BenchmarkSystem> systems = [new IrohRpcSystem("quic", new QuicTransport())];
        if (HasQuic)
        {
            systems.Add(new IrohRpcSystem("msquic", new MsQuicTransport()));
            systems.Add(new BareQuicSystem());
            systems.Add(new StreamPerCallSystem());
            systems.Add(new GrpcSystem("grpc-h3", "msquic", HttpProtocols.Http3));
        }

        systems.Add(new IrohRpcSystem("tls", new TlsTransport()));
        systems.Add(new BareTlsSystem());
        systems.Add(new GrpcSystem("grpc-h2", "tls", HttpProtocols.Http2));
        systems.Add(new StreamJsonRpcSystem());
        systems.Add(new BlobSystem("quic", new QuicTransport()));
        systems.Add(new BlobSystem("tls", new TlsTransport()));
        if (HasQuic)
        {
            systems.Add(new BlobSystem("msquic", new MsQuicTransport()));
        }

        systems.Add(new IrohRpcSystem("memory", new MemoryNetwork().Transport));
        return systems;
    }
}
