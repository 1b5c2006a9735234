using System.Security.Cryptography;
using IrohRpc.Multiplexing.Streams;
using IrohRpc.Quic.ConnectionIds;
using IrohRpc.Quic.Cryptography;
using IrohRpc.Quic.NatTraversal;
using IrohRpc.Quic.Packets;
using IrohRpc.Quic.Parameters;
using IrohRpc.Quic.Protection;
using IrohRpc.Quic.Recovery;
using IrohRpc.Quic.Spaces;
using IrohRpc.Quic.Tls;
using IrohRpc.Quic.Tls.Resumption;

namespace IrohRpc.Quic.Connections;

// The handshake: what it says and learns, the keys it brings, and when it is over.
internal sealed partial class QuicConnection
{
    // Of the tickets that a server sends so many are kept until somebody takes them.
    private const int MaxSessions = 4;

    private Queue<TlsSession>? _sessions;
    private OneRttKeys? _oneRtt;
    private byte[]? _oneRttLocalSecret;
    private byte[]? _oneRttPeerSecret;
    private ConnectionId _originalDestination;
    private ConnectionId? _peerInitialSource;
    private ConnectionId? _retrySource;
    private TransportParameters? _remembered;
    private string? _rememberedAlpn;
    private byte[] _token = [];
    private byte[]? _newToken;
    private byte[]? _receivedToken;
    private bool _mustSendNewToken;
    private bool _mustSendHandshakeDone;
    private bool _hasSeenPeer;

    /// <summary>
    /// Whether streams may be used before the handshake is complete: at a client that offers early data, and at a server that takes it.
    /// </summary>
    public bool HasEarlyStreams { get; private set; }

    void ITlsHandshakeSink.OnCryptoData(EncryptionLevel level, ReadOnlySpan<byte> data) => SpaceOf(level).Crypto.Send(data);

    void ITlsHandshakeSink.OnSession(TlsSession session)
    {
        _sessions ??= new Queue<TlsSession>();
        if (_sessions.Count == MaxSessions)
        {
            _sessions.Dequeue().Dispose();
        }

        _sessions.Enqueue(session);
        _events |= ConnectionEvents.SessionReceived;
    }

    private TransportParameters DeclareParameters() => new()
    {
        MaxIdleTimeout = (long)Math.Min(_options.IdleTimeout.TotalMilliseconds, int.MaxValue),
        MaxUdpPayloadSize = _options.MaxUdpPayloadSize,
        Limits = _options.Limits,
        MaxAckDelay = (int)_options.MaxAckDelay.TotalMilliseconds,
        ActiveConnectionIdLimit = PeerConnectionIds.Limit,
        InitialSourceConnectionId = _localIds.First,
        MaxDatagramFrameSize = _options.AcceptsDatagrams ? ushort.MaxValue : 0,
        InitialMaxPathId = _options.UsesMultipath ? _options.InitialMaxPathId : null,
        MaxRemoteAddresses = _options.UsesMultipath ? NatTraversalState.MaxAddresses : 0,
        ReportsAddresses = _options.ReportsAddresses,
        WantsObservedAddress = _options.WantsObservedAddress,
    };

    private void StartHandshake(
        Func<ITlsHandshakeSink, ReadOnlyMemory<byte>, TlsHandshake> createTls, TransportParameters parameters)
    {
        Tls = createTls(this, TransportParametersWriter.Write(parameters));
        Tls.Start();

        // What a client sends before it hears from the server is held to what the server allowed the last time.
        if (Tls.RememberedTransportParameters is { } remembered && Application.Sealing is not null)
        {
            _remembered = TransportParametersReader.Read(remembered, isFromServer: true);
            _rememberedAlpn = Tls.RememberedAlpn;
            HasEarlyStreams = true;
            Streams.ApplyPeerLimits(_remembered.Limits);
        }
    }

    private void ReceiveCrypto(SpaceState space, EncryptionLevel level, ref FrameReader reader)
    {
        long offset = reader.ReadInteger();
        ReadOnlySpan<byte> data = reader.ReadBytes();
        if (offset > VariableLengthInteger.MaxValue - data.Length)
        {
            reader.ThrowMalformed("the handshake goes beyond 2^62-1 bytes");
        }

        // The end of the handshake discards the space whose packet brings it, in the midst of that packet.
        ReadOnlySpan<byte> next = space.IsDiscarded ? default : space.Crypto.Receive(offset, data);
        while (!next.IsEmpty)
        {
            Tls.Receive(level, next);
            AfterTls();
            next = space.IsDiscarded ? default : space.Crypto.TakeAhead();
        }
    }

    private void AfterTls()
    {
        if (PeerParameters is null && Tls.PeerTransportParameters is { } encoded)
        {
            ApplyPeerParameters(TransportParametersReader.Read(encoded, isFromServer: !IsServer));
        }

        if (Tls.IsComplete && State == ConnectionState.Handshaking)
        {
            CompleteHandshake();
        }
        else if (IsServer && !HasEarlyStreams && State == ConnectionState.Handshaking && Tls.EarlyData == EarlyDataStatus.Accepted && PeerParameters is not null)
        {
            HasEarlyStreams = true;
            _events |= ConnectionEvents.EarlyDataAccepted;
            Streams.ApplyPeerLimits(PeerParameters.Limits);
        }
    }

    private void ApplyPeerParameters(TransportParameters peer)
    {
        CheckConnectionIds(peer);
        PeerParameters = peer;
        if (_remembered is not null && Tls.EarlyData == EarlyDataStatus.Accepted && !peer.IsAtLeast(_remembered))
        {
            throw new TransportViolationException(
                TransportErrorCode.ProtocolViolation, QuicFrameType.Crypto, "the server took early data and lowered the limits it was sent by");
        }

        if (peer.StatelessResetToken is { } token)
        {
            _peerIds.SetFirstToken(token);
        }

        _recovery.PeerMaxAckDelay = TimeSpan.FromMilliseconds(peer.MaxAckDelay);
        _recovery.PeerAckDelayExponent = peer.AckDelayExponent;
        _negotiatedIdleTimeout = NegotiateIdleTimeout(_options.IdleTimeout, peer);
        NegotiateMultipath(peer);
    }

    // What the peer says that the ids were must be what they were: nobody between may have changed them (RFC 9000, section 7.3).
    private void CheckConnectionIds(TransportParameters peer)
    {
        bool correct = peer.InitialSourceConnectionId is { } source && source == _peerInitialSource;
        if (!IsServer)
        {
            correct = correct
                && peer.OriginalDestinationConnectionId is { } original && original == _originalDestination
                && Equals(peer.RetrySourceConnectionId, _retrySource);
        }

        if (!correct)
        {
            throw new TransportViolationException(
                TransportErrorCode.TransportParameterError, QuicFrameType.Crypto, "the connection ids of the handshake are not those that were declared");
        }
    }

    private void CompleteHandshake()
    {
        if (PeerParameters is null)
        {
            throw new TransportViolationException(
                TransportErrorCode.TransportParameterError, QuicFrameType.Crypto, "the peer declared no transport parameters");
        }

        if (_remembered is not null && Tls.EarlyData == EarlyDataStatus.Rejected
            && (Tls.Alpn != _rememberedAlpn || !PeerParameters.IsAtLeast(_remembered)))
        {
            EndAndTell(new ConnectionClose(
                ConnectionCloseKind.EarlyDataRefused, false, (long)TransportErrorCode.NoError, 0, "the server refused early data and is another than it was"));
            return;
        }

        State = ConnectionState.Open;
        _events |= ConnectionEvents.HandshakeCompleted;
        Tls.ForgetPeerTransportParameters();
        Streams.ApplyPeerLimits(PeerParameters.Limits);
        _localIds.SetLimit((int)Math.Min(_options.ConnectionIdCount, PeerParameters.ActiveConnectionIdLimit));
        if (Tls.EarlyData == EarlyDataStatus.Rejected)
        {
            // What was sent at 0-RTT never arrived; congestion has no part in it.
            _events |= ConnectionEvents.EarlyDataRejected;
            _recovery.Abandon(PacketSpace.Application, _now);
        }

        _multipath?.IssueIds(PathsAhead, IdsPerPath);
        StartNatTraversal();
        StartAddressDiscovery();
        if (IsServer)
        {
            _mustSendHandshakeDone = true;
            _mustSendNewToken = _newToken is not null;
            Confirm();
        }
    }

    private void Confirm()
    {
        if (IsConfirmed)
        {
            return;
        }

        IsConfirmed = true;
        _oneRtt!.OnHandshakeConfirmed();
        _recovery.IsHandshakeConfirmed = true;
        DiscoverMtu();

        // Early data that comes later than this is sent again.
        Application.DisposeKeys();
        Discard(PacketSpace.Initial);
        Discard(PacketSpace.Handshake);
        _token = [];
        _remembered = null;
    }

    private void ReceiveHandshakeDone()
    {
        if (IsServer)
        {
            throw new TransportViolationException(
                TransportErrorCode.ProtocolViolation, QuicFrameType.HandshakeDone, "a client sent HANDSHAKE_DONE");
        }

        if (State == ConnectionState.Handshaking)
        {
            throw new TransportViolationException(
                TransportErrorCode.ProtocolViolation, QuicFrameType.HandshakeDone, "HANDSHAKE_DONE came before the handshake was done");
        }

        Confirm();
    }

    private void ReceiveNewToken(ReadOnlySpan<byte> token)
    {
        if (IsServer || token.IsEmpty)
        {
            throw new TransportViolationException(
                IsServer ? TransportErrorCode.ProtocolViolation : TransportErrorCode.FrameEncodingError,
                QuicFrameType.NewToken,
                IsServer ? "a client sent NEW_TOKEN" : "a token is empty");
        }

        _receivedToken = token.ToArray();
        _events |= ConnectionEvents.TokenReceived;
    }

    // A client that has seen nothing of the server yet takes one Retry (RFC 9000, section 17.2.5).
    private void ReceiveRetry(in ProtectedPacket packet)
    {
        if (IsServer || _hasSeenPeer || _retrySource is not null || packet.Token.IsEmpty || packet.Source == _peerIds.Current
            || !RetryIntegrity.Verify(packet.Bytes, _originalDestination))
        {
            return;
        }

        _retrySource = packet.Source;
        _token = packet.Token.ToArray();
        _peerIds.ReplaceFirst(packet.Source);
        DeriveInitialKeys(packet.Source);
        _recovery.Abandon(PacketSpace.Initial, _now);
    }

    private void ReceiveVersionNegotiation(in ProtectedPacket packet)
    {
        // Its versions are not authenticated; a list with this side's own version comes from nobody who knows what it says.
        if (IsServer || _hasSeenPeer || _retrySource is not null || packet.Source != _peerIds.Current
            || !VersionNegotiationPacket.TryRead(packet.Bytes, out ReadOnlySpan<byte> versions)
            || VersionNegotiationPacket.Contains(versions, QuicVersion.Version1))
        {
            return;
        }

        End(
            ConnectionState.Closed,
            new ConnectionClose(ConnectionCloseKind.VersionMismatch, false, 0, 0, "the server does not speak QUIC version 1"));
    }
}
