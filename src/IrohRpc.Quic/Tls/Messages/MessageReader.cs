using System.Buffers.Binary;
using IrohRpc.Quic.Tls.Alerts;

namespace IrohRpc.Quic.Tls.Messages;

/// <summary>Reads the presentation language of TLS (RFC 8446, section 3). Whatever does not fit fails with <c>decode_error</c>.</summary>
internal ref struct MessageReader
{
    private readonly ReadOnlySpan<byte> _data;
    private int _position;

    /// <summary>Starts at the first byte.</summary>
    /// <param name="data">What to read.</param>
    public MessageReader(ReadOnlySpan<byte> data) => _data = data;

    /// <summary>How many bytes were read.</summary>
    public readonly int Position => _position;

    /// <summary>Whether all is read.</summary>
    public readonly bool IsAtEnd => _position == _data.Length;

    public byte ReadUInt8() => ReadBytes(1)[0];

    public ushort ReadUInt16() => BinaryPrimitives.ReadUInt16BigEndian(ReadBytes(2));

    public uint ReadUInt32() => BinaryPrimitives.ReadUInt32BigEndian(ReadBytes(4));

    /// <summary>Reads so many bytes.</summary>
    /// <param name="length">How many.</param>
    public ReadOnlySpan<byte> ReadBytes(int length)
    {
        if (length > _data.Length - _position)
        {
            throw TlsAlertException.Malformed("A handshake message ends in the middle of a field.");
        }

        ReadOnlySpan<byte> bytes = _data.Slice(_position, length);
        _position += length;
        return bytes;
    }

    /// <summary>Reads a vector with a length of one byte in front.</summary>
    /// <param name="minimum">The least number of bytes that the specification allows in it.</param>
    public ReadOnlySpan<byte> ReadVector8(int minimum = 0) => AtLeast(minimum, ReadBytes(ReadUInt8()));

    /// <summary>Reads a vector with a length of two bytes in front.</summary>
    /// <param name="minimum">The least number of bytes that the specification allows in it.</param>
    public ReadOnlySpan<byte> ReadVector16(int minimum = 0) => AtLeast(minimum, ReadBytes(ReadUInt16()));

    /// <summary>Reads a vector with a length of three bytes in front.</summary>
    public ReadOnlySpan<byte> ReadVector24()
    {
        int high = ReadUInt8();
        return ReadBytes((high << 16) | ReadUInt16());
    }

    /// <summary>Refuses bytes that are left over.</summary>
    public readonly void EnsureEnd()
    {
        if (!IsAtEnd)
        {
            throw TlsAlertException.Malformed("A handshake message has bytes behind its last field.");
        }
    }

    private static ReadOnlySpan<byte> AtLeast(int minimum, ReadOnlySpan<byte> vector)
        => vector.Length >= minimum ? vector : throw TlsAlertException.Malformed("A vector in a handshake message is too short.");
}
