using System.Buffers.Binary;

namespace IrohRpc.Quic.Tls.Messages;

/// <summary>Writes the presentation language of TLS (RFC 8446, section 3) into a buffer that grows.</summary>
internal sealed class MessageWriter
{
    private byte[] _buffer = new byte[512];
    private int _length;

    /// <summary>What was written.</summary>
    public ReadOnlySpan<byte> Written => _buffer.AsSpan(0, _length);

    /// <summary>What was written, to be patched.</summary>
    public Span<byte> WrittenForPatching => _buffer.AsSpan(0, _length);

    /// <summary>How many bytes were written.</summary>
    public int Length => _length;

    /// <summary>Forgets what was written.</summary>
    public void Clear() => _length = 0;

    public void WriteUInt8(byte value) => Reserve(1)[0] = value;

    public void WriteUInt16(ushort value) => BinaryPrimitives.WriteUInt16BigEndian(Reserve(2), value);

    public void WriteUInt32(uint value) => BinaryPrimitives.WriteUInt32BigEndian(Reserve(4), value);

    public void WriteBytes(ReadOnlySpan<byte> bytes) => bytes.CopyTo(Reserve(bytes.Length));

    public void WriteVector8(ReadOnlySpan<byte> bytes)
    {
        WriteUInt8(checked((byte)bytes.Length));
        WriteBytes(bytes);
    }

    public void WriteVector16(ReadOnlySpan<byte> bytes)
    {
        WriteUInt16(checked((ushort)bytes.Length));
        WriteBytes(bytes);
    }

    /// <summary>Adds bytes for the caller to fill.</summary>
    /// <param name="count">How many.</param>
    public Span<byte> Reserve(int count)
    {
        if (_buffer.Length - _length < count)
        {
            Array.Resize(ref _buffer, Math.Max(_buffer.Length * 2, _length + count));
        }

        _length += count;
        return _buffer.AsSpan(_length - count, count);
    }

    /// <summary>Starts a vector whose length is not known yet.</summary>
    /// <param name="lengthBytes">How many bytes its length takes: 1, 2 or 3.</param>
    /// <returns>What <see cref="EndVector"/> needs.</returns>
    public int BeginVector(int lengthBytes)
    {
        Reserve(lengthBytes).Clear();
        return _length;
    }

    /// <summary>Fills in the length of a vector.</summary>
    /// <param name="start">What <see cref="BeginVector"/> returned.</param>
    /// <param name="lengthBytes">The same as there.</param>
    public void EndVector(int start, int lengthBytes)
    {
        int length = _length - start;
        for (int i = 1; i <= lengthBytes; i++)
        {
            _buffer[start - i] = (byte)length;
            length >>= 8;
        }

        if (length != 0)
        {
            throw new InvalidOperationException("A vector is longer than its length field can say.");
        }
    }

    /// <summary>Starts a handshake message.</summary>
    /// <param name="type">Its type.</param>
    /// <returns>What <see cref="EndMessage"/> needs.</returns>
    public int BeginMessage(HandshakeType type)
    {
        WriteUInt8((byte)type);
        return BeginVector(3);
    }

    /// <summary>Ends a handshake message.</summary>
    /// <param name="start">What <see cref="BeginMessage"/> returned.</param>
    public void EndMessage(int start) => EndVector(start, 3);

    /// <summary>Starts an extension.</summary>
    /// <param name="type">Its type.</param>
    /// <returns>What <see cref="EndExtension"/> needs.</returns>
    public int BeginExtension(ExtensionType type)
    {
        WriteUInt16((ushort)type);
        return BeginVector(2);
    }

    /// <summary>Ends an extension.</summary>
    /// <param name="start">What <see cref="BeginExtension"/> returned.</param>
    public void EndExtension(int start) => EndVector(start, 2);

    /// <summary>Writes a whole extension.</summary>
    /// <param name="type">Its type.</param>
    /// <param name="content">Its content.</param>
    public void WriteExtension(ExtensionType type, ReadOnlySpan<byte> content)
    {
        WriteUInt16((ushort)type);
        WriteVector16(content);
    }
}
