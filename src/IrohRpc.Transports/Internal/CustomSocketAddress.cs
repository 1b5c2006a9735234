using System.Diagnostics.CodeAnalysis;
using System.Net;
using IrohRpc.Identity;

namespace IrohRpc.Transports.Internal;

/// <summary>
/// IP addresses and ports as custom addresses: the form in which transports other than QUIC put them into tickets. The bytes are those of an ip
/// address in a ticket: family (0 for IPv4, 1 for IPv6), address, port as a varint.
/// </summary>
internal static class CustomSocketAddress
{
    public static TransportAddress Create(ulong transport, IPEndPoint endPoint)
        => TransportAddress.Custom(transport, SocketAddressEncoding.Encode(endPoint));

    public static bool TryGet(ulong transport, TransportAddress address, [NotNullWhen(true)] out IPEndPoint? endPoint)
    {
        ArgumentNullException.ThrowIfNull(address);
        endPoint = null;
        return address.Kind == TransportAddressKind.Custom
            && address.Number == transport
            && SocketAddressEncoding.TryDecode(address.Data.Span, out endPoint);
    }
}
