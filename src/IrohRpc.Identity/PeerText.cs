using System.Globalization;
using System.Text;

namespace IrohRpc;

/// <summary>Makes text of a peer's fit for messages, logs and terminals: reasons, names, metadata, file names.</summary>
/// <remarks>The messages of this library's exceptions, and <c>ConnectionEnd.Reason</c>, have been through it. What a program takes from a peer by itself has not. Thread-safe.</remarks>
public static class PeerText
{
    /// <summary>
    /// Writes what a terminal obeys, or what makes a line look like another, as <c>\u001b</c>: control characters, line and paragraph separators, and invisible characters
    /// such as the marks that turn the direction of text. The joiners of scripts and emoji stay.
    /// </summary>
    /// <param name="text">The text.</param>
    /// <param name="keepsLines">Whether line feeds and tabs stay, for text that may have several lines. In a log they would begin a line that nobody wrote.</param>
    /// <returns>The text itself where there is nothing to escape.</returns>
    public static string Escape(string text, bool keepsLines = false)
    {
        ArgumentNullException.ThrowIfNull(text);
        StringBuilder? escaped = null;
        int position = 0;
        foreach (Rune rune in text.EnumerateRunes())
        {
            int length = rune.Utf16SequenceLength;
            if (MustEscape(rune, keepsLines))
            {
                escaped ??= new StringBuilder(text, 0, position, text.Length + 16);
                foreach (char unit in text.AsSpan(position, length))
                {
                    escaped.Append("\\u").Append(((int)unit).ToString("x4", CultureInfo.InvariantCulture));
                }
            }
            else
            {
                escaped?.Append(text, position, length);
            }

            position += length;
        }

        return escaped?.ToString() ?? text;
    }

    // Joiners stay, of which some scripts and most emoji are made.
    private static bool MustEscape(Rune rune, bool keepsLines) => rune.Value switch
    {
        >= ' ' and < 0x7f or 0x200c or 0x200d => false,
        '\n' or '\t' => !keepsLines,
        _ => Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator,
    };
}
