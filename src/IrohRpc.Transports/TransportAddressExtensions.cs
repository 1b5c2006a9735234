using System.Diagnostics.CodeAnalysis;
using System.Net;
using IrohRpc.Transports;

namespace IrohRpc;

/// <summary>What rules about addresses want to know of them, whichever transport they belong to.</summary>
public static class TransportAddressExtensions
{
    /// <summary>The IP address and port inside an address, for a rule such as <c>PeerEndpointOptions.AdmitAddress</c>.</summary>
    /// <param name="address">An address of QUIC, MsQuic or TLS, or any other.</param>
    /// <param name="endPoint">The IP address and port as an object of the caller's own, where the result is true.</param>
    /// <returns>Whether the address has an IP address.</returns>
    public static bool TryGetIPEndPoint(this TransportAddress address, [NotNullWhen(true)] out IPEndPoint? endPoint)
    {
        ArgumentNullException.ThrowIfNull(address);
        endPoint = address.ToEndPoint();
        return endPoint is not null
            || TlsAddress.TryGetEndPoint(address, out endPoint)
            || MsQuicAddress.TryGetEndPoint(address, out endPoint);
    }
}
