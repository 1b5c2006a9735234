using System.Net;
using IrohRpc.Transports.Tls.Internal;

namespace IrohRpc.Transports;

/// <summary>
/// TLS 1.3 over TCP, carrying QMux (draft-ietf-quic-qmux): QUIC's streams for hosts without MsQuic and for networks that drop UDP.
/// Works wherever <see cref="System.Net.Security.SslStream"/> has TLS 1.3 (<see cref="UnsupportedReason"/>). Addresses are those that <see cref="TlsAddress"/> makes.
/// </summary>
/// <remarks>
/// <para>Both ends authenticate by the libp2p TLS specification, sessions are never resumed, and no server name is sent. The
/// acceptor's order of ALPNs decides.</para>
/// <para>A dial and an accept complete once both ends have heard each other's first QMux record. In TLS 1.3 one end is done before the
/// other has judged its certificate; that record proves that it did.</para>
/// <para>Stateless; one instance serves any number of endpoints.</para>
/// </remarks>
public sealed class TlsTransport : ITransport
{
    internal const string TransportName = "tls";

    /// <summary>The one instance that is needed.</summary>
    public static TlsTransport Instance { get; } = new();

    /// <inheritdoc/>
    public string Name => TransportName;

    /// <summary>Null, but on macOS and on Windows before Server 2022 and Windows 11, whose <see cref="System.Net.Security.SslStream"/> has no TLS 1.3 for both sides.</summary>
    public string? UnsupportedReason => TlsSupport.UnsupportedReason;

    /// <inheritdoc/>
    public bool CanDial(TransportAddress address) => TlsAddress.TryGetEndPoint(address, out _);

    /// <inheritdoc/>
    public async ValueTask<PeerConnection> DialAsync(
        TransportAddress address, DialRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(address);
        ArgumentNullException.ThrowIfNull(request);
        cancellationToken.ThrowIfCancellationRequested();
        if (!TlsAddress.TryGetEndPoint(address, out IPEndPoint? endPoint))
        {
            throw new PeerException(
                PeerErrorKind.TransportUnsupported, $"The TLS transport cannot dial {address}: it is not an address of its kind.");
        }

        return await new TlsDial(address, endPoint, request).RunAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public ValueTask<ITransportListener> ListenAsync(ListenRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        cancellationToken.ThrowIfCancellationRequested();
        return new ValueTask<ITransportListener>(TlsListener.Start(request));
    }
}
