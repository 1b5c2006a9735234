using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;

namespace IrohRpc.Identity.Internal;

/// <summary>RFC 4648 base32 without padding: written in lower case, read in either.</summary>
internal static class Base32
{
    private const string Alphabet = "abcdefghijklmnopqrstuvwxyz234567";

    /// <summary>The text form of <paramref name="data"/>, behind <paramref name="prefix"/>.</summary>
    public static string Encode(ReadOnlySpan<byte> data, string prefix = "")
    {
        int length = ((data.Length * 8) + 4) / 5;
        var text = new char[prefix.Length + length];
        prefix.CopyTo(text);
        int at = prefix.Length;
        uint bits = 0;
        int count = 0;
        foreach (byte value in data)
        {
            bits = (bits << 8) | value;
            count += 8;
            while (count >= 5)
            {
                count -= 5;
                text[at++] = Alphabet[(int)(bits >> count) & 31];
            }
        }

        if (count > 0)
        {
            text[at] = Alphabet[(int)(bits << (5 - count)) & 31];
        }

        return new string(text);
    }

    /// <summary>How many bytes <paramref name="characters"/> characters of base32 carry.</summary>
    public static int DecodedLength(int characters) => (int)((long)characters * 5 / 8);

    /// <summary>Reads base32 that fills <paramref name="destination"/> exactly.</summary>
    /// <param name="text">The characters.</param>
    /// <param name="destination">Where the bytes go; its length is <see cref="DecodedLength"/> of the text's.</param>
    /// <param name="problem">What is wrong with the text, as the rest of a sentence.</param>
    public static bool TryDecode(ReadOnlySpan<char> text, Span<byte> destination, [NotNullWhen(false)] out string? problem)
    {
        Debug.Assert(destination.Length == DecodedLength(text.Length), "The caller makes room for exactly the bytes of the text.");
        uint bits = 0;
        int count = 0;
        int at = 0;
        for (int i = 0; i < text.Length; i++)
        {
            char c = text[i];
            int value = c switch
            {
                >= 'a' and <= 'z' => c - 'a',
                >= 'A' and <= 'Z' => c - 'A',
                >= '2' and <= '7' => c - '2' + 26,
                _ => -1,
            };
            if (value < 0)
            {
                problem = $"character {i + 1} is not one of a-z and 2-7.";
                return false;
            }

            bits = (bits << 5) | (uint)value;
            count += 5;
            if (count >= 8)
            {
                count -= 8;
                destination[at++] = (byte)(bits >> count);
            }
        }

        if (text.Length % 8 is 1 or 3 or 6)
        {
            problem = $"no whole number of bytes has {text.Length} characters; is the text cut off?";
            return false;
        }

        if ((bits & ((1u << count) - 1)) != 0)
        {
            problem = "its last character has bits that belong to no byte.";
            return false;
        }

        problem = null;
        return true;
    }
}
