using System.Globalization;
using System.Text;

namespace IrohRpc.Internal;

/// <summary>Makes text of a peer's fit for messages, which end up in terminals and logs.</summary>
internal static class PeerText
{
    /// <summary>Writes control characters but for line feeds and tabs as <c>\u001b</c>, so that nobody's terminal obeys a stranger.</summary>
    public static string Escape(string text)
    {
        int first = 0;
        while (first < text.Length && !MustEscape(text[first]))
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
            if (MustEscape(character))
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

    private static bool MustEscape(char character) => char.IsControl(character) && character is not ('\n' or '\t');
}
