using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace IrohRpc.Routing.Internal.Accepting;

/// <summary>
/// Whom a connection is counted against before its peer is known: an IPv4 address, the first 64 bits of an IPv6 address, or the whole address of
/// a transport that has no IP addresses. Ports do not count, nor which transport it is.
/// </summary>
internal readonly record struct SourceKey
{
    private readonly AddressFamily _family;
    private readonly ulong _network;
    private readonly TransportAddress? _other;

    private SourceKey(AddressFamily family, ulong network, TransportAddress? other)
    {
        _family = family;
        _network = network;
        _other = other;
    }

    public static SourceKey Of(TransportAddress remoteAddress)
    {
        if (!remoteAddress.TryGetIPEndPoint(out IPEndPoint? endPoint))
        {
            return new(AddressFamily.Unspecified, 0, remoteAddress);
        }

        IPAddress address = endPoint.Address.IsIPv4MappedToIPv6 ? endPoint.Address.MapToIPv4() : endPoint.Address;
        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out _);
        return address.AddressFamily == AddressFamily.InterNetwork
            ? new(AddressFamily.InterNetwork, BinaryPrimitives.ReadUInt32BigEndian(bytes), null)
            : new(AddressFamily.InterNetworkV6, BinaryPrimitives.ReadUInt64BigEndian(bytes), null);
    }
}
