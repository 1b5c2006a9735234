using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace IrohRpc.Generators.Shipped;

/// <summary>Names in a line of the shipped file.</summary>
internal static class ShippedText
{
    /// <summary>The file's name; it stands next to the project file.</summary>
    public const string FileName = "IrohRpc.Shipped.txt";

    /// <summary>What is run to bring the file up to date.</summary>
    public const string Command = "dotnet build -p:RecordContracts=true";

    /// <summary>A name as a line can hold it: what has a meaning there, or cannot be seen, is written as <c>\u003a</c>.</summary>
    public static string Escape(string name)
    {
        if (!name.Any(MustBeEscaped))
        {
            return name;
        }

        var text = new StringBuilder();
        foreach (char c in name)
        {
            text.Append(MustBeEscaped(c) ? "\\u" + ((int)c).ToString("x4", CultureInfo.InvariantCulture) : c.ToString());
        }

        return text.ToString();
    }

    /// <summary>The name that was escaped.</summary>
    public static string Unescape(string text)
        => Regex.Replace(
            text,
            @"\\u([0-9a-f]{4})",
            match => ((char)int.Parse(match.Groups[1].Value, NumberStyles.HexNumber, CultureInfo.InvariantCulture)).ToString());

    private static bool MustBeEscaped(char c)
        => char.IsWhiteSpace(c) || char.IsControl(c) || char.IsSurrogate(c) || "<>(){}[],:=#\\".IndexOf(c) >= 0;
}
