using IrohRpc.Quic.Addresses;
using IrohRpc.Transports;

namespace IrohRpc.Quic.Transport.Internal;

/// <summary>QUIC through relays, for one endpoint: it dials the addresses that name a relay, and takes in peers that come through one.</summary>
/// <param name="relay">The endpoint's relays.</param>
/// <param name="options">The options of the endpoint's QUIC.</param>
internal sealed class RelayedQuicTransport(IDatagramRelay relay, QuicTransportOptions options) : ITransport
{
    private static readonly TransportAddress AnyRelay = TransportAddress.Relay("any");

    /// <inheritdoc/>
    public string Name => "relay";

    /// <inheritdoc/>
    public string? UnsupportedReason => null;

    /// <inheritdoc/>
    public bool CanDial(TransportAddress address) => PathAddresses.RelayUrlOf(address) is not null;

    /// <inheritdoc/>
    public async ValueTask<PeerConnection> DialAsync(TransportAddress address, DialRequest request, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        string url = PathAddresses.RelayUrlOf(address)
            ?? throw new PeerException(PeerErrorKind.TransportUnsupported, $"{address} names no relay that can be dialled.");
        var dial = new QuicDial(
            address, UdpAddress.From(new RelayedPeer(url, request.PeerId)), node => node.UseRelay(relay, options), request, options);
        return await dial.RunAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public ValueTask<ITransportListener> ListenAsync(ListenRequest request, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return new ValueTask<ITransportListener>(QuicPeerListener.Start(request, relay, AnyRelay, options));
    }
}
