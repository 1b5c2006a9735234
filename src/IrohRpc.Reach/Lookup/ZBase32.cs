namespace IrohRpc.Reach.Lookup;

/// <summary>z-base-32 without padding, in which pkarr and iroh's DNS names write endpoint ids.</summary>
internal static class ZBase32
{
    /// <summary>The length of an id in this form.</summary>
    public const int IdLength = 52;

    private const string Alphabet = "ybndrfg8ejkmcpqxot1uwisza345h769";

    /// <summary>Writes an id.</summary>
    public static string Encode(EndpointId id)
    {
        Span<byte> bytes = stackalloc byte[EndpointId.Size];
        id.CopyTo(bytes);
        Span<char> text = stackalloc char[IdLength];
        int buffer = 0;
        int bits = 0;
        int written = 0;
        foreach (byte value in bytes)
        {
            buffer = ((buffer << 8) | value) & 0xfff;
            bits += 8;
            while (bits >= 5)
            {
                bits -= 5;
                text[written++] = Alphabet[(buffer >> bits) & 31];
            }
        }

        text[written] = Alphabet[(buffer << (5 - bits)) & 31];
        return new string(text);
    }

    /// <summary>Reads an id; false where the text is none, or has bits beyond the last byte.</summary>
    public static bool TryDecode(ReadOnlySpan<char> text, out EndpointId id)
    {
        id = default;
        if (text.Length != IdLength)
        {
            return false;
        }

        Span<byte> bytes = stackalloc byte[EndpointId.Size];
        int buffer = 0;
        int bits = 0;
        int written = 0;
        foreach (char character in text)
        {
            int value = Alphabet.IndexOf(char.ToLowerInvariant(character), StringComparison.Ordinal);
            if (value < 0)
            {
                return false;
            }

            buffer = ((buffer << 5) | value) & 0x1fff;
            bits += 5;
            if (bits >= 8)
            {
                bits -= 8;
                bytes[written++] = (byte)(buffer >> bits);
            }
        }

        if ((buffer & ((1 << bits) - 1)) != 0)
        {
            return false;
        }

        id = new EndpointId(bytes);
        return true;
    }
}
