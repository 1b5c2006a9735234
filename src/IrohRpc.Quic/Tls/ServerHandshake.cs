using System.Text;
using IrohRpc.Quic.Cryptography;
using IrohRpc.Quic.Tls.Alerts;
using IrohRpc.Quic.Tls.Authentication;
using IrohRpc.Quic.Tls.Keys;
using IrohRpc.Quic.Tls.Messages;
using IrohRpc.Quic.Tls.Resumption;

namespace IrohRpc.Quic.Tls;

/// <summary>The server's side (RFC 8446, appendix A.2). It always asks the client who it is.</summary>
internal sealed class ServerHandshake : TlsHandshake
{
    // Until the handshake is over.
    private TlsServerOptions _options;
    private State _state = State.WaitClientHello;
    private ServerRetry? _retry;
    private CertificateType _ownCertificateType = CertificateType.X509;
    private CertificateType _peerCertificateType = CertificateType.X509;
    private PeerCredential? _credential;
    private EndpointId? _resumedPeer;
    private bool _issuesTickets;

    /// <summary>Prepares a handshake.</summary>
    public ServerHandshake(TlsServerOptions options, ITlsHandshakeSink sink)
        : base(options, sink) => _options = options;

    private enum State
    {
        WaitClientHello,
        WaitSecondClientHello,
        WaitCertificate,
        WaitCertificateVerify,
        WaitFinished,
        Connected,
    }

    /// <inheritdoc/>
    public override bool IsServer => true;

    /// <inheritdoc/>
    public override void Dispose()
    {
        base.Dispose();
        _retry?.Dispose();
    }

    private protected override void Release()
    {
        base.Release();
        _options = null!;
        _credential = null;
        _retry = null;
    }

    private protected override void Handle(HandshakeType type, ReadOnlySpan<byte> message)
    {
        switch (_state, type)
        {
            case (State.WaitClientHello or State.WaitSecondClientHello, HandshakeType.ClientHello):
                HandleClientHello(message);
                break;
            case (State.WaitCertificate, HandshakeType.Certificate):
                HandleCertificate(message);
                break;
            case (State.WaitCertificateVerify, HandshakeType.CertificateVerify):
                VerifyCertificateVerify(message, _credential!);
                _state = State.WaitFinished;
                break;
            case (State.WaitFinished, HandshakeType.Finished):
                HandleFinished(message);
                break;
            default:
                throw Unexpected(type);
        }
    }

    private void HandleClientHello(ReadOnlySpan<byte> message)
    {
        ClientHello hello = ClientHello.Read(message);
        _retry?.CheckSecondHello(hello);
        CipherSuite suite = ClientHelloChoice.Suite(_options, hello);
        string alpn = ClientHelloChoice.Alpn(_options, hello);
        NamedGroup group = _retry?.Group ?? ClientHelloChoice.Group(_options, hello);
        if (!hello.TryGetKeyShare(group, out ReadOnlySpan<byte> clientKey))
        {
            EarlyData = hello.HasEarlyData ? EarlyDataStatus.Rejected : EarlyDataStatus.None;
            SendRetry(message, suite, group);
            return;
        }

        Alpn = alpn;
        PeerTransportParameters = hello.TransportParameters.ToArray();
        _issuesTickets = hello.PskModes.Contains((byte)1) && _options.TicketKeys is not null;
        bool isRetried = _retry is not null;
        TranscriptHash transcript = _retry?.TakeTranscript() ?? new TranscriptHash(suite);
        using TicketContent? ticket = AddHello(message, hello, suite, transcript);
        IsResumed = ticket is not null;
        _resumedPeer = ticket?.PeerId;
        if (ticket is null)
        {
            ChooseCertificates(hello);
        }

        bool acceptsEarlyData = ticket is not null && hello.HasEarlyData && !isRetried && AcceptsEarlyData(hello, ticket, suite);
        if (hello.HasEarlyData)
        {
            EarlyData = acceptsEarlyData ? EarlyDataStatus.Accepted : EarlyDataStatus.Rejected;
        }

        var schedule = new KeySchedule(suite, ticket is null ? [] : ticket.Psk.Span);
        Secrets = new HandshakeSecrets(schedule, transcript);
        if (acceptsEarlyData)
        {
            Span<byte> hash = stackalloc byte[TranscriptHash.MaxLength];
            using SecretBytes secret = schedule.Derive("c e traffic", Secrets.Hash(hash));
            Install(EncryptionLevel.ZeroRtt, SecretDirection.Read, secret);
        }

        SendServerHello(hello, group, clientKey);
        SendFlight(hello);
    }

    // Fails before anything is sent where the sides cannot prove to each other who they are.
    private void ChooseCertificates(scoped in ClientHello hello)
    {
        if (hello.SignatureAlgorithms.IsEmpty)
        {
            throw TlsAlertException.Missing("The ClientHello has no signature_algorithms, and its ticket is not taken.");
        }

        _ownCertificateType = ClientHelloChoice.CertificateType(_options, hello.ServerCertificateTypes);
        _peerCertificateType = ClientHelloChoice.CertificateType(_options, hello.ClientCertificateTypes);
        _options.Identity.EnsureAccepted(_ownCertificateType, hello.SignatureAlgorithms);
    }

    // Adds the ClientHello to the transcript and, on the way, verifies the binder of the ticket that is taken.
    private TicketContent? AddHello(ReadOnlySpan<byte> message, scoped in ClientHello hello, CipherSuite suite, TranscriptHash transcript)
    {
        TicketContent? ticket = TakesPsk(hello) ? OpenTicket(hello, suite) : null;
        if (ticket is null)
        {
            transcript.Append(message);
            return null;
        }

        transcript.Append(message[..hello.LengthWithoutBinders]);
        Span<byte> expected = stackalloc byte[TranscriptHash.MaxLength];
        Span<byte> hash = stackalloc byte[TranscriptHash.MaxLength];
        expected = expected[..suite.HashLength];
        using (var schedule = new KeySchedule(suite, ticket.Psk.Span))
        {
            using SecretBytes binderKey = schedule.DeriveUnbound("res binder");
            KeySchedule.ComputeFinished(suite, binderKey.Span, transcript.GetCurrent(hash), expected);
        }

        if (!System.Security.Cryptography.CryptographicOperations.FixedTimeEquals(FirstBinder(hello), expected))
        {
            ticket.Dispose();
            throw new TlsAlertException(AlertDescription.DecryptError, "The PSK binder does not verify.");
        }

        transcript.Append(message[hello.LengthWithoutBinders..]);
        return ticket;
    }

    private bool TakesPsk(scoped in ClientHello hello)
        => _options.TicketKeys is not null && !hello.PskIdentities.IsEmpty && hello.PskModes.Contains((byte)1);

    // Only the first ticket is looked at: clients of ours offer one, and each that is opened costs a decryption.
    private TicketContent? OpenTicket(scoped in ClientHello hello, CipherSuite suite)
    {
        var identities = new MessageReader(hello.PskIdentities);
        TicketContent? ticket = _options.TicketKeys!.Open(identities.ReadVector16(1));
        if (ticket is null)
        {
            return null;
        }

        // A PSK is bound to a hash, not to a cipher suite; the suites' hashes differ in length.
        bool hasHash = ticket.Psk.Span.Length == suite.HashLength;
        TimeSpan age = _options.TimeProvider.GetUtcNow() - DateTimeOffset.FromUnixTimeMilliseconds(ticket.IssuedAt);
        if (hasHash && age >= TimeSpan.FromMilliseconds(-1) && age < TicketKeys.Period)
        {
            return ticket;
        }

        ticket.Dispose();
        return null;
    }

    private static ReadOnlySpan<byte> FirstBinder(scoped in ClientHello hello) => new MessageReader(hello.PskBinders).ReadVector8();

    private bool AcceptsEarlyData(scoped in ClientHello hello, TicketContent ticket, CipherSuite suite)
    {
        if (_options.EarlyData is null || !ticket.AllowsEarlyData || ticket.Suite != suite.Code || ticket.Alpn != Alpn
            || !ticket.EarlyDataContext.AsSpan().SequenceEqual(_options.EarlyDataContext))
        {
            return false;
        }

        var identities = new MessageReader(hello.PskIdentities);
        identities.ReadVector16();
        TimeSpan clientAge = TimeSpan.FromMilliseconds(unchecked(identities.ReadUInt32() - ticket.AgeAdd));
        return _options.EarlyData.TryAccept(
            FirstBinder(hello), DateTimeOffset.FromUnixTimeMilliseconds(ticket.IssuedAt), clientAge, _options.TimeProvider.GetUtcNow());
    }

    private void SendRetry(ReadOnlySpan<byte> hello, CipherSuite suite, NamedGroup group)
    {
        if (_retry is not null)
        {
            throw TlsAlertException.Illegal("The second ClientHello has no key for the group that was asked for.");
        }

        ServerHelloWriter.WriteRetry(Writer, suite, group);
        _retry = new ServerRetry(hello, suite, group, Writer.Written);
        _state = State.WaitSecondClientHello;
        Flush(EncryptionLevel.Initial);
    }

    private void SendServerHello(scoped in ClientHello hello, NamedGroup group, ReadOnlySpan<byte> clientKey)
    {
        using KeyShare share = KeyShare.Create(group, _options.Random);
        using SecretBytes shared = share.Agree(clientKey);
        Span<byte> random = stackalloc byte[32];
        _options.Random(random);
        ServerHelloWriter.Write(Writer, Suite!, random, share, IsResumed);
        AppendWritten(0);
        Flush(EncryptionLevel.Initial);
        Secrets!.EnterHandshake(shared);
        ReadLevel = EncryptionLevel.Handshake;
        Install(EncryptionLevel.Handshake, SecretDirection.Read, Secrets.ClientHandshake!);
        Install(EncryptionLevel.Handshake, SecretDirection.Write, Secrets.ServerHandshake!);
    }

    private void SendFlight(scoped in ClientHello hello)
    {
        var extensions = new ServerExtensions
        {
            AcknowledgesServerName = hello.HasServerName && !IsResumed,
            Alpn = Encoding.UTF8.GetBytes(Alpn!),
            ClientCertificateType = _options.AsksWho ? CertificateTypeToSay(hello.ClientCertificateTypes, _peerCertificateType) : null,
            ServerCertificateType = CertificateTypeToSay(hello.ServerCertificateTypes, _ownCertificateType),
            TransportParameters = _options.TransportParameters,
            AcceptsEarlyData = EarlyData == EarlyDataStatus.Accepted,
        };
        extensions.Write(Writer);
        AppendWritten(0);
        if (!IsResumed)
        {
            if (_options.AsksWho)
            {
                int start = Writer.Length;
                CertificateRequestMessage.Write(Writer, PeerCredential.Schemes(_peerCertificateType));
                AppendWritten(start);
            }

            WriteAuthentication(_ownCertificateType);
        }

        IsAuthenticatedToPeer = true;
        WriteFinished(Secrets!.ServerHandshake!);
        Secrets.EnterApplication();
        _state = IsResumed || !_options.AsksWho ? State.WaitFinished : State.WaitCertificate;
        Flush(EncryptionLevel.Handshake);
        Install(EncryptionLevel.OneRtt, SecretDirection.Write, Secrets.ServerApplication!);
        if (EarlyData == EarlyDataStatus.Accepted)
        {
            // Whoever made the binder holds the ticket's key, and is the peer that it was given to. That the ClientHello is not a copy shows at the end only.
            PeerId = _resumedPeer;
            Install(EncryptionLevel.OneRtt, SecretDirection.Read, Secrets.ClientApplication!);
        }
    }

    // No certificate is shown in a resumption, but iroh's clients insist on hearing of which type it would be.
    private CertificateType? CertificateTypeToSay(ReadOnlySpan<byte> offered, CertificateType chosen)
    {
        if (offered.IsEmpty)
        {
            return null;
        }

        return !IsResumed ? chosen : ClientHelloChoice.TryFindCertificateType(_options, offered);
    }

    private void HandleCertificate(ReadOnlySpan<byte> message)
    {
        ReadOnlySpan<byte> certificate = CertificateMessage.Read(message, OfferedExtensions.None, isFromClient: true);
        _credential = PeerCredential.Read(_peerCertificateType, certificate, _options.TimeProvider.GetUtcNow());
        Secrets!.Append(message);
        _state = State.WaitCertificateVerify;
    }

    private void HandleFinished(ReadOnlySpan<byte> message)
    {
        VerifyFinished(message, Secrets!.ClientHandshake!);
        EndpointId? peer = _resumedPeer ?? _credential?.Id;
        if (_options.AdmitPeer is not null && !_options.AdmitPeer(peer!.Value))
        {
            throw new TlsAlertException(AlertDescription.AccessDenied, "The server does not admit this peer.");
        }

        PeerId = peer;
        ReadLevel = EncryptionLevel.OneRtt;
        _state = State.Connected;
        IsComplete = true;
        if (EarlyData != EarlyDataStatus.Accepted)
        {
            Install(EncryptionLevel.OneRtt, SecretDirection.Read, Secrets.ClientApplication!);
        }

        Secrets.Complete();
        if (_issuesTickets)
        {
            SendTickets(peer!.Value);
        }

        Secrets.EndTickets();
        Release();
    }

    private void SendTickets(EndpointId peer)
    {
        DateTimeOffset now = _options.TimeProvider.GetUtcNow();
        bool allowsEarlyData = _options.EarlyData is not null;
        Span<byte> ageAdd = stackalloc byte[sizeof(uint)];
        for (int i = 0; i < _options.TicketCount; i++)
        {
            _options.Random(ageAdd);
            uint add = BitConverter.ToUInt32(ageAdd);
            ReadOnlySpan<byte> nonce = [(byte)i];
            using var content = TicketContent.Create(
                Secrets!.DeriveTicketKey(nonce), Secrets.Suite, peer, now, add, Alpn!, allowsEarlyData ? _options.EarlyDataContext : null);
            NewSessionTicketMessage.Create(
                (uint)TicketKeys.Period.TotalSeconds, add, nonce, _options.TicketKeys!.Seal(content), allowsEarlyData).Write(Writer);
        }

        Flush(EncryptionLevel.OneRtt);
    }
}
