using System.Net;
using IrohRpc.Identity;
using IrohRpc.Tests.Shared.Iroh;

namespace IrohRpc.Transports.Tests.Quic.Interop;

/// <summary>Our side of an interop test: one endpoint with one socket inside a namespace, that dials and accepts.</summary>
internal sealed class NamespacedPeer : IAsyncDisposable
{
    private readonly SecretKey _key = SecretKey.Generate();
    private readonly PeerCertificateSource _certificates;
    private readonly QuicTransport _transport;
    private readonly TransportSettings _settings;
    private readonly ITransportListener _listener;

    public NamespacedPeer(NetworkNamespace network, QuicTransportOptions? options = null, IReadOnlyList<string>? alpns = null, IPAddress? address = null)
    {
        _certificates = new PeerCertificateSource(_key);
        _transport = new QuicTransport(options);
        _settings = new TransportSettings { Certificates = _certificates };
        var request = new ListenRequest(new IPEndPoint(address ?? IPAddress.Loopback, 0), alpns ?? [IrohPeer.Alpn], _settings);
        _listener = network.Run(() => _transport.ListenAsync(request, CancellationToken.None).AsTask().Result);
    }

    public EndpointId Id => _key.Id;

    public IPEndPoint Address => _listener.LocalAddress.ToEndPoint()!;

    public Task<PeerConnection> DialAsync(IrohPeer peer, EndpointId? expected = null, string alpn = IrohPeer.Alpn, IPEndPoint? address = null)
        => _transport.DialAsync(
            TransportAddress.Ip(address ?? peer.Address), new DialRequest(expected ?? peer.Id, [alpn], _settings), CancellationToken.None).AsTask()
            .WaitAsync(IrohPeer.Patience);

    public Task<PeerConnection> AcceptAsync() => _listener.AcceptAsync(CancellationToken.None).AsTask().WaitAsync(IrohPeer.Patience);

    public async ValueTask DisposeAsync()
    {
        await _listener.DisposeAsync();
        _certificates.Dispose();
        _key.Dispose();
    }
}
