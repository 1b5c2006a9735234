using System.Diagnostics.CodeAnalysis;
using IrohRpc.Multiplexing.Streams;
using IrohRpc.Quic.Addresses;
using IrohRpc.Quic.Congestion;
using IrohRpc.Quic.ConnectionIds;
using IrohRpc.Quic.Cryptography;
using IrohRpc.Quic.Packets;
using IrohRpc.Quic.Parameters;
using IrohRpc.Quic.Protection;
using IrohRpc.Quic.Recovery;
using IrohRpc.Quic.Spaces;
using IrohRpc.Quic.Tls;
using IrohRpc.Quic.Tls.Resumption;

namespace IrohRpc.Quic.Connections;

/// <summary>
/// One side of a QUIC connection as a state machine (RFC 9000): datagrams that arrived and the time go in, datagrams to send and the next time-out
/// come out. Streams are used through <see cref="Streams"/>.
/// </summary>
/// <remarks>
/// <para>It does no I/O, has no clock and starts no task. It is not safe for several threads: its owner guards it, its streams included, with one
/// lock.</para>
/// <para>After each call that may have given it something to do (<see cref="Receive"/>, <see cref="HandleTimeout"/>, anything on streams, closing) the
/// owner calls <see cref="Send"/> until it writes nothing, takes <see cref="TakeEvents"/> and the streams' events, and sets its timer to
/// <see cref="NextTimeout"/>. Time is how long ago some fixed moment was, the same for all calls.</para>
/// <para>Whatever a peer sends, no call throws: a violation ends the connection and is told to the peer.</para>
/// </remarks>
internal sealed partial class QuicConnection : ITlsHandshakeSink, IRecoverySink, IDisposable
{
    /// <summary>How long the connection ids are that this side gives out.</summary>
    public const int LocalConnectionIdLength = 8;

    private const int FirstPeerConnectionIdLength = 20;

    private readonly QuicConnectionOptions _options;
    private readonly Random _random;
    private readonly TimeSpan _startedAt;
    private readonly LocalConnectionIds _localIds;
    private readonly IConnectionIdRegistry _registry;
    private PeerConnectionIds _peerIds;
    private readonly SentFrames _sentFrames = new();
    private readonly SpaceState[] _spaces;
    private LossRecovery _recovery;
    private ConnectionEvents _events;
    private ReceiveRate _receiveRate;
    private TimeSpan _now;

    private QuicConnection(
        bool isServer,
        QuicConnectionOptions options,
        IConnectionIdRegistry registry,
        in ConnectionId peerId,
        in NetworkPath path,
        TimeSpan now,
        Random? random)
    {
        IsServer = isServer;
        _options = options;
        _random = random ?? Random.Shared;
        _spinWithoutId = _random.Next(2) == 0;
        _startedAt = now;
        _now = now;
        _lastReceived = now;
        _negotiatedIdleTimeout = NegotiateIdleTimeout(options.IdleTimeout, null);
        _registry = registry;
        _localIds = new LocalConnectionIds(registry);
        _peerIds = new PeerConnectionIds(peerId);
        Streams = new StreamMultiplexer(!isServer, options.Limits, _sentFrames, CreateWindows(options));
        _spaces =
        [
            new SpaceState(PacketSpace.Initial, Streams.Segments, options.MaxAckDelay),
            new SpaceState(PacketSpace.Handshake, Streams.Segments, options.MaxAckDelay),
            new SpaceState(PacketSpace.Application, Streams.Segments, options.MaxAckDelay),
        ];
        _path = CreatePath(path);
        _recovery = CreateRecovery();
    }

    /// <summary>Whether this is the server's side.</summary>
    public bool IsServer { get; }

    /// <summary>How far the connection has come.</summary>
    public ConnectionState State { get; private set; }

    /// <summary>How the connection ended; null while it lives.</summary>
    public ConnectionClose? Close { get; private set; }

    /// <summary>The streams. They may be opened once the handshake is complete.</summary>
    public StreamMultiplexer Streams { get; }

    /// <summary>The handshake: who the peer is, which ALPN holds, key material for the application.</summary>
    public TlsHandshake Tls { get; private set; } = null!;

    /// <summary>What the peer declared; null until it is known.</summary>
    public TransportParameters? PeerParameters { get; private set; }

    /// <summary>Whether the handshake is confirmed: both sides have completed it (RFC 9001, section 4.1.2).</summary>
    public bool IsConfirmed { get; private set; }

    /// <summary>The path that packets are sent on.</summary>
    public NetworkPath Path => _path.Path;

    /// <summary>
    /// Starts a client's side; its first datagram is ready to be sent.
    /// </summary>
    /// <param name="options">The limits and times.</param>
    /// <param name="createTls">Makes the client's handshake, with the connection as its sink and with these encoded transport parameters.</param>
    /// <param name="registry">Where ids come from.</param>
    /// <param name="path">Where the server is.</param>
    /// <param name="now">The time.</param>
    /// <param name="token">A token that the server gave to an earlier connection; empty for none.</param>
    /// <param name="random">Decides what need not be secret; null for the system's.</param>
    public static QuicConnection CreateClient(
        QuicConnectionOptions options,
        Func<ITlsHandshakeSink, ReadOnlyMemory<byte>, TlsHandshake> createTls,
        IConnectionIdRegistry registry,
        in NetworkPath path,
        TimeSpan now,
        ReadOnlySpan<byte> token = default,
        Random? random = null)
    {
        ConnectionId destination = ConnectionId.CreateRandom(FirstPeerConnectionIdLength);
        var connection = new QuicConnection(false, options, registry, destination, path, now, random)
        {
            _originalDestination = destination,
            _token = token.ToArray(),
        };
        connection.DeriveInitialKeys(destination);
        connection._path.IsValidated = true;
        connection.StartHandshake(createTls, connection.DeclareParameters());
        return connection;
    }

    /// <summary>
    /// Starts a server's side for a client whose first Initial packet has come; the datagram itself is then given to <see cref="Receive"/>.
    /// </summary>
    /// <param name="options">The limits and times.</param>
    /// <param name="createTls">Makes the server's handshake, with the connection as its sink and with these encoded transport parameters.</param>
    /// <param name="registry">Where ids come from. That the client's first destination id leads here too, is the endpoint's affair.</param>
    /// <param name="start">What is known of the client.</param>
    /// <param name="now">The time.</param>
    /// <param name="random">Decides what need not be secret; null for the system's.</param>
    public static QuicConnection CreateServer(
        QuicConnectionOptions options,
        Func<ITlsHandshakeSink, ReadOnlyMemory<byte>, TlsHandshake> createTls,
        IConnectionIdRegistry registry,
        ServerHandshakeStart start,
        TimeSpan now,
        Random? random = null)
    {
        var connection = new QuicConnection(true, options, registry, start.Source, start.Path, now, random)
        {
            _originalDestination = start.OriginalDestination,
            _newToken = start.NewToken,
            _peerInitialSource = start.Source,
        };
        connection.DeriveInitialKeys(start.Destination);
        connection._path.IsValidated = start.IsAddressValidated;
        connection.StartHandshake(createTls, connection.DeclareParameters() with
        {
            OriginalDestinationConnectionId = start.OriginalDestination,
            RetrySourceConnectionId = start.RetrySource,
            StatelessResetToken = connection._localIds.FirstToken,
        });
        return connection;
    }

    /// <summary>What has happened since the last time.</summary>
    public ConnectionEvents TakeEvents()
    {
        ConnectionEvents events = _events;
        _events = ConnectionEvents.None;
        return events;
    }

    /// <summary>The token that the server gave for later connections, once.</summary>
    public bool TryTakeToken([NotNullWhen(true)] out byte[]? token)
    {
        token = _receivedToken;
        _receivedToken = null;
        return token is not null;
    }

    /// <summary>The next session ticket that has arrived. The caller owns it.</summary>
    public bool TryTakeSession([NotNullWhen(true)] out TlsSession? session)
    {
        session = null;
        if (_sessions?.TryDequeue(out session) == true)
        {
            return true;
        }

        _sessions = null;
        return false;
    }

    /// <summary>Starts a key update (RFC 9001, section 6), if the one before is done with.</summary>
    public bool TryUpdateKeys(TimeSpan now)
    {
        if (_oneRtt?.TryUpdate(now) != true)
        {
            return false;
        }

        // The next packet carries the update: there is to be one.
        Application.WantsPing = true;
        return true;
    }

    /// <summary>Has a PING sent, so that the peer shows that it is there.</summary>
    public void Ping() => Application.WantsPing |= State == ConnectionState.Open;

    /// <summary>Wipes keys and lets go of everything. The owner has told its streams that the connection has ended.</summary>
    public void Dispose()
    {
        if (State != ConnectionState.Closed)
        {
            End(ConnectionState.Closed, new ConnectionClose(ConnectionCloseKind.ClosedLocally, false, 0, 0, ""));
        }

        Streams.Abandon();
        Release();
    }

    // Half of the connection's window is for first windows, the rest is lent to streams that are read.
    private static ReceiveWindows CreateWindows(QuicConnectionOptions options) => new(
        options.UsualStreamWindow ?? options.Limits.MaxStreamDataBidirectionalRemote,
        Math.Max(options.LongestStreamWindow, options.UsualStreamWindow ?? 0),
        options.Limits.MaxData / 2);

    private SpaceState Initial => _spaces[(int)PacketSpace.Initial];

    private SpaceState Handshake => _spaces[(int)PacketSpace.Handshake];

    private SpaceState Application => _spaces[(int)PacketSpace.Application];
}
