using System.Net;
using System.Net.Sockets;
using IrohRpc.Transports.Conformance;

namespace IrohRpc.Transports.Tests.Conformance;

/// <summary>TLS over TCP on loopback, for the suite.</summary>
public sealed class TlsUnderTest : TransportUnderTest
{
    public override bool TellsSilence => true;

    public override bool HasPriorities => true;

    private readonly List<IDisposable> _owned = [];

    public override ITransport Transport => TlsTransport.Instance;

    public override bool FollowsTimeProvider => true;

    // The kernel's buffers are not below QMux's flow control but beside it: only what waits behind another stream's bytes can be there.
    public override int WriteAheadSlack => 1024 * 1024;

    public override ValueTask<BreakablePath> MakeBreakablePathAsync(ITransportListener listener, EndpointId dialler, EndpointId acceptor)
        => new(new TcpForwarder(EndPointOf(listener.LocalAddress)));

    public override ValueTask<TransportAddress> GetSilentAddressAsync(ConformancePeer dialler, ConformancePeer acceptor)
    {
        var silent = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        _owned.Add(silent);
        silent.Bind(ListenOn);
        silent.Listen();
        return new(TlsAddress.Create((IPEndPoint)silent.LocalEndPoint!));
    }

    public override async ValueTask<IAsyncDisposable?> StallHandshakeAsync(
        ITransportListener listener, ConformancePeer dialler, ConformancePeer acceptor)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(EndPointOf(listener.LocalAddress), TestContext.Current.CancellationToken);
        return new Disposal(socket);
    }

    public override ValueTask DisposeAsync()
    {
        _owned.ForEach(owned => owned.Dispose());
        return base.DisposeAsync();
    }

    private static IPEndPoint EndPointOf(TransportAddress address)
        => TlsAddress.TryGetEndPoint(address, out IPEndPoint? endPoint) ? endPoint : throw new ArgumentException($"{address} is no TLS address.");
}
