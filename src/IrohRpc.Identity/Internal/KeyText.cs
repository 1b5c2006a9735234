using System.Buffers;
using System.Diagnostics.CodeAnalysis;

namespace IrohRpc.Identity.Internal;

/// <summary>The text forms that public and secret keys share: 64 hexadecimal digits or 52 base32 characters.</summary>
internal static class KeyText
{
    /// <summary>How many bytes a key has.</summary>
    public const int Size = 32;

    private const int HexLength = Size * 2;
    private const int Base32Length = ((Size * 8) + 4) / 5;

    private static readonly SearchValues<char> LettersAndDigits = SearchValues.Create("0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ");

    /// <summary>Whether a text has the form of a key, without looking whether it is one.</summary>
    public static bool LooksLikeKey(ReadOnlySpan<char> text)
        => text.Length is HexLength or Base32Length && !text.ContainsAnyExcept(LettersAndDigits);

    /// <summary>Reads a key into <paramref name="destination"/>.</summary>
    /// <param name="text">The text form.</param>
    /// <param name="destination">Where the 32 bytes go; what it holds after a failure is no key.</param>
    /// <param name="subject">What is read, with its article and a capital, to start the problem with.</param>
    /// <param name="problem">What is wrong; it never repeats a character of the text, which may be secret.</param>
    public static bool TryDecode(
        ReadOnlySpan<char> text, Span<byte> destination, string subject, [NotNullWhen(false)] out string? problem)
    {
        // Text comes out of files, terminals and chats, which add white space around it.
        text = text.Trim();
        problem = null;
        switch (text.Length)
        {
            case HexLength:
                if (Convert.FromHexString(text, destination, out _, out _) != OperationStatus.Done)
                {
                    problem = $"{subject} of {HexLength} characters is hexadecimal; this one has a character that is not a digit of it.";
                }

                break;
            case Base32Length:
                if (!Base32.TryDecode(text, destination, out string? reason))
                {
                    problem = $"{subject} of {Base32Length} characters is base32; {reason}";
                }

                break;
            default:
                problem = $"{subject} is {HexLength} hexadecimal digits or {Base32Length} base32 characters; "
                    + $"this text has {text.Length} characters.";
                break;
        }

        return problem is null;
    }
}
