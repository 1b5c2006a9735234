using System.Diagnostics.CodeAnalysis;
using IrohRpc.Multiplexing.Streams;
using IrohRpc.Quic.Addresses;
using IrohRpc.Quic.Connections;
using IrohRpc.Quic.Packets;
using IrohRpc.Quic.Protection;
using IrohRpc.Quic.Recovery;

namespace IrohRpc.Quic.Endpoints;

// Datagrams that belong to no connection: new clients, other versions, and peers that have not noticed that their connection is gone.
internal sealed partial class QuicEndpoint
{
    private const int MinInitialDatagramLength = 1200;
    private const int MinFirstDestinationLength = 8;
    private const int MaxResetsPerSecond = 200;
    private const int AnswerBufferLength = 256;

    private readonly PendingHandshakes _pending;
    private volatile IConnectionAcceptor? _acceptor;
    private readonly List<EndpointConnection> _candidates = [];
    private long _resetSecond;
    private int _resets;

    /// <summary>How many incoming handshakes are under way.</summary>
    public int PendingHandshakeCount => _pending.Count;

    /// <summary>Starts or stops to take clients in.</summary>
    /// <param name="acceptor">Who takes them over; null to ignore them.</param>
    public void SetAcceptor(IConnectionAcceptor? acceptor) => _acceptor = acceptor;

    /// <summary>An incoming handshake is over, whichever way.</summary>
    internal void HandshakeEnded(EndpointConnection connection)
    {
        if (connection.Pending is { } pending)
        {
            connection.Pending = null;
            _pending.Remove(pending);
        }
    }

    private EndpointConnection? HandleUnrouted(Span<byte> datagram, in InvariantHeader header, in ConnectionId destination, in NetworkPath path)
    {
        if (!header.IsLong)
        {
            ResetStatelessly(datagram, destination, path);
            return null;
        }

        if (!QuicVersion.IsSupported(header.Version))
        {
            AnswerUnknownVersion(datagram, path);
            return null;
        }

        IConnectionAcceptor? acceptor = _acceptor;
        var reader = new PacketReader(datagram, QuicConnection.LocalConnectionIdLength);
        if (acceptor is null
            || datagram.Length < MinInitialDatagramLength
            || destination.Length < MinFirstDestinationLength
            || !reader.TryRead(out ProtectedPacket packet)
            || packet.Type != PacketType.Initial)
        {
            return null;
        }

        return TryAccept(acceptor, packet, path, out EndpointConnection? connection) ? connection : null;
    }

    private bool TryAccept(
        IConnectionAcceptor acceptor, in ProtectedPacket packet, in NetworkPath path, [NotNullWhen(true)] out EndpointConnection? connection)
    {
        connection = null;
        AddressTokenStatus token = _tokens.Validate(packet.Token, path.Remote, out ConnectionId original);
        if (token == AddressTokenStatus.RetryInvalid)
        {
            Refuse(packet, path, TransportErrorCode.InvalidToken);
            return false;
        }

        if (token == AddressTokenStatus.Unknown && (_options.AlwaysRetries || _pending.DemandsRetry))
        {
            SendRetry(packet, path);
            return false;
        }

        PendingHandshakes.Entry? entry = _pending.TryAdd(path.Remote, Now, out PendingHandshakes.Entry? shed);
        shed?.Connection?.Abandon();
        if (entry is null)
        {
            return false;
        }

        IIncomingConnection? incoming = acceptor.TryAccept(path.Remote);
        if (incoming is null)
        {
            _pending.Remove(entry);
            Refuse(packet, path, TransportErrorCode.ConnectionRefused);
            return false;
        }

        connection = new EndpointConnection(this, incoming) { Pending = entry, FirstDestination = packet.Destination };
        entry.Connection = connection;
        bool isRetried = token == AddressTokenStatus.RetryAnswered;
        var start = new ServerHandshakeStart
        {
            Path = path,
            Destination = packet.Destination,
            Source = packet.Source,
            OriginalDestination = isRetried ? original : packet.Destination,
            RetrySource = isRetried ? packet.Destination : null,
            IsAddressValidated = token != AddressTokenStatus.Unknown,
            NewToken = _tokens.Create(path.Remote),
        };
        lock (connection.Gate)
        {
            connection.Core = QuicConnection.CreateServer(incoming.Options, incoming.CreateHandshake, connection, start, Now);
        }

        Add(connection);
        incoming.Start(connection);
        if (!_routes.TryAdd(packet.Destination, connection))
        {
            // The client sent its first packet to several addresses, and another thread was faster.
            connection.Abandon();
            connection = null;
            return false;
        }

        return true;
    }

    private void SendRetry(in ProtectedPacket packet, in NetworkPath path)
    {
        Span<byte> retry = stackalloc byte[AnswerBufferLength];
        int length = RetryIntegrity.WriteRetry(
            retry,
            packet.Destination,
            packet.Source,
            ConnectionId.CreateRandom(QuicConnection.LocalConnectionIdLength),
            _tokens.CreateForRetry(path.Remote, packet.Destination));
        Answer(retry[..length], path);
    }

    private void Refuse(in ProtectedPacket packet, in NetworkPath path, TransportErrorCode code)
    {
        Span<byte> refusal = stackalloc byte[InitialRefusal.MaxLength];
        Answer(refusal[..InitialRefusal.Write(refusal, packet.Source, packet.Destination, code)], path);
    }

    private void AnswerUnknownVersion(ReadOnlySpan<byte> datagram, in NetworkPath path)
    {
        if (_acceptor is null
            || datagram.Length < VersionNegotiationPacket.MinDatagramLength
            || !InvariantHeader.TryRead(datagram, QuicConnection.LocalConnectionIdLength, out InvariantHeader header)
            || !header.IsLong
            || header.Version == QuicVersion.Negotiation
            || QuicVersion.IsSupported(header.Version))
        {
            return;
        }

        // Ids of other versions may be longer than ours.
        Span<byte> answer = stackalloc byte[5 + 1 + 255 + 1 + 255 + 8];
        Answer(answer[..VersionNegotiationPacket.Write(answer, header)], path);
    }

    private void ResetStatelessly(ReadOnlySpan<byte> datagram, in ConnectionId destination, in NetworkPath path)
    {
        long second = (long)Now.TotalSeconds;
        if (second != _resetSecond)
        {
            _resetSecond = second;
            _resets = 0;
        }

        if (_resets++ >= MaxResetsPerSecond || EndsByReset(datagram, path))
        {
            return;
        }

        Span<byte> reset = stackalloc byte[AnswerBufferLength];
        Span<byte> token = stackalloc byte[StatelessReset.TokenLength];
        StatelessReset.DeriveToken(_resetKey, destination, token);
        int length = StatelessReset.Write(reset, datagram.Length, token);
        if (length > 0)
        {
            Answer(reset[..length], path);
        }
    }

    // The id in a stateless reset is random: it is told by where it comes from, and by its end.
    private bool EndsByReset(ReadOnlySpan<byte> datagram, in NetworkPath path)
    {
        foreach (QuicEndpoint endpoint in _group.Members)
        {
            lock (endpoint._usersLock)
            {
                _candidates.AddRange(endpoint._connections);
            }
        }

        bool isReset = false;
        foreach (EndpointConnection connection in _candidates)
        {
            isReset |= connection.TryEndByReset(datagram, path.Remote);
        }

        _candidates.Clear();
        return isReset;
    }

    private void Answer(ReadOnlySpan<byte> datagram, in NetworkPath path)
        => _socket.Send(datagram, new OutgoingDatagrams(path, EcnCodepoint.NotEct, datagram.Length));
}
