using System.Net;
using System.Net.Quic;
using IrohRpc.Identity;
using IrohRpc.Transports.Conformance;
using IrohRpc.Transports.Internal;
using IrohRpc.Transports.MsQuic.Internal;
using IrohRpc.Transports.Tests.Tls;

namespace IrohRpc.Transports.Tests.MsQuic;

#pragma warning disable CA1416 // Tests of QUIC are skipped where it is not supported.

/// <summary>One peer of a test: its key, its settings and its log; also one that a test drives by hand, below the transport.</summary>
internal sealed class MsQuicPeer : IDisposable
{
    public const string Alpn = "test/1";

    private readonly SecretKey _key = SecretKey.Generate();
    private readonly PeerCertificateSource _certificates;

    public MsQuicPeer(TimeProvider? clock = null, TimeProvider? certificateClock = null, int unidirectionalStreams = 16)
    {
        Assert.SkipUnless(QuicListener.IsSupported && QuicConnection.IsSupported, MsQuicTransport.Instance.UnsupportedReason ?? "");
        _certificates = certificateClock is null
            ? new PeerCertificateSource(_key)
            : new PeerCertificateSource(
                _key, certificateClock.GetUtcNow() - TimeSpan.FromDays(2), certificateClock.GetUtcNow() + TimeSpan.FromDays(30));
        Settings = new TransportSettings
        {
            Certificates = _certificates,
            LoggerFactory = Log,
            TimeProvider = clock ?? TimeProvider.System,
            MaxInboundUnidirectionalStreams = unidirectionalStreams,
        };
    }

    public EndpointId Id => _key.Id;

    public RecordingLog Log { get; } = new();

    public TransportSettings Settings { get; }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public Task<ITransportListener> ListenAsync(
        IHandshakeAdmission? admission = null, IPEndPoint? at = null, IReadOnlyList<string>? alpns = null)
        => MsQuicTransport.Instance.ListenAsync(
            new ListenRequest(at ?? new IPEndPoint(IPAddress.Loopback, 0), alpns ?? [Alpn], Settings) { Admission = admission }, Token).Bounded();

    public Task<PeerConnection> DialAsync(TransportAddress address, EndpointId peer, params string[] alpns)
        => MsQuicTransport.Instance.DialAsync(
            address, new DialRequest(peer, alpns.Length == 0 ? [Alpn] : alpns, Settings), Token).Bounded();

    /// <summary>Dials, and fails as the test expects.</summary>
    public Task<PeerException> FailToDialAsync(TransportAddress address, EndpointId peer, params string[] alpns)
        => Assert.ThrowsAsync<PeerException>(async () =>
        {
            await using PeerConnection connection = await DialAsync(address, peer, alpns);
        });

    /// <summary>Dials without the transport: the handshake alone.</summary>
    public Task<QuicConnection> DialByHandAsync(TransportAddress address, EndpointId peer)
        => QuicConnection.ConnectAsync(
            MsQuicOptions.ForDialler(
                Settings,
                address.ToIPEndPoint(),
                PeerAuthentication.ForDialler(Settings, peer, "there"),
                AlpnList.ForDialler([Alpn]),
                new MsQuicStreamCredit(),
                hasControlStreams: true),
            Token).Bounded();

    /// <summary>Listens without the transport.</summary>
    public Task<QuicListener> ListenByHandAsync()
        => QuicListener.ListenAsync(
            new QuicListenerOptions
            {
                ListenEndPoint = new IPEndPoint(IPAddress.Loopback, 0),
                ApplicationProtocols = AlpnList.ForAcceptor([Alpn]).ToTls(),
                ConnectionOptionsCallback = (_, _, _) => new ValueTask<QuicServerConnectionOptions>(MsQuicOptions.ForAcceptor(
                    Settings,
                    PeerAuthentication.ForAcceptor(Settings, "there").CreateServerOptions(AlpnList.ForAcceptor([Alpn])),
                    new MsQuicStreamCredit(),
                    hasControlStreams: true)),
            },
            Token).Bounded();

    /// <summary>Proves that a listener still does its work.</summary>
    public async Task MeetAsync(ITransportListener listener, EndpointId acceptor, params string[] alpns)
    {
        await using PeerConnection dialled = await DialAsync(listener.LocalAddress, acceptor, alpns);
        await using PeerConnection accepted = await listener.AcceptAsync(Token).Bounded();
        Assert.Equal((Id, acceptor), (accepted.PeerId, dialled.PeerId));
        await using PeerStream here = await dialled.OpenBidirectionalStreamAsync(Token).Bounded();
        await here.WriteAsync(new byte[] { 42 }, completeWrites: true, Token).Bounded();
        await using PeerStream there = await accepted.AcceptBidirectionalStreamAsync(Token).Bounded();
        byte[] buffer = new byte[1];
        Assert.Equal(1, await there.ReadAsync(buffer, Token).Bounded());
        await there.WriteAsync(buffer, completeWrites: true, Token).Bounded();
        Assert.Equal(1, await here.ReadAsync(buffer, Token).Bounded());
    }

    public void Dispose()
    {
        _certificates.Dispose();
        _key.Dispose();
        Log.Dispose();
    }
}
