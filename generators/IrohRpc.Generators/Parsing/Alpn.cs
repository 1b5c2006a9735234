using System.Globalization;
using Microsoft.CodeAnalysis;

namespace IrohRpc.Generators.Parsing;

/// <summary>The rules for an ALPN string of a contract.</summary>
internal static class Alpn
{
    /// <summary>What is wrong with <paramref name="alpn"/>, as the rest of a sentence; null where nothing is.</summary>
    public static string? Problem(string alpn)
    {
        // TLS carries an ALPN behind a one-byte length (RFC 7301, section 3.1), which is the limit of a wire name as well.
        if (WireText.Problem(alpn) is { } problem)
        {
            return problem;
        }

        int slash = alpn.LastIndexOf('/');
        return slash <= 0 || slash == alpn.Length - 1
            ? "is not of the form \"name/version\", such as \"greeter/1\""
            : null;
    }

    /// <summary>The ALPNs that the attributes of <paramref name="contract"/> name, newest first.</summary>
    public static IEnumerable<string> Of(ITypeSymbol contract)
        => KnownTypes.Attributes(contract, "AlpnAttribute")
            .Select(attribute => attribute.ConstructorArguments is [{ Value: string alpn }] ? alpn : "");

    /// <summary>The protocol's name, by which signatures name <paramref name="contract"/>.</summary>
    public static string FamilyOf(ITypeSymbol contract) => Family(Of(contract).First());

    /// <summary>The part before the version, by which signatures name a contract.</summary>
    public static string Family(string alpn)
    {
        int slash = alpn.LastIndexOf('/');
        return slash > 0 ? alpn.Substring(0, slash) : alpn;
    }

    /// <summary>Whether two versions of one protocol are numbers, of which the second is the larger.</summary>
    public static bool IsOlder(string alpn, string other)
        => Family(alpn) == Family(other) && Numbers(alpn) is { } left && Numbers(other) is { } right && Compare(left, right) < 0;

    private static int Compare(List<ulong> left, List<ulong> right)
    {
        for (int place = 0; place < Math.Max(left.Count, right.Count); place++)
        {
            int difference = left.ElementAtOrDefault(place).CompareTo(right.ElementAtOrDefault(place));
            if (difference != 0)
            {
                return difference;
            }
        }

        return 0;
    }

    // Null where a part of the version is no number: nobody knows the order of those.
    private static List<ulong>? Numbers(string alpn)
    {
        var numbers = new List<ulong>();
        foreach (string part in alpn.Substring(alpn.LastIndexOf('/') + 1).Split('.'))
        {
            if (!ulong.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out ulong number))
            {
                return null;
            }

            numbers.Add(number);
        }

        return numbers;
    }
}
