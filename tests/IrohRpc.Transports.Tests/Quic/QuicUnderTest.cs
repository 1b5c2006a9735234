using System.Net;
using System.Net.Sockets;
using IrohRpc.Transports.Conformance;
using IrohRpc.Transports.Tests.Conformance;

namespace IrohRpc.Transports.Tests.Quic;

/// <summary>QUIC of our own on loopback, for the suite.</summary>
public class QuicUnderTest : TransportUnderTest
{
    private readonly List<IDisposable> _owned = [];

    public override bool TellsSilence => true;

    public override bool HasPriorities => true;

    public override ITransport Transport => QuicTransport.Instance;

    public override bool FollowsTimeProvider => true;

    public override bool NoticesDeadPorts => OperatingSystem.IsLinux();

    public override int WriteAheadSlack => 1024 * 1024;

    public override ValueTask<BreakablePath> MakeBreakablePathAsync(ITransportListener listener, EndpointId dialler, EndpointId acceptor)
        => new(new UdpForwarder(listener.LocalAddress.ToIPEndPoint(), TransportAddress.Ip));

    public override ValueTask<TransportAddress> GetSilentAddressAsync(ConformancePeer dialler, ConformancePeer acceptor)
    {
        var silent = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        _owned.Add(silent);
        silent.Bind(ListenOn);
        return new(TransportAddress.Ip((IPEndPoint)silent.LocalEndPoint!));
    }

    public override ValueTask<IAsyncDisposable?> StallHandshakeAsync(
        ITransportListener listener, ConformancePeer dialler, ConformancePeer acceptor)
    {
        var path = new UdpForwarder(listener.LocalAddress.ToIPEndPoint(), TransportAddress.Ip);
        path.BlockBack();
        return new(new Stalled(path, new StalledDial(Transport, path.Address, dialler, acceptor)));
    }

    public override ValueTask DisposeAsync()
    {
        _owned.ForEach(owned => owned.Dispose());
        GC.SuppressFinalize(this);
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

/// <summary>The same with nothing but what every platform's sockets have.</summary>
public sealed class PlainQuicUnderTest : QuicUnderTest
{
    private static readonly QuicTransport Plain = new(new QuicTransportOptions { UsesPlainSockets = true });

    public override ITransport Transport => Plain;

    public override bool NoticesDeadPorts => false;
}
