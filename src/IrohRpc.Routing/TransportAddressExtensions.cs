using System.Diagnostics.CodeAnalysis;
using System.Net;
using IrohRpc.Transports;

namespace IrohRpc;

/// <summary>What rules about addresses want to know of them, whichever transport they are of.</summary>
public static class TransportAddressExtensions
{
    /// <summary>The IP address and port inside the address of QUIC or TLS, for a rule such as <see cref="PeerEndpointOptions.AdmitAddress"/>.</summary>
    /// <param name="address">Any address.</param>
    /// <param name="endPoint">The IP address and port, where the result is true.</param>
    /// <returns>Whether the address has an IP address.</returns>
    public static bool TryGetIPEndPoint(this TransportAddress address, [NotNullWhen(true)] out IPEndPoint? endPoint)
    {
        ArgumentNullException.ThrowIfNull(address);
        endPoint = address.EndPoint;
        return endPoint is not null || TlsAddress.TryGetEndPoint(address, out endPoint);
    }
}
