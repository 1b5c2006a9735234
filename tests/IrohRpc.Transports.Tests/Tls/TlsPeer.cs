using System.Net;
using IrohRpc.Identity;

namespace IrohRpc.Transports.Tests.Tls;

/// <summary>One peer of a test: its key, its certificates, its settings and its log.</summary>
internal sealed class TlsPeer : IDisposable
{
    public const string Alpn = "test/1";

    /// <summary>How long a test waits for what is certain to happen before it fails.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly SecretKey _key = SecretKey.Generate();

    public TlsPeer(
        TimeProvider? clock = null, TimeProvider? certificateClock = null, int acceptBacklog = 256, TimeSpan? handshakeTimeout = null)
    {
        Certificates = certificateClock?.GetUtcNow() is { } now
            ? new PeerCertificateSource(_key, now - TimeSpan.FromDays(2), now + TimeSpan.FromDays(30))
            : new PeerCertificateSource(_key);
        Settings = new TransportSettings
        {
            Certificates = Certificates,
            LoggerFactory = Log,
            TimeProvider = clock ?? TimeProvider.System,
            AcceptBacklog = acceptBacklog,
            HandshakeTimeout = handshakeTimeout ?? TimeSpan.FromSeconds(10),
        };
    }

    public EndpointId Id => _key.Id;

    public PeerCertificateSource Certificates { get; }

    public RecordingLog Log { get; } = new();

    public TransportSettings Settings { get; }

    public ValueTask<ITransportListener> ListenAsync(
        IHandshakeAdmission? admission = null, IReadOnlyList<string>? alpns = null, IPEndPoint? at = null)
        => TlsTransport.Instance.ListenAsync(
            new ListenRequest(at ?? new IPEndPoint(IPAddress.Loopback, 0), alpns ?? [Alpn], Settings) { Admission = admission },
            TestContext.Current.CancellationToken);

    public ValueTask<PeerConnection> DialAsync(
        TransportAddress address, EndpointId peer, CancellationToken? cancellationToken = null, params string[] alpns)
        => TlsTransport.Instance.DialAsync(
            address,
            new DialRequest(peer, alpns.Length == 0 ? [Alpn] : alpns, Settings),
            cancellationToken ?? TestContext.Current.CancellationToken);

    /// <summary>Dials, and fails as the test expects.</summary>
    public async Task<PeerException> FailToDialAsync(TransportAddress address, EndpointId peer, params string[] alpns)
        => await Assert.ThrowsAsync<PeerException>(async () =>
        {
            await using PeerConnection connection = await DialAsync(address, peer, null, alpns).AsTask().WaitAsync(Patience);
        });

    /// <summary>Proves that a listener still does its work: dials it, and moves a byte each way.</summary>
    public async Task MeetAsync(ITransportListener listener, EndpointId acceptor)
    {
        CancellationToken token = TestContext.Current.CancellationToken;
        await using PeerConnection dialled = await DialAsync(listener.LocalAddress, acceptor).AsTask().WaitAsync(Patience, token);
        await using PeerConnection accepted = await listener.AcceptAsync(token).AsTask().WaitAsync(Patience, token);
        Assert.Equal(Id, accepted.PeerId);
        Assert.Equal(acceptor, dialled.PeerId);
        await using PeerStream here = await dialled.OpenBidirectionalStreamAsync(token).AsTask().WaitAsync(Patience, token);
        await here.WriteAsync(new byte[] { 42 }, completeWrites: true, token).AsTask().WaitAsync(Patience, token);
        await using PeerStream there = await accepted.AcceptBidirectionalStreamAsync(token).AsTask().WaitAsync(Patience, token);
        var buffer = new byte[1];
        Assert.Equal(1, await there.ReadAsync(buffer, token).AsTask().WaitAsync(Patience, token));
        await there.WriteAsync(buffer, completeWrites: true, token).AsTask().WaitAsync(Patience, token);
        Assert.Equal(1, await here.ReadAsync(buffer, token).AsTask().WaitAsync(Patience, token));
        Assert.Equal(42, buffer[0]);
    }

    public void Dispose()
    {
        Certificates.Dispose();
        _key.Dispose();
        Log.Dispose();
    }
}
