using System.Net.Security;
using System.Runtime.CompilerServices;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using IrohRpc.Identity;
using IrohRpc.Identity.Internal;

namespace IrohRpc.Transports.Internal;

/// <summary>
/// One handshake's mutual authentication: the TLS options that ask for it, and what the peer proved. TLS 1.3 only; certificates are
/// judged by the libp2p TLS specification and by nothing else, neither chains, names nor revocation.
/// </summary>
/// <remarks>
/// Use one instance for one handshake. <see cref="PeerId"/> and <see cref="Failure"/> may be read once the handshake is over, whichever
/// way it went: where it failed, <see cref="Failure"/> says more than the exception of the TLS stack, unless it is null.
/// </remarks>
internal sealed class PeerAuthentication
{
    // Building a context walks the certificate store once; handshakes reuse it for as long as the certificate lives.
    private static readonly ConditionalWeakTable<X509Certificate2, SslStreamCertificateContext> Contexts = [];

    private readonly TransportSettings _settings;
    private readonly EndpointId? _expectedPeer;
    private readonly string _where;
    private EndpointId? _peerId;

    private PeerAuthentication(TransportSettings settings, EndpointId? expectedPeer, string where)
    {
        _settings = settings;
        _expectedPeer = expectedPeer;
        _where = where;
    }

    /// <summary>The dialler's half: only <paramref name="expectedPeer"/> passes.</summary>
    /// <param name="settings">As whom, and by which clock.</param>
    /// <param name="expectedPeer">Who must answer.</param>
    /// <param name="where">The address for messages, as in <c>tls 127.0.0.1:4433</c>.</param>
    public static PeerAuthentication ForDialler(TransportSettings settings, EndpointId expectedPeer, string where)
        => new(settings, expectedPeer, where);

    /// <summary>The acceptor's half: any peer passes that proves who it is.</summary>
    /// <param name="settings">As whom, and by which clock.</param>
    /// <param name="where">The address for messages, as in <c>tls 127.0.0.1:4433</c>.</param>
    public static PeerAuthentication ForAcceptor(TransportSettings settings, string where) => new(settings, null, where);

    /// <summary>Whether the peer has proved who it is.</summary>
    public bool IsVerified => _peerId is not null;

    /// <summary>Who the peer proved to be.</summary>
    /// <exception cref="InvalidOperationException">It has not.</exception>
    public EndpointId PeerId => _peerId ?? throw new InvalidOperationException("The peer has not proved who it is.");

    /// <summary>Why the peer's certificate was refused, as <see cref="PeerErrorKind.WrongPeer"/> or
    /// <see cref="PeerErrorKind.AuthenticationFailed"/>; null where it was not.</summary>
    public PeerException? Failure { get; private set; }

    /// <summary>What the dialler's TLS stack is to do.</summary>
    /// <param name="alpns">What to offer, in the order of preference.</param>
    public SslClientAuthenticationOptions CreateClientOptions(AlpnList alpns) => new()
    {
        // No server name leaves this machine: peers are named by key, and a name would only tell observers something.
        TargetHost = string.Empty,
        ApplicationProtocols = alpns.ToTls(),
        EnabledSslProtocols = SslProtocols.Tls13,
        ClientCertificateContext = CurrentContext(),
        RemoteCertificateValidationCallback = Verify,
        CertificateChainPolicy = CreateChainPolicy(),
        CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
        AllowTlsResume = false,
    };

    /// <summary>What the acceptor's TLS stack is to do.</summary>
    /// <param name="alpns">What to accept, first preferred; an empty list refuses every dialler with the alert that says so.</param>
    public SslServerAuthenticationOptions CreateServerOptions(AlpnList alpns) => new()
    {
        ApplicationProtocols = alpns.ToTls(),
        EnabledSslProtocols = SslProtocols.Tls13,
        ServerCertificateContext = CurrentContext(),
        ClientCertificateRequired = true,
        RemoteCertificateValidationCallback = Verify,
        CertificateChainPolicy = CreateChainPolicy(),
        CertificateRevocationCheckMode = X509RevocationMode.NoCheck,

        // A resumed session carries over the first one's authentication instead of doing it again.
        AllowTlsResume = false,
    };

    private SslStreamCertificateContext CurrentContext() => Contexts.GetValue(
        _settings.Certificates.Current,
        static certificate => SslStreamCertificateContext.Create(certificate, additionalCertificates: null, offline: true));

    // The TLS stack builds a chain before it asks us. This policy makes that cheap and local, and is one per handshake since the stack puts
    // what the peer sent into it.
    private static X509ChainPolicy CreateChainPolicy() => new()
    {
        TrustMode = X509ChainTrustMode.CustomRootTrust,
        RevocationMode = X509RevocationMode.NoCheck,
        VerificationFlags = X509VerificationFlags.AllFlags,
        DisableCertificateDownloads = true,
    };

    private bool Verify(object sender, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        Failure = Judge(certificate, chain);

        // The connection keeps the policy for its life, and needs nothing of this any more.
        chain?.ChainPolicy.ExtraStore.Clear();
        return Failure is null;
    }

    private PeerException? Judge(X509Certificate? certificate, X509Chain? chain)
    {
        EndpointId seen;
        try
        {
            seen = PeerCertificate.Verify(certificate, chain, _settings.TimeProvider.GetUtcNow());
        }
        catch (CryptographicException exception)
        {
            return new PeerException(
                PeerErrorKind.AuthenticationFailed,
                $"The peer at {_where} could not prove who it is. {exception.Message}",
                exception);
        }

        if (_expectedPeer is { } expected && expected != seen)
        {
            return new PeerException(PeerErrorKind.WrongPeer, WrongPeerText.Describe(_where, seen, expected));
        }

        _peerId = seen;
        return null;
    }
}
