using System.Net;
using System.Net.Security;
using System.Security.Cryptography;
using IrohRpc.Identity;
using IrohRpc.Multiplexing.Streams;
using IrohRpc.Quic.Addresses;
using IrohRpc.Quic.Connections;
using IrohRpc.Quic.Endpoints;
using IrohRpc.Quic.Tls;
using IrohRpc.Quic.Tls.Authentication;
using Microsoft.Extensions.Logging;

namespace IrohRpc.Quic.AddressDiscovery;

/// <summary>
/// Tells whoever asks by QUIC at which address it is seen (iroh's QAD: ALPN <c>/iroh-qad/0</c>, OBSERVED_ADDRESS frames). It takes no streams and no datagrams.
/// </summary>
internal sealed class AddressObserver : IConnectionAcceptor, IAsyncDisposable
{
    /// <summary>The port that iroh's relays use.</summary>
    public const int DefaultPort = 7842;

    /// <summary>The ALPN.</summary>
    public const string Alpn = "/iroh-qad/0";

    private const int MaxHandshakes = 256;

    private static readonly QuicConnectionOptions Settings = new()
    {
        Limits = StreamLimits.None,
        ReportsAddresses = true,
        AcceptsDatagrams = false,
        IdleTimeout = TimeSpan.FromSeconds(60),
        KeepAliveInterval = null,
        HandshakeTimeout = TimeSpan.FromSeconds(5),
    };

    private readonly SecretKey _key;
    private readonly PeerCertificateSource _certificates;
    private readonly TlsIdentity _identity;
    private readonly QuicEndpoint _endpoint;
    private readonly TimeProvider _time;

    private AddressObserver(IPEndPoint endPoint, SslStreamCertificateContext? certificate, TimeProvider time, ILogger logger)
    {
        _time = time;
        _key = SecretKey.Generate();
        _certificates = new PeerCertificateSource(_key);
        try
        {
            _identity = certificate is null ? new TlsIdentity(_key, _certificates) : new WebIdentity(_key, certificate);
            _endpoint = QuicEndpoint.Bind(endPoint, new QuicEndpointOptions
            {
                StatelessResetKey = RandomNumberGenerator.GetBytes(AddressTokens.KeyLength),
                TokenKey = RandomNumberGenerator.GetBytes(AddressTokens.KeyLength),
                MaxHandshakes = MaxHandshakes,
                TimeProvider = time,
                Logger = logger,
            });
        }
        catch
        {
            _certificates.Dispose();
            _key.Dispose();
            throw;
        }

        _endpoint.SetAcceptor(this);
    }

    /// <summary>Where it answers.</summary>
    public IPEndPoint LocalEndPoint => _endpoint.LocalEndPoint;

    /// <summary>Starts to answer.</summary>
    /// <param name="endPoint">Where.</param>
    /// <param name="certificate">The certificate to show, which iroh's endpoints insist on; null for one that nobody has signed, which ours take too.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">Where faults are logged to.</param>
    /// <exception cref="System.Net.Sockets.SocketException">The address cannot be bound.</exception>
    /// <exception cref="ArgumentException">The certificate has no private key that is of use.</exception>
    public static AddressObserver Start(IPEndPoint endPoint, SslStreamCertificateContext? certificate, TimeProvider time, ILogger logger)
        => new(endPoint, certificate, time, logger);

    /// <inheritdoc/>
    public IIncomingConnection? TryAccept(UdpAddress remote) => new Visitor(this);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _endpoint.SetAcceptor(null);
        await _endpoint.ReleaseNow().ConfigureAwait(false);
        _certificates.Dispose();
        _key.Dispose();
    }

    // The connection does all that there is to do.
    private sealed class Visitor(AddressObserver observer) : IIncomingConnection
    {
        public Lock Gate { get; } = new();

        public QuicConnectionOptions Options => Settings;

        public TlsHandshake CreateHandshake(ITlsHandshakeSink sink, ReadOnlyMemory<byte> parameters) => TlsHandshake.CreateServer(
            new TlsServerOptions { Identity = observer._identity, AsksWho = false, Alpns = [Alpn], TransportParameters = parameters, TimeProvider = observer._time }, sink);

        public void Start(EndpointConnection connection)
        {
        }

        public void HandleEvents(ConnectionEvents events, bool isMoreComing)
        {
        }

        public bool TakeExpectsAnswer() => false;

        public void HandleUnreachable()
        {
        }
    }
}
