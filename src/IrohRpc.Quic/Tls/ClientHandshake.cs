using System.Text;
using IrohRpc.Quic.Cryptography;
using IrohRpc.Quic.Tls.Alerts;
using IrohRpc.Quic.Tls.Authentication;
using IrohRpc.Quic.Tls.Keys;
using IrohRpc.Quic.Tls.Messages;
using IrohRpc.Quic.Tls.Resumption;

namespace IrohRpc.Quic.Tls;

/// <summary>The client's side (RFC 8446, appendix A.1).</summary>
internal sealed partial class ClientHandshake : TlsHandshake
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
}
