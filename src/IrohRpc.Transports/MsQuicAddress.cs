using System.Diagnostics.CodeAnalysis;
using System.Net;
using IrohRpc.Transports.Internal;

namespace IrohRpc.Transports;

/// <summary>
/// The address of <see cref="MsQuicTransport"/>: an IP address and a UDP port. In a ticket it is a custom address, since an ip address there
/// belongs to QUIC as iroh speaks it, with raw public keys, which MsQuic does not offer.
/// </summary>
public static class MsQuicAddress
{
    /// <summary>The number of the transport in custom addresses: "msqc" in ASCII.</summary>
    public const ulong TransportNumber = 0x6d737163;

    /// <summary>The custom address for a UDP endpoint.</summary>
    /// <param name="endPoint">An IPv4 or IPv6 address and UDP port.</param>
    /// <exception cref="ArgumentException">The address is of another family.</exception>
    public static TransportAddress Create(IPEndPoint endPoint) => CustomSocketAddress.Create(TransportNumber, endPoint);

    /// <summary>Reads the UDP endpoint out of a custom address.</summary>
    /// <param name="address">Any address.</param>
    /// <param name="endPoint">The endpoint, where the result is true.</param>
    /// <returns>Whether <paramref name="address"/> is a well-formed address of MsQuic.</returns>
    public static bool TryGetEndPoint(TransportAddress address, [NotNullWhen(true)] out IPEndPoint? endPoint)
        => CustomSocketAddress.TryGet(TransportNumber, address, out endPoint);
}
