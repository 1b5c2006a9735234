using System.Text;
using MemoryPack;

namespace KeyValue;

/// <summary>The keys from one on and before another, in the order of their UTF-8 bytes.</summary>
/// <param name="From">The first key.</param>
/// <param name="To">The key behind the last; null for <paramref name="From"/> alone, empty for all from there on.</param>
[MemoryPackable]
public readonly partial record struct KeyRange(string From, string? To)
{
    private const int LastCodePoint = 0x10FFFF;

    /// <summary>One key.</summary>
    public static KeyRange Of(string key) => new(key, null);

    /// <summary>All keys.</summary>
    public static KeyRange All => new("", "");

    /// <summary>All keys that begin with a text.</summary>
    public static KeyRange Prefix(string prefix)
    {
        // The key behind the last has the next code point in place of the prefix's last one that has a next.
        int length = prefix.Length;
        while (length > 0)
        {
            Rune.DecodeLastFromUtf16(prefix.AsSpan(0, length), out Rune last, out int consumed);
            length -= consumed;
            if (last.Value < LastCodePoint)
            {
                return new KeyRange(prefix, prefix[..length] + Next(last));
            }
        }

        return new KeyRange(prefix, "");
    }

    // Surrogates are no code points of their own.
    private static Rune Next(Rune rune) => new(rune.Value == 0xD7FF ? 0xE000 : rune.Value + 1);
}
