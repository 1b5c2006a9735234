using System.Net;
using IrohRpc.CompilerServices;
using IrohRpc.Internal;
using IrohRpc.Transports;
using IrohRpc.Transports.Conformance;

namespace IrohRpc.Tests;

/// <summary>Two peers with calls of one contract between them, for tests with a service of their own.</summary>
internal sealed class Pair<T> : IAsyncDisposable
    where T : class, IContract<T>
{
    private readonly ConformancePeer _serverPeer = new();
    private readonly ConformancePeer _clientPeer = new();

    public required PeerRpcConnection Client { get; init; }

    public required PeerRpcConnection Server { get; init; }

    public T Proxy => field ??= Client.GetProxy<T>();

    public static async Task<Pair<T>> StartAsync(
        T service,
        ServiceOptions? serverOptions = null,
        ClientOptions? clientOptions = null,
        T? clientService = null,
        Func<PeerConnection, PeerConnection>? wrapClient = null,
        Func<PeerConnection, PeerConnection>? wrapServer = null,
        Func<PeerRpcConnection, ServiceBinding?>? bind = null,
        string on = EachTransport.Memory,
        PeerOptions? server = null)
    {
        ITransport transport = EachTransport.Find(on);
        CancellationToken cancellationToken = TestContext.Current.CancellationToken;
        string[] alpns = [T.Descriptor.Alpns[0]];
        var serverPeer = new ConformancePeer();
        var clientPeer = new ConformancePeer();
        await using ITransportListener listener = await transport.ListenAsync(
            new ListenRequest(new IPEndPoint(IPAddress.Loopback, 0), alpns, (server ?? new PeerOptions()).ToSettings(serverPeer)), cancellationToken);
        ValueTask<PeerConnection> accepting = listener.AcceptAsync(cancellationToken);
        PeerConnection dialled = await DialAsync(
            transport, listener.LocalAddress, new DialRequest(serverPeer.Id, alpns, new PeerOptions().ToSettings(clientPeer)), cancellationToken);
        PeerConnection accepted = await accepting;
        ServiceBinding? clientBinding = clientService is null ? null : new ServiceBinding<T>(clientService);
        return new Pair<T>
        {
            Server = PeerRpcConnection.Start(
                wrapServer?.Invoke(accepted) ?? accepted, bind ?? (_ => new ServiceBinding<T>(service)), serverOptions ?? new ServiceOptions()),
            Client = PeerRpcConnection.Start(wrapClient?.Invoke(dialled) ?? dialled, clientBinding, clientOptions ?? new ClientOptions()),
        };
    }

    // MsQuic turns diallers away while its threads are late, which says nothing about calls.
    private static async Task<PeerConnection> DialAsync(ITransport transport, TransportAddress address, DialRequest request, CancellationToken cancellationToken)
    {
        for (int left = transport is MsQuicTransport ? 10 : 0; ; left--)
        {
            try
            {
                return await transport.DialAsync(address, request, cancellationToken);
            }
            catch (PeerException exception) when (exception.Kind == PeerErrorKind.Refused && left > 0)
            {
                await Task.Yield();
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Client.DisposeAsync().Soon();
        await Server.DisposeAsync().Soon();
        await Client.Completion.Soon();
        await Server.Completion.Soon();
        _serverPeer.Dispose();
        _clientPeer.Dispose();
        Assert.Equal((0, 0), (Client.CallsInProgress, Server.CallsInProgress));
        Assert.Equal((0, 0), (Client.Objects.Count, Server.Objects.Count));
    }
}
