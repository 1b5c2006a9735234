namespace IrohRpc.Quic.Addresses;

/// <summary>A peer that is reached through a relay. The relay says who it is; the handshake proves it.</summary>
/// <param name="RelayUrl">The relay, an absolute URL in its normal form.</param>
/// <param name="Id">The peer.</param>
internal sealed record RelayedPeer(string RelayUrl, EndpointId Id)
{
    /// <inheritdoc/>
    public override string ToString() => $"{RelayUrl} ({Id.ToShortString()})";
}
