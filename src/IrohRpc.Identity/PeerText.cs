using System.Globalization;
using System.Text;

namespace IrohRpc;

/// <summary>Makes text of a peer's fit for messages, logs and terminals: reasons, names, metadata, file names.</summary>
/// <remarks>The messages of this library's exceptions, and <c>ConnectionEnd.Reason</c>, have been through it. What a program takes from a peer by itself has not. Thread-safe.</remarks>
public static class PeerText
{
    /// <summary>
    /// Writes what a terminal obeys, or what makes a line look like another, as <c>\u001b</c>: control characters, line and paragraph separators, and marks that turn the direction of text.
    /// </summary>
    /// <param name="text">The text.</param>
    /// <param name="keepsLines">Whether line feeds and tabs stay, for text that may have several lines. In a log they would begin a line that nobody wrote.</param>
    /// <returns>The text itself where there is nothing to escape.</returns>
    public static string Escape(string text, bool keepsLines = false)
    {
        ArgumentNullException.ThrowIfNull(text);
        int first = 0;
        while (first < text.Length && !MustEscape(text[first], keepsLines))
        {
            first++;
        }

        if (first == text.Length)
        {
            return text;
        }

        var escaped = new StringBuilder(text, 0, first, text.Length + 16);
        foreach (char character in text.AsSpan(first))
        {
            if (MustEscape(character, keepsLines))
            {
                escaped.Append("\\u").Append(((int)character).ToString("x4", CultureInfo.InvariantCulture));
            }
            else
            {
                escaped.Append(character);
            }
        }

        return escaped.ToString();
    }

    // Unicode's bidirectional marks: embeddings, overrides and isolates.
    private static bool MustEscape(char character, bool keepsLines) => character switch
    {
        '\n' or '\t' => !keepsLines,
        '\u2028' or '\u2029' or '\u200e' or '\u200f' or '\u061c' => true,
        (>= '\u202a' and <= '\u202e') or (>= '\u2066' and <= '\u2069') => true,
        _ => char.IsControl(character),
    };
}
