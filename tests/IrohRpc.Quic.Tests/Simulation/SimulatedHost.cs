using System.Security.Cryptography;
using IrohRpc.Identity;
using IrohRpc.Quic.Addresses;
using IrohRpc.Quic.Connections;
using IrohRpc.Quic.Packets;
using IrohRpc.Quic.Parameters;
using IrohRpc.Quic.Protection;
using IrohRpc.Quic.Tls;
using IrohRpc.Quic.Tls.Authentication;
using IrohRpc.Quic.Tls.Resumption;

namespace IrohRpc.Quic.Tests.Simulation;

/// <summary>A host with an endpoint of its own: it dials, accepts, and brings datagrams to its connections, as the real endpoint does with sockets.</summary>
internal sealed class SimulatedHost : IDisposable
{
    private readonly SimulatedNetwork _network;
    // Hosts of different networks may share an identity: making one takes longer than many a run.
    private static readonly TlsIdentity[] Identities = [CreateIdentity(out Ids[0]), CreateIdentity(out Ids[1])];
    private static EndpointId[]? _ids;

    private readonly TlsIdentity _identity;
    private readonly byte[] _resetKey = RandomNumberGenerator.GetBytes(32);
    private readonly Dictionary<ConnectionId, SimulatedConnection> _routes = [];
    private readonly List<SimulatedConnection> _connections = [];
    private readonly HashSet<ConnectionId> _tokens = [];
    private readonly byte[] _buffer = new byte[64 * 1024];

    public SimulatedHost(SimulatedNetwork network, QuicConnectionOptions options)
    {
        _network = network;
        _identity = Identities[network.Hosts.Count % Identities.Length];
        Id = Ids[network.Hosts.Count % Identities.Length];
        Options = options;
        network.Add(this);
        LocalAddress = Address;
    }

    /// <summary>The address by which others know the host: that of its NAT, which may change.</summary>
    public UdpAddress Address { get; set; }

    /// <summary>The address that the host itself knows.</summary>
    public UdpAddress LocalAddress { get; }

    public EndpointId Id { get; }

    public QuicConnectionOptions Options { get; set; }

    /// <summary>What seals the tickets of this host; null for none.</summary>
    public TicketKeys? TicketKeys { get; set; }

    /// <summary>Lets early data in, once.</summary>
    public EarlyDataReplayFilter? ReplayFilter { get; set; }

    /// <summary>The session that the next dial resumes, with early data.</summary>
    public TlsSession? Session { get; set; }

    /// <summary>Whom to expect instead of the host that is dialled.</summary>
    public EndpointId? Expected { get; set; }

    /// <summary>Whether every client has to show by a Retry that it is where it says.</summary>
    public bool Retries { get; set; }

    /// <summary>Whether this side says so when it gets packets of connections that it does not know.</summary>
    public bool SendsStatelessResets { get; set; } = true;

    public IReadOnlyList<SimulatedConnection> Connections => _connections;

    /// <summary>How many ids lead to connections: none once all have ended.</summary>
    public int RouteCount => _routes.Count;

    /// <summary>Runs what the applications do; returns nothing of use and is called after each event.</summary>
    public Action<SimulatedConnection>? Application { get; set; }

    /// <summary>Sees, and may change, each datagram before it leaves.</summary>
    public Action<byte[]>? OnSend { get; set; }

    public TimeSpan NextTimeout
    {
        get
        {
            TimeSpan next = TimeSpan.MaxValue;
            foreach (SimulatedConnection connection in _connections)
            {
                next = connection.Core.NextTimeout < next ? connection.Core.NextTimeout : next;
            }

            return next;
        }
    }

    public SimulatedConnection Dial(SimulatedHost server, byte[]? token = null, Action<SimulatedConnection>? beforeFirst = null)
    {
        var connection = new SimulatedConnection(this);
        connection.Core = QuicConnection.CreateClient(
            Options,
            (sink, parameters) => TlsHandshake.CreateClient(
                new TlsClientOptions
                {
                    Identity = _identity,
                    ExpectedPeer = Expected ?? server.Id,
                    Alpns = ["test/1"],
                    TransportParameters = parameters,
                    Session = Session,
                    OffersEarlyData = Session is not null,
                },
                sink),
            connection,
            new NetworkPath(server.Address, LocalAddress),
            _network.Now,
            token,
            _network.Random);
        _connections.Add(connection);
        beforeFirst?.Invoke(connection);
        Flush();
        return connection;
    }

    /// <summary>Loses all state, as a process does that is killed.</summary>
    public void Crash()
    {
        _connections.Clear();
        _routes.Clear();
    }

    public void Receive(SimulatedDatagram datagram)
    {
        if (!InvariantHeader.TryRead(datagram.Bytes, QuicConnection.LocalConnectionIdLength, out InvariantHeader header)
            || header.DestinationConnectionId.Length > ConnectionId.MaxLength)
        {
            return;
        }

        var destination = new ConnectionId(header.DestinationConnectionId);
        if (!_routes.TryGetValue(destination, out SimulatedConnection? connection))
        {
            connection = header.IsLong ? Accept(datagram) : null;
            if (connection is null)
            {
                if (!header.IsLong && !TryEndByReset(datagram) && SendsStatelessResets)
                {
                    ResetStatelessly(datagram, destination);
                }

                return;
            }
        }

        connection.Core.Receive(datagram.Bytes, PathOf(datagram), datagram.Ecn, _network.Now);
        Flush();
    }

    public void HandleTimeout()
    {
        bool any = false;
        foreach (SimulatedConnection connection in _connections)
        {
            if (connection.Core.NextTimeout <= _network.Now)
            {
                connection.Core.HandleTimeout(_network.Now);
                any = true;
            }
        }

        if (any)
        {
            Flush();
        }
    }

    /// <summary>Lets the applications do what they can, and sends what there is.</summary>
    public void Flush()
    {
        for (int i = 0; i < _connections.Count; i++)
        {
            SimulatedConnection connection = _connections[i];
            connection.TakeEvents();
            Application?.Invoke(connection);
            while (true)
            {
                int length = connection.Core.Send(_buffer, _network.Now, out OutgoingDatagrams outgoing);
                connection.TakeEvents();
                if (length == 0)
                {
                    break;
                }

                Assert.True(outgoing.SegmentLength > 0 && outgoing.SegmentLength <= length);
                for (int start = 0; start < length; start += outgoing.SegmentLength)
                {
                    byte[] bytes = _buffer[start..Math.Min(length, start + outgoing.SegmentLength)];
                    OnSend?.Invoke(bytes);
                    UdpAddress from = outgoing.Path.Local.IsUnspecified || outgoing.Path.Local == LocalAddress ? Address : outgoing.Path.Local;
                    _network.Transmit(this, new SimulatedDatagram(from, outgoing.Path.Remote, bytes, outgoing.Ecn));
                }
            }

            if (connection.Core.State == ConnectionState.Closed && !connection.IsReleased)
            {
                connection.IsReleased = true;
                if (connection.FirstDestination is { } first)
                {
                    _routes.Remove(first);
                }
            }
        }
    }

    public void Dispose()
    {
        foreach (SimulatedConnection connection in _connections)
        {
            connection.Core.Dispose();
        }
    }

    private static EndpointId[] Ids => _ids ??= new EndpointId[2];

    private static TlsIdentity CreateIdentity(out EndpointId id)
    {
        SecretKey key = SecretKey.Generate();
        id = key.Id;
        return new TlsIdentity(key, new PeerCertificateSource(key));
    }

    internal ConnectionId Issue(SimulatedConnection connection, out StatelessResetToken token)
    {
        ConnectionId id = ConnectionId.CreateRandom(QuicConnection.LocalConnectionIdLength);
        _routes.Add(id, connection);
        token = TokenOf(id);
        return id;
    }

    internal void Retire(in ConnectionId id) => _routes.Remove(id);

    private NetworkPath PathOf(SimulatedDatagram datagram)
        => new(datagram.From, datagram.To == Address ? LocalAddress : datagram.To);

    private bool TryEndByReset(SimulatedDatagram datagram)
    {
        bool ended = false;
        foreach (SimulatedConnection connection in _connections)
        {
            ended |= connection.Core.Path.Remote == datagram.From && connection.Core.TryEndByStatelessReset(datagram.Bytes, _network.Now);
        }

        return ended;
    }

    private StatelessResetToken TokenOf(in ConnectionId id)
    {
        Span<byte> token = stackalloc byte[StatelessReset.TokenLength];
        StatelessReset.DeriveToken(_resetKey, id, token);
        return new StatelessResetToken(token);
    }

    private SimulatedConnection? Accept(SimulatedDatagram datagram)
    {
        var reader = new PacketReader(datagram.Bytes, QuicConnection.LocalConnectionIdLength);
        if (datagram.Bytes.Length < 1200 || !reader.TryRead(out ProtectedPacket packet) || packet.Type != PacketType.Initial)
        {
            return null;
        }

        // A token of this test's making is the client's first id; a real endpoint seals it together with the address and the time.
        if (Retries && packet.Token.IsEmpty)
        {
            _tokens.Add(packet.Destination);
            ConnectionId id = ConnectionId.CreateRandom(QuicConnection.LocalConnectionIdLength);
            byte[] retry = new byte[200];
            int length = RetryIntegrity.WriteRetry(retry, packet.Destination, packet.Source, id, packet.Destination.Span);
            _network.Transmit(this, new SimulatedDatagram(datagram.To, datagram.From, retry[..length], default));
            return null;
        }

        // A token that was damaged on the way is not this host's, as a real endpoint's seal shows.
        if (Retries && (packet.Token.Length > ConnectionId.MaxLength || !_tokens.Contains(new ConnectionId(packet.Token))))
        {
            return null;
        }

        var connection = new SimulatedConnection(this) { FirstDestination = packet.Destination };
        bool isRetried = Retries;
        var start = new ServerHandshakeStart
        {
            Path = PathOf(datagram),
            Destination = packet.Destination,
            Source = packet.Source,
            OriginalDestination = isRetried ? new ConnectionId(packet.Token) : packet.Destination,
            RetrySource = isRetried ? packet.Destination : null,
            IsAddressValidated = isRetried,
            NewToken = [1, 2, 3, 4],
        };
        connection.Core = QuicConnection.CreateServer(
            Options,
            (sink, parameters) => TlsHandshake.CreateServer(
                new TlsServerOptions
                {
                    Identity = _identity,
                    Alpns = ["test/1"],
                    TransportParameters = parameters,
                    TicketKeys = TicketKeys,
                    EarlyData = ReplayFilter,
                },
                sink),
            connection,
            start,
            _network.Now,
            _network.Random);
        _connections.Add(connection);
        _routes[packet.Destination] = connection;
        return connection;
    }

    private void ResetStatelessly(SimulatedDatagram datagram, in ConnectionId destination)
    {
        Span<byte> token = stackalloc byte[StatelessReset.TokenLength];
        StatelessReset.DeriveToken(_resetKey, destination, token);
        byte[] reset = new byte[100];
        int length = StatelessReset.Write(reset, datagram.Bytes.Length, token);
        if (length > 0)
        {
            _network.Transmit(this, new SimulatedDatagram(datagram.To, datagram.From, reset[..length], default));
        }
    }
}
