using System.Buffers;

namespace IrohRpc.Identity.Internal;

/// <summary>Writes the postcard wire format; the counterpart of <see cref="PostcardReader"/>.</summary>
internal sealed class PostcardWriter
{
    private readonly ArrayBufferWriter<byte> _buffer = new();

    /// <summary>What was written.</summary>
    public ReadOnlySpan<byte> Written => _buffer.WrittenSpan;

    /// <summary>Writes a number in the least bytes that can hold it.</summary>
    public void WriteVarint(ulong value)
    {
        Span<byte> bytes = stackalloc byte[10];
        int length = 0;
        while (value >= 0x80)
        {
            bytes[length++] = (byte)(value | 0x80);
            value >>= 7;
        }

        bytes[length++] = (byte)value;
        _buffer.Write(bytes[..length]);
    }

    /// <summary>Writes bytes without their length.</summary>
    public void WriteBytes(ReadOnlySpan<byte> bytes) => _buffer.Write(bytes);

    /// <summary>Writes bytes behind their length.</summary>
    public void WriteLengthAndBytes(ReadOnlySpan<byte> bytes)
    {
        WriteVarint((ulong)bytes.Length);
        WriteBytes(bytes);
    }
}
