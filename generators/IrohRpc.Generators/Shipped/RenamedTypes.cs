using System.Text.RegularExpressions;

namespace IrohRpc.Generators.Shipped;

/// <summary>Finds types that are what another one was, by another name: <c>[WireName]</c> keeps the old one on the wire.</summary>
internal static class RenamedTypes
{
    /// <summary>What to do about a difference that comes of a renamed type; null where it comes of something else.</summary>
    /// <param name="shipped">The version as it shipped.</param>
    /// <param name="current">The version today.</param>
    /// <param name="what">The difference in words, with the names of the types.</param>
    public static string? Advice(ShippedVersion shipped, ShippedVersion current, string what)
    {
        List<ShippedType> gone = [.. shipped.Types.Values.Where(type => !current.Types.ContainsKey(type.Name) && Mentions(what, Bare(type)))];
        List<ShippedType> came = [.. current.Types.Values.Where(type => !shipped.Types.ContainsKey(type.Name) && Mentions(what, Bare(type)))];
        foreach (ShippedType was in gone)
        {
            if (came.Find(now => Line(now, Bare(now)) == Line(was, Bare(was))) is { } renamed)
            {
                return $"give '{Bare(renamed)}' [WireName(\"{ShippedText.Unescape(Bare(was))}\")]";
            }
        }

        return null;
    }

    private static string Bare(ShippedType type) => TypeExpression.Parse(type.Name)!.BareName;

    private static bool Mentions(string text, string name) => Regex.IsMatch(text, $@"(?<![\w\\]){Regex.Escape(name)}(?!\w)", RegexOptions.CultureInvariant);

    /// <summary>The type's line, where it does not depend on how the type is called.</summary>
    private static string Line(ShippedType type, string name)
        => Regex.Replace(type.ToString(), $@"(?<![\w\\]){Regex.Escape(name)}(?!\w)", "?", RegexOptions.CultureInvariant);
}
