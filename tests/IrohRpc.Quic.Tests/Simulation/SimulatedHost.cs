using System.Security.Cryptography;
using IrohRpc.Identity;
using IrohRpc.Multiplexing;
using IrohRpc.Quic.Connections;
using IrohRpc.Quic.Packets;
using IrohRpc.Quic.Protection;
using IrohRpc.Quic.Tls;
using IrohRpc.Quic.Tls.Authentication;

namespace IrohRpc.Quic.Tests.Simulation;

/// <summary>A host with an endpoint of its own: it dials, accepts, and brings datagrams to its connections, as the real endpoint does with sockets.</summary>
internal sealed class SimulatedHost : IDisposable
{
    private readonly SimulatedNetwork _network;
    private readonly SecretKey _key = SecretKey.Generate();
    private readonly PeerCertificateSource _certificates;
    private readonly TlsIdentity _identity;
    private readonly byte[] _resetKey = RandomNumberGenerator.GetBytes(32);
    private readonly Dictionary<ConnectionId, SimulatedConnection> _routes = [];
    private readonly List<SimulatedConnection> _connections = [];
    private readonly byte[] _buffer = new byte[64 * 1024];

    public SimulatedHost(SimulatedNetwork network, QuicConnectionOptions options)
    {
        _network = network;
        _certificates = new PeerCertificateSource(_key);
        _identity = new TlsIdentity(_key, _certificates);
        Options = options;
        network.Add(this);
    }

    public UdpAddress Address { get; set; }

    public EndpointId Id => _key.Id;

    public QuicConnectionOptions Options { get; set; }

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

    public SimulatedConnection Dial(SimulatedHost server, byte[]? token = null)
    {
        var connection = new SimulatedConnection(this);
        connection.Core = QuicConnection.CreateClient(
            Options,
            (sink, parameters) => TlsHandshake.CreateClient(
                new TlsClientOptions
                {
                    Identity = _identity,
                    ExpectedPeer = server.Id,
                    Alpns = ["test/1"],
                    TransportParameters = parameters,
                },
                sink),
            connection,
            new NetworkPath(server.Address, Address),
            _network.Now,
            token,
            _network.Random);
        _connections.Add(connection);
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
                if (!header.IsLong && SendsStatelessResets)
                {
                    ResetStatelessly(datagram, destination);
                }

                return;
            }
        }

        connection.Core.Receive(datagram.Bytes, new NetworkPath(datagram.From, datagram.To), datagram.Ecn, _network.Now);
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
                    UdpAddress from = outgoing.Path.Local.IsUnspecified || outgoing.Path.Local.HasSameHost(Address) ? Address : outgoing.Path.Local;
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

        _certificates.Dispose();
        _key.Dispose();
    }

    internal ConnectionId Issue(SimulatedConnection connection, out StatelessResetToken token)
    {
        ConnectionId id = ConnectionId.CreateRandom(QuicConnection.LocalConnectionIdLength);
        _routes.Add(id, connection);
        token = TokenOf(id);
        return id;
    }

    internal void Retire(in ConnectionId id) => _routes.Remove(id);

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
            ConnectionId id = ConnectionId.CreateRandom(QuicConnection.LocalConnectionIdLength);
            byte[] retry = new byte[200];
            int length = RetryIntegrity.WriteRetry(retry, packet.Destination, packet.Source, id, packet.Destination.Span);
            _network.Transmit(this, new SimulatedDatagram(datagram.To, datagram.From, retry[..length], default));
            return null;
        }

        var connection = new SimulatedConnection(this) { FirstDestination = packet.Destination };
        bool isRetried = Retries && packet.Token.Length <= ConnectionId.MaxLength;
        var start = new ServerHandshakeStart
        {
            Path = new NetworkPath(datagram.From, datagram.To),
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
                new TlsServerOptions { Identity = _identity, Alpns = ["test/1"], TransportParameters = parameters },
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
