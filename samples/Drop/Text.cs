using System.Globalization;

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

    /// <summary>A name without anything that a terminal obeys.</summary>
    public static string Printable(string text) => string.Concat(text.Select(static c => char.IsControl(c) ? '\uFFFD' : c));
}
