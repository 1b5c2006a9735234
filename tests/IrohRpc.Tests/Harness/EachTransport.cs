using IrohRpc.Transports;

namespace IrohRpc.Tests;

/// <summary>The transports by name, for theories that run on each.</summary>
internal static class EachTransport
{
    public const string Memory = "memory";

    public static IReadOnlyList<string> Names { get; } = [Memory, "tls", "quic", "msquic"];

    /// <summary>One row for each transport.</summary>
    public static TheoryData<string> Rows => [.. Names];

    /// <summary>Finds a transport; skips the test where this machine does not have it.</summary>
    public static ITransport Find(string name)
    {
        ITransport transport = name switch
        {
            Memory => new MemoryNetwork().Transport,
            "tls" => TlsTransport.Instance,
            "quic" => QuicTransport.Instance,
            "msquic" => MsQuicTransport.Instance,
            _ => throw new ArgumentOutOfRangeException(nameof(name), name, null),
        };
        Assert.SkipUnless(transport.UnsupportedReason is null, transport.UnsupportedReason ?? "");
        return transport;
    }
}
