using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using MemoryPack;

namespace IrohRpc;

/// <summary>
/// Reads what strangers send in a formatter of one's own. IrohRpc checks all payloads by the types of their contract before it reads them, but cannot
/// know what a custom formatter or a hand-written <see cref="IMemoryPackable{T}"/> expects, and MemoryPack's own methods trust each length. These refuse what goes
/// beyond the message.
/// </summary>
/// <remarks>A formatter may run twice for a value: once to find where it ends, and once to read it.</remarks>
/// <example>
/// <code>
/// public override void Deserialize(ref MemoryPackReader reader, scoped ref Color value)
///     => value = Color.Parse(reader.ReadStringSafely() ?? throw new InvalidDataException("a colour has a name"));
/// </code>
/// </example>
public static class PayloadReaderExtensions
{
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Reads a value that is copied as it stands in memory. Not every byte is a value of <see cref="bool"/>, <see cref="decimal"/> and others.</summary>
    /// <typeparam name="T">The type.</typeparam>
    /// <param name="reader">Stands at the value; afterwards behind it.</param>
    /// <exception cref="InvalidDataException">The message ends before.</exception>
    public static T ReadUnmanagedSafely<T>(this ref MemoryPackReader reader)
        where T : unmanaged
    {
        Require(ref reader, Unsafe.SizeOf<T>());
        return reader.ReadUnmanaged<T>();
    }

    /// <summary>Reads the count of a collection; -1 for null.</summary>
    /// <param name="reader">Stands at the count; afterwards behind it.</param>
    /// <param name="smallestItem">The least bytes that an item has, by which a count is compared with what is left. At least 1.</param>
    /// <exception cref="InvalidDataException">The count is negative, or so many items do not fit what is left.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="smallestItem"/> is less than 1.</exception>
    public static int ReadCountSafely(this ref MemoryPackReader reader, int smallestItem)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(smallestItem, 1);
        int count = reader.ReadUnmanagedSafely<int>();
        return count >= -1 && (long)count * smallestItem <= reader.Remaining
            ? count
            : throw new InvalidDataException($"a count of {count} does not fit the message");
    }

    /// <summary>Reads bytes with their count in front, as a <c>byte[]</c> is written; null where none were written.</summary>
    /// <param name="reader">Stands at the count; afterwards behind the bytes.</param>
    /// <exception cref="InvalidDataException">They are not all there.</exception>
    public static byte[]? ReadBytesSafely(this ref MemoryPackReader reader)
    {
        int count = reader.ReadCountSafely(1);
        return count < 0 ? null : Take(ref reader, count).ToArray();
    }

    /// <summary>Reads a string as MemoryPack writes it; null where none was written.</summary>
    /// <param name="reader">Stands at the string; afterwards behind it.</param>
    /// <exception cref="InvalidDataException">It is not all there, or no text.</exception>
    public static string? ReadStringSafely(this ref MemoryPackReader reader)
    {
        int header = reader.ReadUnmanagedSafely<int>();
        switch (header)
        {
            case -1:
                return null;
            case >= 0:
                Require(ref reader, 2L * header);
                return new string(MemoryMarshal.Cast<byte, char>(Take(ref reader, 2 * header)));
            default:
                reader.ReadUnmanagedSafely<int>();
                try
                {
                    return StrictUtf8.GetString(Take(ref reader, ~header));
                }
                catch (ArgumentException exception)
                {
                    throw new InvalidDataException("a text is no UTF-8", exception);
                }
        }
    }

    private static ReadOnlySpan<byte> Take(ref MemoryPackReader reader, int count)
    {
        Require(ref reader, count);
        ReadOnlySpan<byte> bytes = MemoryMarshal.CreateReadOnlySpan(ref reader.GetSpanReference(count), count);
        reader.Advance(count);
        return bytes;
    }

    private static void Require(ref MemoryPackReader reader, long count)
    {
        if (count > reader.Remaining)
        {
            throw new InvalidDataException($"{count} bytes are not there");
        }
    }
}
