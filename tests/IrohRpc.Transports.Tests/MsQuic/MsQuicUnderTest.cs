using System.Net;
using System.Net.Sockets;
using IrohRpc.Transports.Conformance;
using IrohRpc.Transports.Tests.Conformance;

namespace IrohRpc.Transports.Tests.MsQuic;

/// <summary>QUIC on loopback, for the suite.</summary>
public sealed class MsQuicUnderTest : TransportUnderTest
{
    public override bool TellsSilence => true;

    private readonly List<IDisposable> _owned = [];

    public override ITransport Transport => MsQuicTransport.Instance;

    // Idle time-outs and keep-alives are MsQuic's.
    public override bool FollowsTimeProvider => false;

    // MsQuic buffers what is sent, by its estimate of the path.
    public override int WriteAheadSlack => 4 * 1024 * 1024;

    public override ValueTask<BreakablePath> MakeBreakablePathAsync(ITransportListener listener, EndpointId dialler, EndpointId acceptor)
        => new(new UdpForwarder(listener.LocalAddress.ToIPEndPoint(), MsQuicAddress.Create));

    public override ValueTask<TransportAddress> GetSilentAddressAsync(ConformancePeer dialler, ConformancePeer acceptor)
    {
        var silent = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        _owned.Add(silent);
        silent.Bind(ListenOn);
        return new(MsQuicAddress.Create((IPEndPoint)silent.LocalEndPoint!));
    }

    public override async ValueTask<IAsyncDisposable?> StallHandshakeAsync(
        ITransportListener listener, ConformancePeer dialler, ConformancePeer acceptor)
    {
        var path = new UdpForwarder(listener.LocalAddress.ToIPEndPoint(), MsQuicAddress.Create);
        path.BlockBack();
        await Task.CompletedTask;
        return new Stalled(path, new StalledDial(Transport, path.Address, dialler, acceptor));
    }

    public override ValueTask DisposeAsync()
    {
        _owned.ForEach(owned => owned.Dispose());
        return base.DisposeAsync();
    }

    private sealed class Stalled(UdpForwarder path, StalledDial dial) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            await dial.DisposeAsync();
            await path.DisposeAsync();
        }
    }
}
