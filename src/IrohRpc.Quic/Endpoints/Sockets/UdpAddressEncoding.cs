using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using IrohRpc.Quic.Addresses;

namespace IrohRpc.Quic.Endpoints.Sockets;

/// <summary>Addresses in the layout of the socket API, which is the same everywhere but for the first two bytes.</summary>
internal static class UdpAddressEncoding
{
    private const int PortOffset = 2;
    private const int AddressOffset4 = 4;
    private const int AddressOffset6 = 8;
    private const int ScopeOffset = 24;

    /// <summary>Reads an address.</summary>
    public static UdpAddress Read(SocketAddress address) => Read(address.Buffer.Span, address.Family == AddressFamily.InterNetworkV6);

    /// <summary>Reads an address.</summary>
    /// <param name="bytes">The structure.</param>
    /// <param name="isIPv6">Of which family it is.</param>
    public static UdpAddress Read(ReadOnlySpan<byte> bytes, bool isIPv6)
    {
        int port = BinaryPrimitives.ReadUInt16BigEndian(bytes[PortOffset..]);
        return isIPv6
            ? UdpAddress.Create(bytes.Slice(AddressOffset6, 16), port, BitConverter.ToUInt32(bytes[ScopeOffset..]))
            : UdpAddress.Create(bytes.Slice(AddressOffset4, 4), port);
    }

    /// <summary>Writes an address into one of the same family.</summary>
    public static void Write(SocketAddress address, in UdpAddress value) => Write(address.Buffer.Span, value);

    /// <summary>Writes all but the family.</summary>
    public static void Write(Span<byte> bytes, in UdpAddress value)
    {
        BinaryPrimitives.WriteUInt16BigEndian(bytes[PortOffset..], (ushort)value.Port);
        if (value.IsIPv6)
        {
            bytes.Slice(AddressOffset4, 4).Clear(); // flow information
            value.WriteAddress(bytes[AddressOffset6..]);
            BitConverter.TryWriteBytes(bytes[ScopeOffset..], value.Scope);
        }
        else
        {
            value.WriteAddress(bytes[AddressOffset4..]);
        }
    }
}
