using System.Net;

namespace IrohRpc.Transports.Conformance;

/// <summary>Addresses that must have an IP address in them.</summary>
public static class IpAddresses
{
    /// <summary>The IP address and port.</summary>
    public static IPEndPoint ToIPEndPoint(this TransportAddress address)
        => address.TryGetIPEndPoint(out IPEndPoint? endPoint) ? endPoint : throw new InvalidOperationException($"{address} has no IP address.");
}
