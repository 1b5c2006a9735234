using System.Diagnostics;
using BenchmarkDotNet.Attributes;
using IrohRpc.Identity;
using IrohRpc.Multiplexing.Streams;
using IrohRpc.Quic.Addresses;
using IrohRpc.Quic.ConnectionIds;
using IrohRpc.Quic.Connections;
using IrohRpc.Quic.Packets;
using IrohRpc.Quic.Parameters;
using IrohRpc.Quic.Protection;
using IrohRpc.Quic.Tls;
using IrohRpc.Quic.Tls.Authentication;

namespace IrohRpc.Benchmarks.Pieces;

/// <summary>Two QUIC connections that hand each other datagrams in memory: what a byte and a call cost without sockets and threads.</summary>
[MemoryDiagnoser]
public class QuicConnections : IDisposable
{
    private const int Megabyte = 1024 * 1024;

    private static readonly NetworkPath Path = new(UdpAddress.Create([127, 0, 0, 1], 1), UdpAddress.Create([127, 0, 0, 1], 1));

    private readonly byte[] _datagrams = new byte[64 * 1024];
    private readonly byte[] _data = new byte[Megabyte];
    private readonly byte[] _destination = new byte[256 * 1024];
    private readonly SecretKey _key = SecretKey.Generate();
    private readonly long _started = Stopwatch.GetTimestamp();
    private QuicConnection _client = null!;
    private QuicConnection _server = null!;
    private MultiplexedStream _stream = null!;
    private MultiplexedStream _accepted = null!;

    private TimeSpan Now => Stopwatch.GetElapsedTime(_started);

    [GlobalSetup]
    public void Prepare()
    {
        var identity = new TlsIdentity(_key, new PeerCertificateSource(_key));
        const long window = 16 * Megabyte;
        var options = new QuicConnectionOptions
        {
            Limits = new StreamLimits
            {
                MaxData = 4 * window,
                MaxStreamDataBidirectionalLocal = window,
                MaxStreamDataBidirectionalRemote = window,
                MaxStreamDataUnidirectional = window,
                MaxStreamsBidirectional = 100,
                MaxStreamsUnidirectional = 100,
            },
        };
        var registry = new Registry();
        _client = QuicConnection.CreateClient(
            options,
            (sink, parameters) => TlsHandshake.CreateClient(
                new TlsClientOptions { Identity = identity, ExpectedPeer = _key.Id, Alpns = ["b"], TransportParameters = parameters }, sink),
            registry,
            Path,
            Now);
        int length = _client.Send(_datagrams, Now, out _);
        var reader = new PacketReader(_datagrams.AsSpan(0, length), QuicConnection.LocalConnectionIdLength);
        reader.TryRead(out ProtectedPacket packet);
        _server = QuicConnection.CreateServer(
            options,
            (sink, parameters) => TlsHandshake.CreateServer(new TlsServerOptions { Identity = identity, Alpns = ["b"], TransportParameters = parameters }, sink),
            registry,
            new ServerHandshakeStart { Path = Path, Destination = packet.Destination, Source = packet.Source, OriginalDestination = packet.Destination },
            Now);
        _server.Receive(_datagrams.AsSpan(0, length), Path, default, Now);
        while (!_client.IsConfirmed || !_server.IsConfirmed || _client.Congestion.Mtu.Current == 1200)
        {
            Carry(_server, _client);
            Carry(_client, _server);
        }

        _stream = _client.Streams.TryOpen(bidirectional: true)!;
        _stream.Send!.Write(new byte[1], complete: false);
        Exchange();
        _accepted = _server.Streams.TryAccept(bidirectional: true)!;
        _accepted.Receive!.Read(_destination);
    }

    [GlobalCleanup]
    public void Dispose()
    {
        _client?.Dispose();
        _server?.Dispose();
        _key.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>A mebibyte over one stream, acknowledgements and credit included.</summary>
    [Benchmark]
    public int Bulk()
    {
        int read = 0;
        _stream.Send!.Write(_data, complete: false);
        while (read < Megabyte)
        {
            Carry(_client, _server);
            read += _accepted.Receive!.Read(_destination);
            Carry(_server, _client);
        }

        return read;
    }

    /// <summary>64 bytes there and 64 back over one stream.</summary>
    [Benchmark]
    public int Echo()
    {
        _stream.Send!.Write(_data.AsMemory(0, 64), complete: false);
        Carry(_client, _server);
        int read = _accepted.Receive!.Read(_destination);
        _accepted.Send!.Write(_data.AsMemory(0, read), complete: false);
        Carry(_server, _client);
        return _stream.Receive!.Read(_destination);
    }

    private void Exchange()
    {
        while (Carry(_client, _server) | Carry(_server, _client))
        {
        }
    }

    private bool Carry(QuicConnection from, QuicConnection to)
    {
        bool any = false;
        from.HandleTimeout(Now);
        for (int length; (length = from.Send(_datagrams, Now, out OutgoingDatagrams outgoing)) > 0;)
        {
            any = true;
            for (int start = 0; start < length; start += outgoing.SegmentLength)
            {
                to.Receive(_datagrams.AsSpan(start, Math.Min(outgoing.SegmentLength, length - start)), Path, outgoing.Ecn, Now);
            }
        }

        while (from.Streams.TryTakeEvent(out _, out _) | to.Streams.TryTakeEvent(out _, out _))
        {
        }

        return any;
    }

    private sealed class Registry : IConnectionIdRegistry
    {
        public ConnectionId Issue(out StatelessResetToken token)
        {
            token = default;
            return ConnectionId.CreateRandom(QuicConnection.LocalConnectionIdLength);
        }

        public void Retire(in ConnectionId id)
        {
        }
    }
}
