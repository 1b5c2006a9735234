using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace IrohRpc.Quic.Addresses;

/// <summary>
/// Where a datagram comes from or goes to, as a value, so that a datagram's origin costs no allocation: an IP address and a port, or a peer behind a relay.
/// IPv4 addresses mapped into IPv6 are IPv4 here.
/// </summary>
internal readonly record struct UdpAddress
{
    private readonly UInt128 _address;
    private readonly uint _scope;
    private readonly ushort _port;
    private readonly bool _isIPv6;
    private readonly RelayedPeer? _relayed;

    private UdpAddress(UInt128 address, uint scope, ushort port, bool isIPv6)
    {
        _address = address;
        _scope = scope;
        _port = port;
        _isIPv6 = isIPv6;
    }

    private UdpAddress(RelayedPeer relayed) => _relayed = relayed;

    /// <summary>The peer behind a relay that this stands for; null for an IP address.</summary>
    public RelayedPeer? Relayed => _relayed;

    /// <summary>Whether there is no address: the platform does not tell, or nobody asked.</summary>
    public bool IsUnspecified => this == default;

    /// <summary>Whether the address is an IPv6 one.</summary>
    public bool IsIPv6 => _isIPv6;

    /// <summary>Whether the address is of this machine only.</summary>
    public bool IsLoopback => _relayed is null && (_isIPv6 ? _address == 1 : _address >> 24 == 127);

    /// <summary>The port.</summary>
    public int Port => _port;

    /// <summary>The index of the interface that an IPv6 link-local address belongs to.</summary>
    public uint Scope => _scope;

    /// <summary>Makes an address from its bytes in network order.</summary>
    /// <param name="address">4 or 16 bytes.</param>
    /// <param name="port">The port in host order.</param>
    /// <param name="scope">The scope of an IPv6 address.</param>
    public static UdpAddress Create(ReadOnlySpan<byte> address, int port, uint scope = 0)
    {
        if (address.Length == 4)
        {
            return new UdpAddress(BinaryPrimitives.ReadUInt32BigEndian(address), 0, (ushort)port, false);
        }

        UInt128 value = BinaryPrimitives.ReadUInt128BigEndian(address);
        return value >> 32 == 0xffff
            ? new UdpAddress((uint)value, 0, (ushort)port, false)
            : new UdpAddress(value, scope, (ushort)port, true);
    }

    /// <summary>Makes the address of a peer behind a relay.</summary>
    public static UdpAddress From(RelayedPeer peer) => new(peer);

    /// <summary>Makes an address from the class library's.</summary>
    public static UdpAddress From(IPEndPoint endPoint)
    {
        Span<byte> bytes = stackalloc byte[16];
        endPoint.Address.TryWriteBytes(bytes, out int length);
        return Create(bytes[..length], endPoint.Port, length == 16 ? (uint)endPoint.Address.ScopeId : 0);
    }

    /// <summary>Writes the bytes of the address in network order.</summary>
    /// <returns>4 or 16.</returns>
    public int WriteAddress(Span<byte> destination)
    {
        if (_isIPv6)
        {
            BinaryPrimitives.WriteUInt128BigEndian(destination, _address);
            return 16;
        }

        BinaryPrimitives.WriteUInt32BigEndian(destination, (uint)_address);
        return 4;
    }

    /// <summary>The class library's form of an IP address; it allocates.</summary>
    public IPEndPoint ToIPEndPoint()
    {
        Span<byte> bytes = stackalloc byte[16];
        int length = WriteAddress(bytes);
        return new IPEndPoint(_isIPv6 ? new IPAddress(bytes, _scope) : new IPAddress(bytes[..length]), _port);
    }

    /// <summary>Whether only the port differs: a NAT that has forgotten its mapping, more likely than another network.</summary>
    public bool HasSameHost(in UdpAddress other)
        => _relayed is null && other._relayed is null && _address == other._address && _isIPv6 == other._isIPv6 && _scope == other._scope;

    /// <inheritdoc/>
    public override string ToString() => _relayed?.ToString() ?? ToIPEndPoint().ToString();
}
