using System.Globalization;

namespace Chat;

/// <summary>What strangers write, for a terminal.</summary>
internal static class ForeignText
{
    /// <summary>
    /// A text without anything that a terminal obeys or that turns the direction of what stands beside it. Joiners stay, of which some scripts and most
    /// emoji are made.
    /// </summary>
    public static string Printable(string text) => string.Concat(text.EnumerateRunes().Select(static rune =>
        rune.Value is 0x200C or 0x200D
            || System.Text.Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.Control or UnicodeCategory.Format
                or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator)
            ? rune.ToString()
            : "\uFFFD"));
}
