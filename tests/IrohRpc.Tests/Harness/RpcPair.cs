using System.Net;
using IrohRpc.Internal;
using IrohRpc.Transports;
using IrohRpc.Transports.Conformance;

namespace IrohRpc.Tests;

/// <summary>Two peers with calls between them: a client that dialled and a server that offers a workshop.</summary>
internal sealed class RpcPair : IAsyncDisposable
{
    private readonly ConformancePeer _serverPeer;
    private readonly ConformancePeer _clientPeer;
    private readonly WatchedConnection _serverConnection;
    private readonly WatchedConnection _clientConnection;

    public required PeerRpcConnection Client { get; init; }

    public required PeerRpcConnection Server { get; init; }

    public required Workshop Service { get; init; }

    /// <summary>The client's connection without anything around it, for a test that speaks by itself.</summary>
    public required PeerConnection Dialled { get; init; }

    public EndpointId ClientId => _clientPeer.Id;

    public IWorkshop Proxy => field ??= Client.GetProxy<IWorkshop>();

    public static async Task<RpcPair> StartAsync(
        ITransport transport,
        ServiceOptions? serverOptions = null,
        ClientOptions? clientOptions = null,
        string alpn = "workshop/2",
        IWorkshop? clientService = null,
        Func<PeerConnection, PeerConnection>? wrapClient = null)
    {
        CancellationToken cancellationToken = TestContext.Current.CancellationToken;
        if (transport is InterceptedTransport)
        {
            serverOptions = InterceptedTransport.Intercept(serverOptions ?? new ServiceOptions());
            clientOptions = InterceptedTransport.Intercept(clientOptions ?? new ClientOptions());
        }

        var serverPeer = new ConformancePeer();
        var clientPeer = new ConformancePeer();
        string[] alpns = [alpn];
        await using ITransportListener listener = await transport.ListenAsync(
            new ListenRequest(new IPEndPoint(IPAddress.Loopback, 0), alpns, new PeerOptions().ToSettings(serverPeer)), cancellationToken);
        ValueTask<PeerConnection> accepting = listener.AcceptAsync(cancellationToken);
        PeerConnection dialled = await transport.DialAsync(
            listener.LocalAddress, new DialRequest(serverPeer.Id, alpns, new PeerOptions().ToSettings(clientPeer)), cancellationToken);
        PeerConnection accepted = await accepting;
        var service = new Workshop();
        var client = new WatchedConnection(dialled);
        var server = new WatchedConnection(accepted);
        ServiceBinding? clientBinding = clientService is null ? null : new ServiceBinding<IWorkshop>(clientService);
        return new RpcPair(serverPeer, clientPeer, server, client)
        {
            Service = service,
            Dialled = dialled,
            Server = PeerRpcConnection.Start(server, new ServiceBinding<IWorkshop>(service), serverOptions ?? new ServiceOptions()),
            Client = PeerRpcConnection.Start(wrapClient?.Invoke(client) ?? client, clientBinding, clientOptions ?? new ClientOptions()),
        };
    }

    private RpcPair(ConformancePeer serverPeer, ConformancePeer clientPeer, WatchedConnection serverConnection, WatchedConnection clientConnection)
    {
        _serverConnection = serverConnection;
        _clientConnection = clientConnection;
        _serverPeer = serverPeer;
        _clientPeer = clientPeer;
    }

    public async ValueTask DisposeAsync()
    {
        Service.BlockingGate.Set();
        await Client.DisposeAsync().AsTask().WaitAsync(Bound);
        await Server.DisposeAsync().AsTask().WaitAsync(Bound);
        _serverPeer.Dispose();
        _clientPeer.Dispose();
        await AssertHoldsNothingAsync(Client, _clientConnection);
        await AssertHoldsNothingAsync(Server, _serverConnection);
    }

    private static async Task AssertHoldsNothingAsync(PeerRpcConnection rpc, WatchedConnection connection)
    {
        // Handlers learn from their tokens that nobody waits for them, and take their time to end.
        await rpc.Completion.WaitAsync(Bound);

        Assert.Equal((0, 0, 0, 0), (rpc.CallsInProgress, rpc.Objects.Count, rpc.Channels.Count, rpc.LaneCount));
        Assert.Empty(connection.OpenStreams);
    }

    /// <summary>Longer than anything takes; only a hang meets it.</summary>
    public static TimeSpan Bound { get; } = TimeSpan.FromSeconds(30);
}
