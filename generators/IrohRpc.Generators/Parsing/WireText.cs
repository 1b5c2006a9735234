using System.Text;

namespace IrohRpc.Generators.Parsing;

/// <summary>The rules for text that peers compare byte for byte: ALPNs and wire names.</summary>
internal static class WireText
{
    private const int MaxBytes = 255;

    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>What is wrong with <paramref name="text"/>, as the rest of a sentence; null where nothing is.</summary>
    public static string? Problem(string text)
    {
        if (text.Length == 0)
        {
            return "is empty";
        }

        if (text.Any(c => char.IsControl(c) || char.IsWhiteSpace(c)))
        {
            return "has white space or control characters, which nobody would see in a log";
        }

        try
        {
            int bytes = Utf8.GetByteCount(text);
            return bytes > MaxBytes ? $"has {bytes} bytes; {MaxBytes} are allowed" : null;
        }
        catch (EncoderFallbackException)
        {
            return "has half a character: a surrogate without the other";
        }
    }
}
