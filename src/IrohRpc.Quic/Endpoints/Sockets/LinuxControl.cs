using System.Buffers.Binary;
using IrohRpc.Quic.Addresses;
using IrohRpc.Quic.Recovery;
using static IrohRpc.Quic.Endpoints.Sockets.LinuxSockets;

namespace IrohRpc.Quic.Endpoints.Sockets;

/// <summary>The control messages beside a datagram on Linux: congestion mark, local address, length of segments.</summary>
internal unsafe ref struct LinuxControl
{
    /// <summary>A buffer of this many bytes takes all that is asked for.</summary>
    public const int MaxLength = 128;

    private const int HeaderLength = 16;
    private const int EcnMask = 3;

    private readonly Span<byte> _buffer;
    private int _length;

    /// <summary>Starts to write.</summary>
    /// <param name="buffer">Where to; aligned to eight bytes.</param>
    public LinuxControl(Span<byte> buffer) => _buffer = buffer;

    /// <summary>How many bytes were written.</summary>
    public readonly int Length => _length;

    /// <summary>Says how long the datagrams are that the kernel is to cut the buffer into.</summary>
    public void AddSegmentLength(int length) => BinaryPrimitives.WriteUInt16LittleEndian(Add(Udp, UdpSegment, sizeof(ushort)), (ushort)length);

    /// <summary>Says how the datagrams are marked.</summary>
    public void AddEcn(EcnCodepoint ecn, bool isIPv6)
        => BinaryPrimitives.WriteInt32LittleEndian(isIPv6 ? Add(IpV6, IpV6TrafficClass, sizeof(int)) : Add(Ip, IpTos, sizeof(int)), (int)ecn);

    /// <summary>Says which address of this machine the datagrams come from.</summary>
    public void AddSource(in UdpAddress source)
    {
        if (source.IsIPv6)
        {
            Span<byte> data = Add(IpV6, IpV6PacketInfo, 20);
            source.WriteAddress(data);
            BinaryPrimitives.WriteUInt32LittleEndian(data[16..], source.Scope);
        }
        else
        {
            source.WriteAddress(Add(Ip, IpPacketInfo, 12)[4..]);
        }
    }

    /// <summary>Reads what came with a datagram.</summary>
    /// <param name="control">The control messages.</param>
    /// <param name="localPort">The port of the socket.</param>
    /// <param name="local">The address that it was sent to; left alone where it is not told.</param>
    /// <param name="ecn">Its congestion mark.</param>
    /// <param name="segmentLength">How long the datagrams are that the kernel put together; zero where there is one.</param>
    public static void Read(ReadOnlySpan<byte> control, int localPort, ref UdpAddress local, out EcnCodepoint ecn, out int segmentLength)
    {
        ecn = EcnCodepoint.NotEct;
        segmentLength = 0;
        while (control.Length >= HeaderLength)
        {
            int length = (int)Math.Min(BinaryPrimitives.ReadUInt32LittleEndian(control), (uint)control.Length);
            if (length < HeaderLength)
            {
                return;
            }

            ReadOnlySpan<byte> data = control[HeaderLength..length];
            switch (BinaryPrimitives.ReadInt32LittleEndian(control[8..]), BinaryPrimitives.ReadInt32LittleEndian(control[12..]))
            {
                case (Udp, UdpGro):
                    segmentLength = BinaryPrimitives.ReadUInt16LittleEndian(data);
                    break;
                case (Ip, IpTos) or (IpV6, IpV6TrafficClass):
                    ecn = (EcnCodepoint)(data[0] & EcnMask);
                    break;
                case (Ip, IpPacketInfo):
                    local = UdpAddress.Create(data.Slice(4, 4), localPort);
                    break;
                case (IpV6, IpV6PacketInfo):
                    local = UdpAddress.Create(data[..16], localPort, ScopeOf(data));
                    break;
            }

            control = control[Math.Min(Align(length), control.Length)..];
        }
    }

    /// <summary>Reads why a datagram that was sent did not get there.</summary>
    /// <param name="control">The control messages of an entry of the error queue.</param>
    /// <returns>The error number; zero where there is none.</returns>
    public static int ReadError(ReadOnlySpan<byte> control)
    {
        while (control.Length >= HeaderLength)
        {
            int length = (int)Math.Min(BinaryPrimitives.ReadUInt32LittleEndian(control), (uint)control.Length);
            if (length < HeaderLength)
            {
                break;
            }

            if ((BinaryPrimitives.ReadInt32LittleEndian(control[8..]), BinaryPrimitives.ReadInt32LittleEndian(control[12..]))
                is (Ip, IpReceiveErrors) or (IpV6, IpV6ReceiveErrors))
            {
                return BinaryPrimitives.ReadInt32LittleEndian(control[HeaderLength..]);
            }

            control = control[Math.Min(Align(length), control.Length)..];
        }

        return 0;
    }

    // Only link-local addresses depend on the interface; the kernel tells it for all.
    private static uint ScopeOf(ReadOnlySpan<byte> packetInfo)
        => packetInfo[0] == 0xfe && (packetInfo[1] & 0xc0) == 0x80 ? BinaryPrimitives.ReadUInt32LittleEndian(packetInfo[16..]) : 0;

    private static int Align(int length) => (length + sizeof(nuint) - 1) & ~(sizeof(nuint) - 1);

    private Span<byte> Add(int level, int type, int dataLength)
    {
        Span<byte> message = _buffer.Slice(_length, HeaderLength + Align(dataLength));
        message.Clear();
        BinaryPrimitives.WriteInt64LittleEndian(message, HeaderLength + dataLength);
        BinaryPrimitives.WriteInt32LittleEndian(message[8..], level);
        BinaryPrimitives.WriteInt32LittleEndian(message[12..], type);
        _length += message.Length;
        return message[HeaderLength..];
    }
}
