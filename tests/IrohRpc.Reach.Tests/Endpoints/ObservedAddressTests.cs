using System.Net;
using System.Net.Quic;
using System.Net.Security;
using System.Runtime.Versioning;
using System.Security.Cryptography.X509Certificates;
using IrohRpc.Identity;
using IrohRpc.Quic.AddressDiscovery;
using IrohRpc.Quic.Transport.Internal;
using IrohRpc.Transports;
using Microsoft.Extensions.Logging.Abstractions;

namespace IrohRpc.Reach.Tests.Endpoints;

/// <summary>What a relay tells an endpoint about where it sees it, and what peers tell each other.</summary>
public sealed class ObservedAddressTests
{
    private const string NoMsQuic = "System.Net.Quic needs libmsquic, which is not installed.";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(null)]
    [InlineData("RSA")]
    [InlineData("P-256")]
    [InlineData("P-384")]
    public async Task Whoever_asks_is_told_where_it_is_seen_and_hears_when_nobody_answers_any_more(string? keyType)
    {
        using WebCertificates? web = keyType is null ? null : new WebCertificates(keyType);
        AddressObserver observer = AddressObserver.Start(new IPEndPoint(IPAddress.Loopback, 0), web?.Context, TimeProvider.System, NullLogger.Instance);
        await using var gate = new UdpGate(observer.LocalEndPoint, isOpen: true);
        using var asking = new Node(traversesNats: false);
        var told = new TaskCompletionSource<IPEndPoint>(TaskCreationOptions.RunContinuationsAsynchronously);
        AddressQuery query = AddressQuery.Start(
            QuicNode.Of(asking.Settings), (IPEndPoint)gate.Address.ToEndPoint()!, WebCertificates.ServerName, TimeProvider.System, address => told.TrySetResult(address));
        IPEndPoint seen = await told.Task.Soon();

        // The gate stands for a NAT: it has a port of its own.
        Assert.Equal(IPAddress.Loopback, seen.Address);
        Assert.Contains(seen.Port, gate.OutsidePorts);
        await query.DisposeAsync();
        await query.Ended.Soon();
        await observer.DisposeAsync().AsTask().Soon();
    }

    [Theory]
    [InlineData("RSA")]
    [InlineData("P-256")]
    [InlineData("P-384")]
    [SupportedOSPlatform("linux")]
    [SupportedOSPlatform("windows")]
    [SupportedOSPlatform("macos")]
    public async Task A_client_that_verifies_the_relay_by_its_name_and_shows_nothing_of_itself_is_let_in(string keyType)
    {
        Assert.SkipUnless(QuicConnection.IsSupported, NoMsQuic);
        using var web = new WebCertificates(keyType);
        await using AddressObserver observer = AddressObserver.Start(new IPEndPoint(IPAddress.Loopback, 0), web.Context, TimeProvider.System, NullLogger.Instance);
        await using QuicConnection connection = await QuicConnection.ConnectAsync(
            new QuicClientConnectionOptions
            {
                RemoteEndPoint = observer.LocalEndPoint,
                DefaultCloseErrorCode = 0,
                DefaultStreamErrorCode = 0,
                ClientAuthenticationOptions = new SslClientAuthenticationOptions
                {
                    ApplicationProtocols = [new SslApplicationProtocol(AddressObserver.Alpn)],
                    TargetHost = WebCertificates.ServerName,
                    CertificateChainPolicy = new X509ChainPolicy
                    {
                        TrustMode = X509ChainTrustMode.CustomRootTrust,
                        CustomTrustStore = { web.Root },
                        RevocationMode = X509RevocationMode.NoCheck,
                    },
                },
            },
            Cancel).AsTask().Soon();
        Assert.Equal("CN=" + WebCertificates.ServerName, connection.RemoteCertificate!.Subject);
    }

    [Theory]
    [InlineData("RSA")]
    [InlineData("P-256")]
    [InlineData("P-384")]
    [SupportedOSPlatform("linux")]
    [SupportedOSPlatform("windows")]
    [SupportedOSPlatform("macos")]
    public async Task A_relay_that_shows_a_certificate_of_the_web_and_asks_for_none_is_asked_by_its_name(string keyType)
    {
        Assert.SkipUnless(QuicListener.IsSupported, NoMsQuic);
        using var web = new WebCertificates(keyType);
        string? askedFor = null;
        await using QuicListener listener = await QuicListener.ListenAsync(
            new QuicListenerOptions
            {
                ListenEndPoint = new IPEndPoint(IPAddress.Loopback, 0),
                ApplicationProtocols = [new SslApplicationProtocol(AddressObserver.Alpn)],
                ConnectionOptionsCallback = (_, hello, _) =>
                {
                    askedFor = hello.ServerName;
                    return ValueTask.FromResult(new QuicServerConnectionOptions
                    {
                        DefaultCloseErrorCode = 0,
                        DefaultStreamErrorCode = 0,
                        ServerAuthenticationOptions = new SslServerAuthenticationOptions
                        {
                            ApplicationProtocols = [new SslApplicationProtocol(AddressObserver.Alpn)],
                            ServerCertificateContext = web.Context,
                        },
                    });
                },
            },
            Cancel);
        using var asking = new Node(traversesNats: false);
        await using AddressQuery query = AddressQuery.Start(
            QuicNode.Of(asking.Settings), listener.LocalEndPoint, WebCertificates.ServerName, TimeProvider.System, static _ => { });
        await using QuicConnection connection = await listener.AcceptConnectionAsync(Cancel).AsTask().Soon();
        Assert.Equal(WebCertificates.ServerName, askedFor);
    }

    [Fact]
    public async Task Peers_tell_each_other_where_they_see_them()
    {
        using var server = new Node(traversesNats: true);
        using var client = new Node(traversesNats: true);
        await using ITransportListener listener = await QuicTransport.Instance.ListenAsync(
            new ListenRequest(new IPEndPoint(IPAddress.Loopback, 0), [Echo.Alpn], server.Settings), Cancel);
        await using var gate = new UdpGate((IPEndPoint)listener.LocalAddress.ToEndPoint()!, isOpen: true);
        ReportedAddresses reports = QuicNode.Of(client.Settings).ReportedAddresses;
        var changes = new SemaphoreSlim(0);
        reports.Changed = () => changes.Release();
        Task<PeerConnection> accepting = listener.AcceptAsync(Cancel).AsTask();
        PeerConnection connection = await QuicTransport.Instance.DialAsync(
            gate.Address, new DialRequest(server.Settings.Certificates.Id, [Echo.Alpn], client.Settings), Cancel).AsTask().Soon();
        await using PeerConnection accepted = await accepting.Soon();
        await changes.WaitAsync(Cancel).Soon();
        Assert.Contains(Assert.Single(reports.Current).EndPoint.Port, gate.OutsidePorts);

        // What it said lasts as long as the connection.
        await connection.DisposeAsync();
        await changes.WaitAsync(Cancel).Soon();
        Assert.Empty(reports.Current);
    }

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public async Task A_peer_that_looks_for_no_paths_is_told_nothing(bool server, bool client)
    {
        using var serving = new Node(server);
        using var dialling = new Node(client);
        await using ITransportListener listener = await QuicTransport.Instance.ListenAsync(
            new ListenRequest(new IPEndPoint(IPAddress.Loopback, 0), [Echo.Alpn], serving.Settings), Cancel);
        Task<PeerConnection> accepting = listener.AcceptAsync(Cancel).AsTask();
        await using PeerConnection connection = await QuicTransport.Instance.DialAsync(
            listener.LocalAddress, new DialRequest(serving.Settings.Certificates.Id, [Echo.Alpn], dialling.Settings), Cancel).AsTask().Soon();
        await using PeerConnection accepted = await accepting.Soon();
        await using PeerStream stream = await connection.OpenBidirectionalStreamAsync(Cancel);
        await stream.WriteAsync(new byte[1], completeWrites: true, Cancel);
        await using PeerStream taken = await accepted.AcceptBidirectionalStreamAsync(Cancel).AsTask().Soon();
        Assert.Empty(QuicNode.Of(dialling.Settings).ReportedAddresses.Current);
        Assert.Empty(QuicNode.Of(serving.Settings).ReportedAddresses.Current);
    }

    private sealed class Node : IDisposable
    {
        private readonly SecretKey _key = SecretKey.Generate();

        public Node(bool traversesNats)
            => Settings = new TransportSettings { Certificates = new PeerCertificateSource(_key), TraversesNats = traversesNats };

        public TransportSettings Settings { get; }

        public void Dispose()
        {
            Settings.Certificates.Dispose();
            _key.Dispose();
        }
    }
}
