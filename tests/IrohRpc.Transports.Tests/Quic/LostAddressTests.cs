using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using IrohRpc.Identity;
using IrohRpc.Quic.Transport.Internal;
using IrohRpc.Transports.Conformance;
using IrohRpc.Transports.Tests.Conformance;

namespace IrohRpc.Transports.Tests.Quic;

/// <summary>What becomes of a socket that is bound to one address when the machine loses that address, and gets it back.</summary>
public sealed class LostAddressTests : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private static readonly HashSet<IPAddress> None = [];

    private readonly SecretKey _serverKey = SecretKey.Generate();
    private readonly SecretKey _clientKey = SecretKey.Generate();
    private readonly List<IAsyncDisposable> _owned = [];

    // Loopback is never lost.
    private readonly IPAddress? _address = NetworkInterface.GetAllNetworkInterfaces()
        .Where(static nic => nic.OperationalStatus == OperationalStatus.Up && nic.NetworkInterfaceType != NetworkInterfaceType.Loopback)
        .SelectMany(static nic => nic.GetIPProperties().UnicastAddresses)
        .Select(static unicast => unicast.Address)
        .FirstOrDefault(static address => address.AddressFamily == AddressFamily.InterNetwork);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        foreach (IAsyncDisposable owned in Enumerable.Reverse(_owned))
        {
            await owned.DisposeAsync();
        }

        _serverKey.Dispose();
        _clientKey.Dispose();
    }

    [Fact]
    public async Task Dials_leave_from_another_socket_while_the_listeners_address_is_lost_and_from_its_own_again_when_it_is_back()
    {
        TransportSettings settings = Settings(_clientKey);
        (ITransportListener own, ITransportListener server) = await ListenAsync(settings);
        var node = QuicNode.Of(settings);
        Assert.Equal(own.LocalAddress, (await ConnectAsync(settings, server)).Dialled.LocalAddress);
        node.HandleNetworkChanged(None);
        (PeerConnection dialled, PeerConnection accepted) = await ConnectAsync(settings, server);
        Assert.NotEqual(own.LocalAddress.ToIPEndPoint().Port, dialled.LocalAddress.ToIPEndPoint().Port);
        await RoundTripAsync(dialled, accepted);
        node.HandleNetworkChanged(new HashSet<IPAddress> { _address! });

        // The socket is bound again by its own thread; a peer that dials it finds it once it is.
        await ConnectAsync(Settings(_serverKey), own, _clientKey.Id);
        Assert.Equal(own.LocalAddress, (await ConnectAsync(settings, server)).Dialled.LocalAddress);
    }

    [Fact]
    public async Task A_dialled_connection_outlives_the_loss_of_the_address_that_it_came_from()
    {
        TransportSettings settings = Settings(_clientKey);
        (ITransportListener own, ITransportListener server) = await ListenAsync(settings);
        (PeerConnection dialled, PeerConnection accepted) = await ConnectAsync(settings, server);
        await RoundTripAsync(dialled, accepted);
        await ((QuicPeerConnection)dialled).HandshakeCompleted.WaitAsync(Patience, Token);
        QuicNode.Of(settings).HandleNetworkChanged(None);
        dialled.HandleNetworkChanged(None);
        await RoundTripAsync(dialled, accepted);
        Assert.NotEqual(own.LocalAddress.ToIPEndPoint().Port, accepted.Paths.Single(path => path.IsSelected).Address.ToIPEndPoint().Port);
    }

    private static TransportSettings Settings(SecretKey key) => new() { Certificates = new PeerCertificateSource(key) };

    private static async Task RoundTripAsync(PeerConnection near, PeerConnection far)
    {
        PeerStream here = await near.OpenBidirectionalStreamAsync(Token);
        await here.WriteAsync(new byte[] { 1, 2, 3 }, completeWrites: true, Token);
        PeerStream there = await far.AcceptBidirectionalStreamAsync(Token).AsTask().WaitAsync(Patience, Token);
        using var received = new MemoryStream();
        await there.CopyToAsync(received, Token).WaitAsync(Patience, Token);
        Assert.Equal([1, 2, 3], received.ToArray());
    }

    private async Task<(ITransportListener Own, ITransportListener Server)> ListenAsync(TransportSettings settings)
    {
        Assert.SkipWhen(_address is null, "This machine has no IPv4 address but loopback.");
        return (await ListenAsync(settings, _address), await ListenAsync(Settings(_serverKey), _address));
    }

    private async Task<ITransportListener> ListenAsync(TransportSettings settings, IPAddress address)
    {
        ITransportListener listener = await QuicTransport.Instance.ListenAsync(new ListenRequest(new IPEndPoint(address, 0), ["test/1"], settings), Token);
        _owned.Add(listener);
        return listener;
    }

    private async Task<(PeerConnection Dialled, PeerConnection Accepted)> ConnectAsync(TransportSettings settings, ITransportListener listener, EndpointId? id = null)
    {
        PeerConnection dialled = await QuicTransport.Instance
            .DialAsync(listener.LocalAddress, new DialRequest(id ?? _serverKey.Id, ["test/1"], settings), Token).AsTask().WaitAsync(Patience, Token);
        _owned.Add(dialled);
        PeerConnection accepted = await listener.AcceptAsync(Token).AsTask().WaitAsync(Patience, Token);
        _owned.Add(accepted);
        return (dialled, accepted);
    }
}
