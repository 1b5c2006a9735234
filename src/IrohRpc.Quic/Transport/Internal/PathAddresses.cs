using IrohRpc.Quic.Addresses;

namespace IrohRpc.Quic.Transport.Internal;

/// <summary>The ends of paths as peers know them.</summary>
internal static class PathAddresses
{
    /// <summary>The address of a peer that datagrams come from.</summary>
    public static TransportAddress Of(in UdpAddress address)
        => address.Relayed is { } relayed ? TransportAddress.Relay(relayed.RelayUrl) : TransportAddress.Ip(address.ToIPEndPoint());

    /// <summary>Where datagrams to a peer go; null where QUIC does not reach the address.</summary>
    /// <param name="address">The address.</param>
    /// <param name="peer">The peer.</param>
    public static UdpAddress? ToPath(TransportAddress address, EndpointId peer)
        => address.ToEndPoint() is { Port: > 0 } endPoint ? UdpAddress.From(endPoint)
            : RelayUrlOf(address) is { } url ? UdpAddress.From(new RelayedPeer(url, peer))
            : null;

    /// <summary>The URL of a relay in its normal form; null where the address is none that can be dialled.</summary>
    public static string? RelayUrlOf(TransportAddress address)
        => address.Kind == TransportAddressKind.Relay
            && Uri.TryCreate(address.RelayUrl, UriKind.Absolute, out Uri? url)
            && url is { Scheme: "http" or "https" or "ws" or "wss", Host.Length: > 0 }
            ? url.AbsoluteUri
            : null;
}
