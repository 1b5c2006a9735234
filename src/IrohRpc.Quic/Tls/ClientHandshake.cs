using System.Text;
using IrohRpc.Quic.Cryptography;
using IrohRpc.Quic.Tls.Alerts;
using IrohRpc.Quic.Tls.Authentication;
using IrohRpc.Quic.Tls.Keys;
using IrohRpc.Quic.Tls.Messages;
using IrohRpc.Quic.Tls.Resumption;

namespace IrohRpc.Quic.Tls;

/// <summary>The client's side (RFC 8446, appendix A.1).</summary>
internal sealed class ClientHandshake : TlsHandshake
{
    private readonly EndpointId _expectedPeer;
    private readonly TimeProvider _timeProvider;
    private readonly bool _wantsTickets;

    // Until the handshake is over.
    private TlsClientOptions _options;
    private ClientHelloWriter _hello;
    private State _state = State.Start;
    private KeyShare? _share;
    private TlsSession? _session;
    private byte[] _firstHello = [];
    private OfferedExtensions _offered = OfferedExtensions.None;
    private CipherSuite? _retrySuite;
    private TranscriptHash? _retryTranscript;
    private CertificateType _ownCertificateType = CertificateType.X509;
    private CertificateType _peerCertificateType = CertificateType.X509;
    private bool _isAsked;
    private PeerCredential? _credential;

    /// <summary>Prepares a handshake.</summary>
    public ClientHandshake(TlsClientOptions options, ITlsHandshakeSink sink)
        : base(options, sink)
    {
        if (options.Alpns.Count == 0)
        {
            throw new ArgumentException("A client offers at least one ALPN.", nameof(options));
        }

        _options = options;
        _expectedPeer = options.ExpectedPeer;
        _timeProvider = options.TimeProvider;
        _wantsTickets = options.WantsTickets;
        _hello = new ClientHelloWriter(options);
        if (options.Session is { } session)
        {
            if (CanResume(session))
            {
                _session = session;
            }
            else
            {
                session.Dispose();
            }
        }
    }

    private enum State
    {
        Start,
        WaitServerHello,
        WaitEncryptedExtensions,
        WaitCertificateRequest,
        WaitCertificate,
        WaitCertificateVerify,
        WaitFinished,
        Connected,
    }

    /// <inheritdoc/>
    public override bool IsServer => false;

    /// <inheritdoc/>
    public override byte[]? RememberedTransportParameters
        => EarlyData is EarlyDataStatus.Offered or EarlyDataStatus.Accepted ? _session?.TransportParameters : null;

    /// <inheritdoc/>
    public override string? RememberedAlpn => EarlyData is EarlyDataStatus.Offered or EarlyDataStatus.Accepted ? _session?.Alpn : null;

    /// <inheritdoc/>
    public override void Start()
    {
        if (_state != State.Start)
        {
            throw new InvalidOperationException("The handshake was started before.");
        }

        _state = State.WaitServerHello;
        _share = KeyShare.Create(_options.Groups[0], _options.Random);
        bool offersEarlyData = _session is { AllowsEarlyData: true } && _options.OffersEarlyData;
        EarlyData = offersEarlyData ? EarlyDataStatus.Offered : EarlyDataStatus.None;
        _hello.Write(Writer, _share, [], _session, offersEarlyData);
        _offered = OfferedExtensions.Of(Writer.Written);
        if (_session is null)
        {
            _firstHello = Writer.Written.ToArray();
            Flush(EncryptionLevel.Initial);
            return;
        }

        using var transcript = new TranscriptHash(_session.Suite);
        using var schedule = new KeySchedule(_session.Suite, _session.Psk);
        FillInBinder(schedule, transcript);
        _firstHello = Writer.Written.ToArray();
        Flush(EncryptionLevel.Initial);
        if (offersEarlyData)
        {
            Span<byte> hash = stackalloc byte[TranscriptHash.MaxLength];
            using SecretBytes secret = schedule.Derive("c e traffic", transcript.GetCurrent(hash));
            Sink.OnSecret(EncryptionLevel.ZeroRtt, SecretDirection.Write, _session.Suite, secret.Span);
        }
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        base.Dispose();
        _share?.Dispose();
        _session?.Dispose();
        _retryTranscript?.Dispose();
    }

    private protected override void Release()
    {
        base.Release();
        _options = null!;
        _hello = null!;
        _share = null;
        _credential = null;
        _offered = OfferedExtensions.None;
        if (EarlyData != EarlyDataStatus.Accepted)
        {
            _session?.Dispose();
            _session = null;
        }
    }

    private protected override void Handle(HandshakeType type, ReadOnlySpan<byte> message)
    {
        switch (_state, type)
        {
            case (State.WaitServerHello, HandshakeType.ServerHello):
                HandleServerHello(message);
                break;
            case (State.WaitEncryptedExtensions, HandshakeType.EncryptedExtensions):
                HandleEncryptedExtensions(message);
                break;
            case (State.WaitCertificateRequest, HandshakeType.CertificateRequest):
                _options.Identity.EnsureAccepted(_ownCertificateType, CertificateRequestMessage.Read(message));
                _isAsked = true;
                Secrets!.Append(message);
                _state = State.WaitCertificate;
                break;
            case (State.WaitCertificateRequest or State.WaitCertificate, HandshakeType.Certificate):
                HandleCertificate(message);
                break;
            case (State.WaitCertificateVerify, HandshakeType.CertificateVerify):
                VerifyCertificateVerify(message, _credential!);
                _state = State.WaitFinished;
                break;
            case (State.WaitFinished, HandshakeType.Finished):
                HandleFinished(message);
                break;
            case (State.Connected, HandshakeType.NewSessionTicket):
                HandleTicket(message);
                break;
            case (State.Connected, HandshakeType.CertificateRequest):
                throw TlsAlertException.ProtocolViolation("The server asks for a certificate after the handshake (RFC 9001, section 4.4).");
            default:
                throw Unexpected(type);
        }
    }

    private bool CanResume(TlsSession session)
        => session.PeerId == _options.ExpectedPeer
            && session.IsUsable(_options.TimeProvider.GetUtcNow())
            && _options.CipherSuites.Contains(session.Suite)
            && _options.Alpns.Contains(session.Alpn);

    // The transcript ends with the whole ClientHello afterwards.
    private void FillInBinder(KeySchedule schedule, TranscriptHash transcript)
    {
        int hashLength = schedule.Suite.HashLength;
        Span<byte> hello = Writer.WrittenForPatching;
        int bindersLength = 2 + 1 + hashLength;
        transcript.Append(hello[..^bindersLength]);
        using SecretBytes binderKey = schedule.DeriveUnbound("res binder");
        Span<byte> hash = stackalloc byte[TranscriptHash.MaxLength];
        KeySchedule.ComputeFinished(schedule.Suite, binderKey.Span, transcript.GetCurrent(hash), hello[^hashLength..]);
        transcript.Append(hello[^bindersLength..]);
    }

    private void HandleServerHello(ReadOnlySpan<byte> message)
    {
        ServerHello hello = ServerHello.Read(message, _offered);
        CipherSuite suite = FindSuite(hello.CipherSuite);
        if (hello.IsRetry)
        {
            HandleRetry(message, hello, suite);
            return;
        }

        if (_retrySuite is not null && _retrySuite != suite)
        {
            throw TlsAlertException.Illegal("The server chose another cipher suite than in its HelloRetryRequest.");
        }

        if (hello.Group is null)
        {
            throw TlsAlertException.Missing("The ServerHello has no key share.");
        }

        if (hello.Group != (ushort)_share!.Group)
        {
            throw TlsAlertException.Illegal("The server chose a group for which no key was sent.");
        }

        AcceptPsk(hello.SelectedPsk, suite);
        TranscriptHash transcript = _retryTranscript ?? new TranscriptHash(suite);
        if (_retryTranscript is null)
        {
            transcript.Append(_firstHello);
        }

        _retryTranscript = null;
        _firstHello = [];
        Secrets = new HandshakeSecrets(new KeySchedule(suite, IsResumed ? _session!.Psk : []), transcript);
        Secrets.Append(message);
        using (SecretBytes shared = _share.Agree(hello.Key))
        {
            Secrets.EnterHandshake(shared);
        }

        _share.Dispose();
        ReadLevel = EncryptionLevel.Handshake;
        _state = State.WaitEncryptedExtensions;
        Install(EncryptionLevel.Handshake, SecretDirection.Read, Secrets.ServerHandshake!);
        Install(EncryptionLevel.Handshake, SecretDirection.Write, Secrets.ClientHandshake!);
    }

    private void AcceptPsk(ushort? selected, CipherSuite suite)
    {
        if (selected is null)
        {
            return;
        }

        if (selected != 0)
        {
            throw TlsAlertException.Illegal("The server chose a PSK that was not offered.");
        }

        if (_session!.Suite.Hash != suite.Hash)
        {
            throw TlsAlertException.Illegal("The server chose a cipher suite with another hash than the PSK's.");
        }

        IsResumed = true;
    }

    private void HandleRetry(ReadOnlySpan<byte> message, scoped in ServerHello retry, CipherSuite suite)
    {
        if (_retrySuite is not null)
        {
            throw Unexpected(HandshakeType.ServerHello);
        }

        if (retry.Group is null && retry.Cookie.IsEmpty)
        {
            throw TlsAlertException.Illegal("The HelloRetryRequest would change nothing.");
        }

        if (retry.Group is { } code)
        {
            var group = (NamedGroup)code;
            if (!_options.Groups.Contains(group) || group == _share!.Group)
            {
                throw TlsAlertException.Illegal("The HelloRetryRequest asks for a group that was not offered, or that a key was sent for.");
            }

            _share.Dispose();
            _share = KeyShare.Create(group, _options.Random);
        }

        _retrySuite = suite;
        _retryTranscript = new TranscriptHash(suite);
        _retryTranscript.Append(_firstHello);
        _retryTranscript.ReplaceByMessageHash();
        _retryTranscript.Append(message);
        if (EarlyData == EarlyDataStatus.Offered)
        {
            EarlyData = EarlyDataStatus.Rejected;
        }

        if (_session is not null && _session.Suite.Hash != suite.Hash)
        {
            _session.Dispose();
            _session = null;
        }

        _hello.Write(Writer, _share!, retry.Cookie, _session, offersEarlyData: false);
        _offered = OfferedExtensions.Of(Writer.Written);
        if (_session is null)
        {
            _retryTranscript.Append(Writer.Written);
        }
        else
        {
            using var schedule = new KeySchedule(_session.Suite, _session.Psk);
            FillInBinder(schedule, _retryTranscript);
        }

        Flush(EncryptionLevel.Initial);
    }

    private void HandleEncryptedExtensions(ReadOnlySpan<byte> message)
    {
        EncryptedExtensions extensions = EncryptedExtensions.Read(message, _offered);
        Secrets!.Append(message);
        Alpn = FindAlpn(extensions.Alpn);
        PeerTransportParameters = extensions.TransportParameters.ToArray();
        AnswerEarlyData(extensions.AcceptsEarlyData);
        if (IsResumed)
        {
            _state = State.WaitFinished;
            return;
        }

        _ownCertificateType = Negotiated(extensions.ClientCertificateType);
        _peerCertificateType = Negotiated(extensions.ServerCertificateType);
        _state = State.WaitCertificateRequest;
    }

    private void AnswerEarlyData(bool isAccepted)
    {
        if (EarlyData != EarlyDataStatus.Offered)
        {
            return;
        }

        if (isAccepted && (!IsResumed || Alpn != _session!.Alpn || Suite != _session.Suite))
        {
            throw TlsAlertException.Illegal("The server accepts 0-RTT data but not the session that it was sent under.");
        }

        EarlyData = isAccepted ? EarlyDataStatus.Accepted : EarlyDataStatus.Rejected;
    }

    private CertificateType Negotiated(CertificateType? answer)
    {
        IReadOnlyList<CertificateType> types = _options.EffectiveCertificateTypes;
        if (answer is null && !types.Contains(CertificateType.X509))
        {
            throw new TlsAlertException(AlertDescription.HandshakeFailure, "The server does not speak raw public keys (RFC 7250).");
        }

        CertificateType type = answer ?? CertificateType.X509;
        return types.Contains(type)
            ? type
            : throw TlsAlertException.Illegal($"The server chose certificate type {(byte)type}, which was not offered.");
    }

    private void HandleCertificate(ReadOnlySpan<byte> message)
    {
        bool isOfWeb = _options.AcceptsAnyServer && _peerCertificateType == CertificateType.X509;
        ReadOnlySpan<byte> certificate = CertificateMessage.Read(message, _offered, isFromClient: false, takesChain: isOfWeb);
        _credential = isOfWeb
            ? PeerCredential.ReadFromWeb(certificate)
            : PeerCredential.Read(_peerCertificateType, certificate, _options.TimeProvider.GetUtcNow());
        if (!_options.AcceptsAnyServer && _credential.Id != _options.ExpectedPeer)
        {
            throw new TlsAlertException(
                AlertDescription.UnknownCa, $"Peer {_credential.Id} answered, not {_options.ExpectedPeer} that was dialled.")
            {
                ClaimedPeer = _credential.Id,
            };
        }

        Secrets!.Append(message);
        _state = State.WaitCertificateVerify;
    }

    private void HandleFinished(ReadOnlySpan<byte> message)
    {
        VerifyFinished(message, Secrets!.ServerHandshake!);
        Secrets.EnterApplication();
        if (_isAsked)
        {
            WriteAuthentication(_ownCertificateType);
        }

        IsAuthenticatedToPeer = IsResumed || _isAsked;
        WriteFinished(Secrets.ClientHandshake!);
        PeerId = _options.AcceptsAnyServer ? _credential!.Id : _options.ExpectedPeer;
        ReadLevel = EncryptionLevel.OneRtt;
        _state = State.Connected;
        Flush(EncryptionLevel.Handshake);
        IsComplete = true;
        Install(EncryptionLevel.OneRtt, SecretDirection.Read, Secrets.ServerApplication!);
        Install(EncryptionLevel.OneRtt, SecretDirection.Write, Secrets.ClientApplication!);
        Secrets.Complete();
        Release();
    }

    private void HandleTicket(ReadOnlySpan<byte> message)
    {
        NewSessionTicketMessage ticket = NewSessionTicketMessage.Read(message);

        // A client that showed no certificate could not resume as anybody, and a lifetime of zero means not to keep it.
        if (ticket.LifetimeSeconds == 0 || !_wantsTickets || !IsAuthenticatedToPeer)
        {
            return;
        }

        Sink.OnSession(new TlsSession(Secrets!.DeriveTicketKey(ticket.Nonce))
        {
            Suite = Secrets.Suite,
            PeerId = _expectedPeer,
            Ticket = ticket.Ticket.ToArray(),
            AgeAdd = ticket.AgeAdd,
            ReceivedAt = _timeProvider.GetUtcNow(),
            Lifetime = TimeSpan.FromSeconds(ticket.LifetimeSeconds),
            Alpn = Alpn!,
            TransportParameters = PeerTransportParameters!,
            AllowsEarlyData = ticket.AllowsEarlyData,
        });
    }

    private CipherSuite FindSuite(ushort code)
        => _options.CipherSuites.FirstOrDefault(suite => suite.Code == code)
            ?? throw TlsAlertException.Illegal("The server chose a cipher suite that was not offered.");

    private string FindAlpn(ReadOnlySpan<byte> chosen)
    {
        if (chosen.IsEmpty)
        {
            throw new TlsAlertException(AlertDescription.NoApplicationProtocol, "The server chose no application protocol.");
        }

        foreach (string alpn in _options.Alpns)
        {
            if (chosen.SequenceEqual(Encoding.UTF8.GetBytes(alpn)))
            {
                return alpn;
            }
        }

        throw TlsAlertException.Illegal("The server chose an application protocol that was not offered.");
    }
}
