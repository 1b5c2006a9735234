using System.Net;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using IrohRpc.Quic.Addresses;
using IrohRpc.Quic.Endpoints;
using IrohRpc.Quic.Endpoints.Sockets;
using IrohRpc.Quic.Tls.Authentication;
using IrohRpc.Quic.Tls.Resumption;
using IrohRpc.Transports;
using Microsoft.Extensions.Logging;

namespace IrohRpc.Quic.Transport.Internal;

/// <summary>What the listeners and dials of one endpoint share: identity, keys, sockets, and what is remembered of peers.</summary>
internal sealed class QuicNode
{
    // An endpoint is known to its transports by its settings, of which it has one object.
    private static readonly ConditionalWeakTable<TransportSettings, QuicNode> Nodes = [];

    private readonly Lock _lock = new();
    private readonly List<QuicEndpoint> _listening = [];
    private readonly Dictionary<AddressFamily, QuicEndpoint> _dialling = [];
    private readonly EndpointGroup _group = new();
    private readonly HashSet<QuicPeerConnection> _seekers = [];
    private readonly TransportSettings _settings;
    private IReadOnlyList<IPAddress> _machineAddresses = [];
    private IReadOnlyList<IPEndPoint> _outsideAddresses = [];
    private QuicEndpoint? _relay;
    private (IDatagramRelay Relay, QuicTransportOptions Options)? _relaying;
    private QuicTransportOptions _dialOptions = new();

    private QuicNode(TransportSettings settings)
    {
        _settings = settings;
        Identity = new TlsIdentity(settings.Certificates.Key, settings.Certificates);
        TicketKeys = new TicketKeys(settings.TimeProvider);
        Peers = new KnownPeers(settings.TimeProvider);
        EarlyData = new EarlyDataReplayFilter(settings.TimeProvider);
        Logger = settings.LoggerFactory.CreateLogger("IrohRpc.Transports.Quic");
    }

    /// <summary>What the endpoint shows of itself.</summary>
    public TlsIdentity Identity { get; }

    /// <summary>What seals the tickets that the endpoint gives to diallers.</summary>
    public TicketKeys TicketKeys { get; }

    /// <summary>What sees to it that early data is taken once, under those keys.</summary>
    public EarlyDataReplayFilter EarlyData { get; }

    /// <summary>What is remembered of peers that were dialled.</summary>
    public KnownPeers Peers { get; }

    /// <summary>Where peers say that they see the endpoint's sockets.</summary>
    public ReportedAddresses ReportedAddresses { get; } = new();

    /// <summary>Where log lines go.</summary>
    public ILogger Logger { get; }

    /// <summary>The node of an endpoint.</summary>
    public static QuicNode Of(TransportSettings settings) => Nodes.GetValue(settings, static settings => new QuicNode(settings));

    /// <summary>Binds a socket to listen on. Dials use it too, until <see cref="StopListeningAsync"/>.</summary>
    public QuicEndpoint Listen(IPEndPoint endPoint, QuicTransportOptions options)
    {
        QuicEndpoint endpoint = Bind(endPoint, options);
        lock (_lock)
        {
            _listening.Add(endpoint);
        }

        return endpoint;
    }

    /// <summary>Lets go of a socket that <see cref="Listen"/> bound. Connections over it live on.</summary>
    /// <returns>Completes when the socket is closed, or at once where connections still use it.</returns>
    public Task StopListeningAsync(QuicEndpoint endpoint)
    {
        lock (_lock)
        {
            _listening.Remove(endpoint);
        }

        endpoint.SetAcceptor(null);
        return endpoint.ReleaseNow();
    }

    /// <summary>The same, with the options of the last dial.</summary>
    public QuicEndpoint GetForDial(IPEndPoint remote) => GetForDial(remote, _dialOptions);

    /// <summary>A socket to dial from. The caller releases it once the connection is made or given up.</summary>
    public QuicEndpoint GetForDial(IPEndPoint remote, QuicTransportOptions options)
    {
        lock (_lock)
        {
            _dialOptions = options;
            foreach (QuicEndpoint endpoint in _listening)
            {
                if (!endpoint.IsAddressLost && Reaches(endpoint.LocalEndPoint, remote) && endpoint.TryAddUser())
                {
                    return endpoint;
                }
            }

            if (_dialling.TryGetValue(remote.AddressFamily, out QuicEndpoint? shared) && shared.TryAddUser())
            {
                return shared;
            }

            IPAddress any = remote.AddressFamily == AddressFamily.InterNetworkV6 ? IPAddress.IPv6Any : IPAddress.Any;
            return _dialling[remote.AddressFamily] = Bind(new IPEndPoint(any, 0), options);
        }
    }

    /// <summary>Sets the addresses of this machine, which stand for a socket that is bound to all of them.</summary>
    public void SetMachineAddresses(IReadOnlyList<IPAddress> addresses)
    {
        Volatile.Write(ref _machineAddresses, addresses);
        TellSeekers();
    }

    /// <summary>The machine's network may have changed: sockets that are bound to one address are used as long as the machine has it.</summary>
    /// <param name="addresses">The addresses that the machine has now, without scopes.</param>
    public void HandleNetworkChanged(IReadOnlySet<IPAddress> addresses)
    {
        QuicEndpoint[] listening;
        lock (_lock)
        {
            listening = [.. _listening];
        }

        foreach (QuicEndpoint endpoint in listening)
        {
            endpoint.HandleNetworkChanged(addresses);
        }
    }

    /// <summary>Sets where the endpoint's sockets are reached from beyond a NAT.</summary>
    public void SetOutsideAddresses(IReadOnlyList<IPEndPoint> addresses)
    {
        Volatile.Write(ref _outsideAddresses, addresses);
        TellSeekers();
    }

    /// <summary>A connection looks for direct paths, and is told of each change of <see cref="Candidates"/> from now on.</summary>
    public void AddSeeker(QuicPeerConnection connection)
    {
        lock (_lock)
        {
            _seekers.Add(connection);
        }
    }

    /// <summary>A connection has ended.</summary>
    public void RemoveSeeker(QuicPeerConnection connection)
    {
        lock (_lock)
        {
            _seekers.Remove(connection);
        }
    }

    private void TellSeekers()
    {
        QuicPeerConnection[] seekers;
        lock (_lock)
        {
            seekers = [.. _seekers];
        }

        foreach (QuicPeerConnection seeker in seekers)
        {
            seeker.HandleCandidatesChanged();
        }
    }

    /// <summary>Where peers may find the endpoint's sockets.</summary>
    public IReadOnlyList<UdpAddress> Candidates
    {
        get
        {
            IPEndPoint[] bound;
            lock (_lock)
            {
                bound = [.. _listening.Concat(_dialling.Values).Where(static endpoint => !endpoint.IsAddressLost).Select(static endpoint => endpoint.LocalEndPoint)];
            }

            return
            [
                .. bound.SelectMany(Expand).Concat(Volatile.Read(ref _outsideAddresses)).Select(UdpAddress.From).Distinct(),
            ];
        }
    }

    /// <summary>Sockets of both families, for paths to addresses that are not known yet. The caller releases them.</summary>
    public IReadOnlyList<QuicEndpoint> UseSockets()
    {
        var used = new List<QuicEndpoint>(2);
        foreach (IPAddress any in (ReadOnlySpan<IPAddress>)[IPAddress.Any, IPAddress.IPv6Any])
        {
            try
            {
                used.Add(GetForDial(new IPEndPoint(any, 1), _dialOptions));
            }
            catch (SocketException)
            {
                // This machine lacks the family.
            }
        }

        return used;
    }

    private IEnumerable<IPEndPoint> Expand(IPEndPoint bound)
        => bound.Address.Equals(IPAddress.Any) || bound.Address.Equals(IPAddress.IPv6Any)
            ? Volatile.Read(ref _machineAddresses).Where(address => address.AddressFamily == bound.AddressFamily).Select(address => new IPEndPoint(address, bound.Port))
            : [bound];

    /// <summary>What datagrams to an address leave from; null where nothing reaches it. The caller releases it.</summary>
    /// <exception cref="SocketException">No socket can be had.</exception>
    public QuicEndpoint? TryUse(in UdpAddress destination)
        => destination.Relayed is null ? GetForDial(destination.ToIPEndPoint(), _dialOptions)
            : _relaying is { } relaying ? UseRelay(relaying.Relay, relaying.Options)
            : null;

    /// <summary>What sends and receives through relays. The caller releases it.</summary>
    public QuicEndpoint UseRelay(IDatagramRelay relay, QuicTransportOptions options)
    {
        lock (_lock)
        {
            _relaying = (relay, options);
            return _relay?.TryAddUser() == true ? _relay : _relay = QuicEndpoint.Start(new RelaySocket(relay), EndpointOptions(options));
        }
    }

    private QuicEndpoint Bind(IPEndPoint endPoint, QuicTransportOptions options) => QuicEndpoint.Bind(endPoint, EndpointOptions(options));

    private QuicEndpointOptions EndpointOptions(QuicTransportOptions options) => new()
    {
        // Derived from the identity, so that they last exactly as long as it does.
        StatelessResetKey = DeriveKey("irohrpc quic stateless reset"),
        TokenKey = DeriveKey("irohrpc quic address token"),
        MaxHandshakes = _settings.AcceptBacklog,
        AlwaysRetries = options.AlwaysRetries,
        UsesPlainSocket = options.UsesPlainSockets,
        TimeProvider = _settings.TimeProvider,
        Logger = Logger,
        Group = _group,
    };

    private byte[] DeriveKey(string purpose)
    {
        Span<byte> secret = stackalloc byte[SecretKey.Size];
        try
        {
            _settings.Certificates.Key.Export(secret);
            byte[] key = new byte[AddressTokens.KeyLength];
            HKDF.DeriveKey(HashAlgorithmName.SHA256, secret, key, [], System.Text.Encoding.ASCII.GetBytes(purpose));
            return key;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(secret);
        }
    }

    private static bool Reaches(IPEndPoint local, IPEndPoint remote)
        => local.AddressFamily == remote.AddressFamily
            && (local.Address.Equals(IPAddress.Any)
                || local.Address.Equals(IPAddress.IPv6Any)
                || IPAddress.IsLoopback(local.Address) == IPAddress.IsLoopback(remote.Address));
}
