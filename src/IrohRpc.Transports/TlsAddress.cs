using System.Diagnostics.CodeAnalysis;
using System.Net;
using IrohRpc.Transports.Internal;

namespace IrohRpc.Transports;

/// <summary>
/// The address of <see cref="TlsTransport"/>: an IP address and a TCP port. In a ticket it is a custom address, so that peers that do not know
/// this transport carry it along unharmed.
/// </summary>
public static class TlsAddress
{
    /// <summary>The number of the transport in custom addresses: "qmux" in ASCII.</summary>
    public const ulong TransportNumber = 0x716d7578;

    /// <summary>The custom address for a TCP endpoint.</summary>
    /// <param name="endPoint">An IPv4 or IPv6 address and TCP port.</param>
    /// <exception cref="ArgumentException">The address is of another family.</exception>
    public static TransportAddress Create(IPEndPoint endPoint) => CustomSocketAddress.Create(TransportNumber, endPoint);

    /// <summary>Reads the TCP endpoint out of a custom address.</summary>
    /// <param name="address">Any address.</param>
    /// <param name="endPoint">The endpoint, where the result is true.</param>
    /// <returns>Whether <paramref name="address"/> is a well-formed address of the TLS transport.</returns>
    public static bool TryGetEndPoint(TransportAddress address, [NotNullWhen(true)] out IPEndPoint? endPoint)
        => CustomSocketAddress.TryGet(TransportNumber, address, out endPoint);
}
