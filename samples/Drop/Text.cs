using System.Globalization;
using System.Text;

namespace Drop;

/// <summary>Sizes and texts of strangers for a terminal.</summary>
internal static class Text
{
    public static string Size(double bytes)
    {
        string[] units = ["B", "KiB", "MiB", "GiB", "TiB"];
        int unit = 0;
        while (bytes >= 1024 && unit < units.Length - 1)
        {
            bytes /= 1024;
            unit++;
        }

        return string.Create(CultureInfo.InvariantCulture, $"{bytes:0.#} {units[unit]}");
    }

    /// <summary>
    /// A text of a stranger without anything that a terminal obeys or that turns the direction of what stands beside it. Joiners stay, of which some scripts
    /// and most emoji are made.
    /// </summary>
    public static string Printable(string text) => string.Concat(text.EnumerateRunes().Select(static rune =>
        rune.Value is 0x200C or 0x200D
            || Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.Control or UnicodeCategory.Format
                or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator)
            ? rune.ToString()
            : "\uFFFD"));
}
