using System.Net;
using IrohRpc.Quic.Transport.Internal;
using IrohRpc.Reach.PortMapping;
using IrohRpc.Reach.Relay;
using IrohRpc.Transports;
using Microsoft.Extensions.Logging;

namespace IrohRpc.Routing.Internal.Reaching;

/// <summary>
/// Where peers outside reach this endpoint, beyond what the machine itself knows: what the program says, what relays and peers see, and what the router maps. The
/// connections that look for direct paths are told of all of it.
/// </summary>
internal sealed class OutsideAddresses : IAsyncDisposable
{
    // One peer alone could have everybody sent to a third party.
    private const int PeersThatAgree = 2;

    private readonly Lock _lock = new();
    private readonly IReadOnlyList<IPEndPoint> _configured;
    private readonly QuicNode? _node;
    private readonly ObservedAddresses? _observed;
    private readonly PortMapper? _mapper;
    private IPEndPoint[] _told = [];

    /// <param name="options">The endpoint's options.</param>
    /// <param name="node">The sockets of QUIC; null where connections do not look for direct paths.</param>
    /// <param name="listeners">What the endpoint listens on.</param>
    /// <param name="logger">Where log lines go.</param>
    public OutsideAddresses(PeerEndpointOptions options, QuicNode? node, IReadOnlyList<ITransportListener> listeners, ILogger logger)
    {
        _configured = [.. options.ExternalAddresses];
        _node = node;
        if (node is not null)
        {
            _observed = new ObservedAddresses(node, [.. options.Relays], options.TimeProvider, Update, logger);
            node.ReportedAddresses.Changed = Update;
        }

        if (options.MapsPorts && listeners.Select(static listener => listener.LocalAddress).Select(FindMappable).FirstOrDefault(static found => found is not null) is { } internalEndPoint)
        {
            _mapper = new PortMapper(internalEndPoint, options.TimeProvider, Update, options.LoggerFactory.CreateLogger("IrohRpc.Reach.PortMapping"));
        }
    }

    /// <summary>Called when the addresses may have changed.</summary>
    public Action? Changed { get; set; }

    /// <summary>The addresses that stand in the endpoint's own.</summary>
    public IReadOnlyList<IPEndPoint> Published => [.. Sure.Concat(Reported(PeersThatAgree)).Distinct()];

    private IEnumerable<IPEndPoint> Sure
        => _configured.Concat(_mapper?.Current is { } mapped ? [mapped] : []).Concat(_observed?.Current ?? []);

    /// <summary>Starts to ask.</summary>
    public void Start()
    {
        Update();
        _observed?.Start();
        _mapper?.Start();
    }

    /// <summary>Asks again at once.</summary>
    public void HandleNetworkChanged()
    {
        _observed?.AskAgain();
        _mapper?.AskAgain();
    }

    /// <summary>Asks no more, and gives the mapping back.</summary>
    public async ValueTask DisposeAsync()
    {
        Changed = null;
        if (_node is not null)
        {
            _node.ReportedAddresses.Changed = null;
        }

        if (_observed is not null)
        {
            await _observed.DisposeAsync().ConfigureAwait(false);
        }

        if (_mapper is not null)
        {
            await _mapper.DisposeAsync().ConfigureAwait(false);
        }
    }

    private IEnumerable<IPEndPoint> Reported(int peers)
        => _node?.ReportedAddresses.Current.Where(report => report.Peers >= peers).Select(static report => report.EndPoint) ?? [];

    private void Update()
    {
        if (_node is not null)
        {
            lock (_lock)
            {
                // A connection only ever tries them, so that one peer's word is enough.
                IPEndPoint[] all = [.. Sure.Concat(Reported(1)).Distinct()];
                if (!all.SequenceEqual(_told))
                {
                    _told = all;
                    _node.SetOutsideAddresses(all);
                }
            }
        }

        Changed?.Invoke();
    }

    // Routers map IPv4, and a port of loopback has no router.
    private static IPEndPoint? FindMappable(TransportAddress address)
        => address.Kind == TransportAddressKind.Ip && address.TryGetIPEndPoint(out IPEndPoint? endPoint)
            && endPoint.AddressFamily == System.Net.Sockets.AddressFamily.InterNetwork && !IPAddress.IsLoopback(endPoint.Address)
            ? endPoint
            : null;
}
