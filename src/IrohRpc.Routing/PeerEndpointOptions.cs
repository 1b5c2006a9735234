using System.Net;
using System.Net.Sockets;
using IrohRpc.Identity;
using IrohRpc.Reach.Lookup;
using IrohRpc.Reach.Relay;
using IrohRpc.Routing.Internal;
using IrohRpc.Routing.Internal.Reaching;
using IrohRpc.Transports;
using IrohRpc.Transports.Internal;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace IrohRpc;

/// <summary>
/// How a <see cref="PeerEndpoint"/> is bound. Every property has a default that works; a bad value is refused when it is assigned.
/// </summary>
/// <remarks>
/// The values are read once, by <see cref="PeerEndpoint.BindAsync"/>; what is changed afterwards has no effect on that endpoint. An
/// instance may serve for several endpoints, unless it fixes a port.
/// </remarks>
public sealed class PeerEndpointOptions
{
    /// <summary>
    /// Who the endpoint is. It stays the caller's, who disposes of it after the endpoint. Null, the default, generates a key that the
    /// endpoint owns and nobody else sees: the id then lasts as long as the endpoint.
    /// </summary>
    public SecretKey? SecretKey { get; set; }

    /// <summary>
    /// Where to listen, on each transport. Port zero takes any free port, the same one for all transports and addresses where that can be
    /// had. Default <see cref="ListenAddresses.Loopback"/>; <see cref="ListenAddresses.Any"/> listens to the network; empty does not
    /// listen at all, for an endpoint that only dials.
    /// </summary>
    /// <exception cref="ArgumentException">An entry is null or neither an IPv4 nor an IPv6 address.</exception>
    public IList<IPEndPoint> ListenOn { get; set => field = RequireAddresses(value, nameof(ListenOn)); } = [.. ListenAddresses.Loopback()];

    /// <summary>
    /// The transports, in the order in which they are tried when dialling. Default QUIC, then TLS. Those that do not work on
    /// this machine are left out as long as one does, and named by <see cref="PeerEndpoint.UnavailableTransports"/>.
    /// </summary>
    /// <exception cref="ArgumentException">The list is empty, or names a transport twice.</exception>
    public IList<ITransport> Transports { get; set => field = RequireTransports(value, nameof(Transports)); } = [.. DefaultTransports.All];

    /// <summary>
    /// The ALPNs to accept from the start, first preferred, for an accept loop by hand. Default none, which refuses all until
    /// <see cref="PeerEndpoint.SetAlpnsAsync"/> or a router sets some. To be left empty where a router is used.
    /// </summary>
    /// <exception cref="ArgumentException">An ALPN is malformed or stands twice.</exception>
    public IList<string> Alpns { get; set => field = [.. AlpnNames.Require(value, nameof(Alpns))]; } = [];

    /// <summary>How many connections the endpoint takes on from outside.</summary>
    public ConnectionLimits Limits { get; set => field = value ?? throw new ArgumentNullException(nameof(Limits)); } = new();

    /// <summary>
    /// Decides by where a connection comes from, before its handshake. Called on the thread that accepts, possibly at once from several:
    /// quick, and never blocking. Null, the default, admits all. One that throws refuses, and is logged.
    /// <see cref="TransportAddressExtensions.TryGetIPEndPoint"/> gives the IP address.
    /// </summary>
    public Func<TransportAddress, bool>? AdmitAddress { get; set; }

    /// <summary>
    /// Decides by who the peer is, after the handshake; one who is not admitted sees the connection closed with
    /// <see cref="ConnectionErrorCodes.Refused"/>. Otherwise as <see cref="AdmitAddress"/>.
    /// </summary>
    public Func<EndpointId, bool>? AdmitPeer { get; set; }

    /// <summary>
    /// Where the addresses of peers are looked up, and where this endpoint publishes its own. All are asked at once, the first answer is dialled and
    /// later ones join the dial. Default none. They stay the caller's.
    /// </summary>
    /// <exception cref="ArgumentException">An entry is null.</exception>
    public IList<IAddressLookup> AddressLookups { get; set => field = RequireAll(value, nameof(AddressLookups)); } = [];

    /// <summary>
    /// Makes further lookups that need the endpoint's key: <c>key => new PkarrRelayLookup(url, key)</c>. The endpoint owns what is made, and disposes of
    /// it. Default none.
    /// </summary>
    /// <exception cref="ArgumentException">An entry is null.</exception>
    public IList<Func<SecretKey, IAddressLookup>> AddressLookupFactories { get; set => field = RequireAll(value, nameof(AddressLookupFactories)); } = [];

    /// <summary>
    /// The relay servers of which the endpoint has the nearest as its home. Peers reach it there where they reach it in no other way, and it reaches peers at
    /// theirs. Default none: the endpoint then uses no relay, neither its own nor those of peers.
    /// </summary>
    /// <remarks>A relay sees who speaks with whom and when, and encrypted packets. It needs the QUIC transport.</remarks>
    /// <exception cref="ArgumentException">An entry is null.</exception>
    public IList<RelayConfig> Relays { get; set => field = RequireAll(value, nameof(Relays)); } = [];

    /// <summary>
    /// Whether connections that begin at a relay look for a direct path through NATs, and keep the relay beside it for when it fails. Both sides have to; iroh's endpoints do.
    /// Default yes; without <see cref="Relays"/> it has no effect.
    /// </summary>
    public bool TraversesNats { get; set; } = true;

    /// <summary>
    /// Whether the router is asked, by PCP, NAT-PMP or UPnP, to send what arrives at one of its outside ports to this endpoint's QUIC socket. Default no: it opens the
    /// machine to the outside. Without an IPv4 socket beyond loopback, or a router that does it, it has no effect.
    /// </summary>
    public bool MapsPorts { get; set; }

    /// <summary>
    /// Addresses at which peers outside reach this endpoint and that it can't find out by itself, such as a port that was forwarded by hand. They stand in
    /// <see cref="PeerEndpoint.Address"/>, and connections try them as direct paths. Default none.
    /// </summary>
    /// <exception cref="ArgumentException">An entry is null, or names no address or port that could be sent to.</exception>
    public IList<IPEndPoint> ExternalAddresses { get; set => field = RequireReachable(value, nameof(ExternalAddresses)); } = [];

    /// <summary>What the lookups are told of this endpoint's addresses, at the start and on each change. Default all of them.</summary>
    public AddressPublishing Publishing { get; set; } = AddressPublishing.Full;

    /// <summary>
    /// How long a dial may take over all addresses. Default 15 seconds; more than zero, or <see cref="Timeout.InfiniteTimeSpan"/>, with which
    /// only the <see cref="HandshakeTimeout"/> of each attempt ends it.
    /// </summary>
    public TimeSpan DialTimeout { get; set => field = Ranges.RequirePositiveOrInfinite(value, nameof(DialTimeout)); }
        = TimeSpan.FromSeconds(15);

    /// <summary>
    /// How long a dial waits for one address before it tries the next beside it (RFC 8305, section 5). Default 250 milliseconds; zero tries
    /// all at once.
    /// </summary>
    public TimeSpan StaggerDelay { get; set => field = Ranges.RequireNotNegative(value, nameof(StaggerDelay)); }
        = TimeSpan.FromMilliseconds(250);

    /// <summary>
    /// How long handlers have to come to an end when the router shuts down. Default 5 seconds; zero closes their connections at once,
    /// <see cref="Timeout.InfiniteTimeSpan"/> waits for as long as they take.
    /// </summary>
    public TimeSpan DrainTimeout { get; set => field = Ranges.RequireNotNegativeOrInfinite(value, nameof(DrainTimeout)); }
        = TimeSpan.FromSeconds(5);

    /// <inheritdoc cref="TransportSettings.HandshakeTimeout"/>
    public TimeSpan HandshakeTimeout { get; set => field = Ranges.RequirePositive(value, nameof(HandshakeTimeout)); }
        = TimeSpan.FromSeconds(10);

    /// <inheritdoc cref="TransportSettings.IdleTimeout"/>
    public TimeSpan IdleTimeout { get; set => field = Ranges.RequireAtLeastOneSecond(value, nameof(IdleTimeout)); }
        = TimeSpan.FromSeconds(30);

    /// <inheritdoc cref="TransportSettings.KeepAliveInterval"/>
    public TimeSpan KeepAliveInterval { get; set => field = Ranges.RequirePositiveOrInfinite(value, nameof(KeepAliveInterval)); }
        = TimeSpan.FromSeconds(10);

    /// <inheritdoc cref="TransportSettings.MaxInboundBidirectionalStreams"/>
    public int MaxInboundBidirectionalStreams { get; set => field = Ranges.Require(value, 0, ushort.MaxValue, nameof(MaxInboundBidirectionalStreams)); }
        = 1024;

    /// <inheritdoc cref="TransportSettings.MaxInboundUnidirectionalStreams"/>
    public int MaxInboundUnidirectionalStreams { get; set => field = Ranges.Require(value, 0, ushort.MaxValue - 1, nameof(MaxInboundUnidirectionalStreams)); }
        = 1024;

    /// <inheritdoc cref="TransportSettings.StreamReceiveWindow"/>
    public int StreamReceiveWindow { get; set => field = Ranges.Require(value, 16 * 1024, 64 * 1024 * 1024, nameof(StreamReceiveWindow)); }
        = 256 * 1024;

    /// <inheritdoc cref="TransportSettings.ConnectionReceiveWindow"/>
    public int ConnectionReceiveWindow { get; set => field = Ranges.Require(value, 64 * 1024, 1024 * 1024 * 1024, nameof(ConnectionReceiveWindow)); }
        = 64 * 1024 * 1024;

    /// <summary>
    /// How many bytes all peers together may make the protocols of the endpoint hold: for calls, requests that have arrived or are arriving and responses that were not
    /// read. Default 1 GiB; at least 64 MiB, at most 1 TiB. What does not fit is refused with <c>ResourceExhausted</c>; 256 KiB of each connection are its own, so
    /// that callers who hold little are served whatever others hold.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public long MaxBufferedBytes
    {
        get;
        set => field = value is >= 64L * 1024 * 1024 and <= 1L << 40
            ? value
            : throw new ArgumentOutOfRangeException(nameof(MaxBufferedBytes), value, $"{nameof(MaxBufferedBytes)} is at least 64 MiB and at most 1 TiB.");
    } = 1L << 30;

    /// <summary>The clock of all time-outs and delays. MsQuic's own are not under its control. Default the system's.</summary>
    public TimeProvider TimeProvider { get; set => field = value ?? throw new ArgumentNullException(nameof(TimeProvider)); }
        = TimeProvider.System;

    /// <summary>Where log lines go. Default nowhere.</summary>
    public ILoggerFactory LoggerFactory { get; set => field = value ?? throw new ArgumentNullException(nameof(LoggerFactory)); }
        = NullLoggerFactory.Instance;

    /// <summary>Tells the endpoint of changes of the network; null for the system's notifications.</summary>
    internal INetworkMonitor? NetworkMonitor { get; set; }

    /// <summary>What is assigned now, checked once more: the lists could have been added to.</summary>
    internal PeerEndpointOptions Copy() => new()
    {
        SecretKey = SecretKey,
        ListenOn = ListenOn,
        Transports = Transports,
        Alpns = Alpns,
        Limits = Limits.Copy(),
        AdmitAddress = AdmitAddress,
        AdmitPeer = AdmitPeer,
        Relays = Relays,
        TraversesNats = TraversesNats,
        MapsPorts = MapsPorts,
        ExternalAddresses = ExternalAddresses,
        AddressLookups = AddressLookups,
        AddressLookupFactories = AddressLookupFactories,
        Publishing = Publishing,
        DialTimeout = DialTimeout,
        StaggerDelay = StaggerDelay,
        DrainTimeout = DrainTimeout,
        HandshakeTimeout = HandshakeTimeout,
        IdleTimeout = IdleTimeout,
        KeepAliveInterval = KeepAliveInterval,
        MaxInboundBidirectionalStreams = MaxInboundBidirectionalStreams,
        MaxInboundUnidirectionalStreams = MaxInboundUnidirectionalStreams,
        StreamReceiveWindow = StreamReceiveWindow,
        ConnectionReceiveWindow = ConnectionReceiveWindow,
        MaxBufferedBytes = MaxBufferedBytes,
        TimeProvider = TimeProvider,
        LoggerFactory = LoggerFactory,
        NetworkMonitor = NetworkMonitor,
    };

    internal TransportSettings ToTransportSettings(PeerCertificateSource certificates) => new()
    {
        Certificates = certificates,
        TraversesNats = TraversesNats && Relays.Count > 0,
        MaxInboundBidirectionalStreams = MaxInboundBidirectionalStreams,
        MaxInboundUnidirectionalStreams = MaxInboundUnidirectionalStreams,
        StreamReceiveWindow = StreamReceiveWindow,
        ConnectionReceiveWindow = ConnectionReceiveWindow,
        HandshakeTimeout = HandshakeTimeout,
        IdleTimeout = IdleTimeout,
        KeepAliveInterval = KeepAliveInterval,
        AcceptBacklog = Math.Min(Limits.MaxHandshakes, ushort.MaxValue),
        TimeProvider = TimeProvider,
        LoggerFactory = LoggerFactory,
    };

    private static List<IPEndPoint> RequireAddresses(IList<IPEndPoint> value, string name)
    {
        ArgumentNullException.ThrowIfNull(value, name);
        foreach (IPEndPoint? endPoint in value)
        {
            if (endPoint?.AddressFamily is not (AddressFamily.InterNetwork or AddressFamily.InterNetworkV6))
            {
                throw new ArgumentException($"{endPoint?.ToString() ?? "null"} is not an IP address and port to listen on.", name);
            }
        }

        return [.. value];
    }

    private static List<IPEndPoint> RequireReachable(IList<IPEndPoint> value, string name)
    {
        foreach (IPEndPoint endPoint in RequireAddresses(value, name))
        {
            if (endPoint.Port == 0 || endPoint.Address.Equals(IPAddress.Any) || endPoint.Address.Equals(IPAddress.IPv6Any))
            {
                throw new ArgumentException($"{endPoint} is not an address that peers could send to.", name);
            }
        }

        return [.. value];
    }

    private static List<T> RequireAll<T>(IList<T> value, string name)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(value, name);
        return value.All(static entry => entry is not null) ? [.. value] : throw new ArgumentException("An entry is null.", name);
    }

    private static List<ITransport> RequireTransports(IList<ITransport> value, string name)
    {
        ArgumentNullException.ThrowIfNull(value, name);
        if (value.Count == 0)
        {
            throw new ArgumentException("An endpoint needs at least one transport.", name);
        }

        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (ITransport? transport in value)
        {
            ArgumentNullException.ThrowIfNull(transport, name);
            if (!names.Add(transport.Name))
            {
                throw new ArgumentException($"The transport \"{transport.Name}\" stands twice in the list.", name);
            }
        }

        return [.. value];
    }
}
