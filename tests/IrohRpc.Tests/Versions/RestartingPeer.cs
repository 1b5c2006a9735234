using System.Net;
using IrohRpc.Transports;

namespace IrohRpc.Tests.Versions;

/// <summary>A peer that can be shut down and started anew with another build, under the same key and at the same address.</summary>
internal sealed class RestartingPeer(ITransport transport, int memoryPort = 1) : IAsyncDisposable
{
    private readonly SecretKey _key = SecretKey.Generate();
    private PeerEndpoint? _endpoint;
    private Router? _router;
    private int _port = memoryPort;

    public PeerEndpoint Endpoint => _endpoint ?? throw new InvalidOperationException("The peer is down.");

    public Router Router => _router ?? throw new InvalidOperationException("The peer is down.");

    /// <summary>Where it is from its first start on, also while it is down.</summary>
    public EndpointTicket Ticket { get; private set; } = null!;

    public async Task StartAsync(Func<RouterBuilder, RouterBuilder> map)
    {
        bool first = Ticket is null;
        var options = new PeerEndpointOptions
        {
            SecretKey = _key,
            Transports = [transport],

            // Real ports are the system's to give; on a memory network one can be asked for.
            ListenOn = [new IPEndPoint(IPAddress.Loopback, first && transport.Name != "memory" ? 0 : _port)],
        };
        _endpoint = await PeerEndpoint.BindAsync(options, TestContext.Current.CancellationToken);
        if (first)
        {
            Ticket = _endpoint.Ticket;
            _port = Ticket.Address.Addresses.Select(PortOf).FirstOrDefault(port => port != 0, _port);
        }

        _router = await map(_endpoint.Route()).StartAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>Takes no more calls, answers those in progress, and goes away.</summary>
    public async Task StopAsync()
    {
        await Router.ShutdownAsync(TestContext.Current.CancellationToken).Soon();
        await Endpoint.DisposeAsync().Soon();
        _endpoint = null;
        _router = null;
    }

    public async ValueTask DisposeAsync()
    {
        if (_endpoint is not null)
        {
            await _endpoint.DisposeAsync().Soon();
        }
    }

    private static int PortOf(TransportAddress address)
        => address.TryGetIPEndPoint(out IPEndPoint? at) || TlsAddress.TryGetEndPoint(address, out at) ? at.Port : 0;
}
