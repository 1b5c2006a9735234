using System.Globalization;
using IrohRpc.Generators.Parsing;

namespace IrohRpc.Generators.Shipped;

/// <summary>The order of ALPNs in the file, for readers alone: by protocol, then by version with its numbers taken as numbers.</summary>
internal sealed class AlpnOrder : IComparer<string>
{
    public static AlpnOrder Instance { get; } = new();

    /// <inheritdoc/>
    public int Compare(string x, string y)
    {
        int byFamily = string.CompareOrdinal(Alpn.Family(x), Alpn.Family(y));
        return byFamily != 0 ? byFamily : CompareVersions(x, y);
    }

    /// <summary>A name for the version after all of <paramref name="known"/>, which are of one protocol: <c>library/3</c> after <c>library/2.1</c>.</summary>
    public static string Next(IReadOnlyCollection<string> known)
    {
        string newest = known.OrderBy(alpn => alpn, Instance).Last();
        string family = Alpn.Family(newest);
        string version = newest.Substring(Math.Min(family.Length + 1, newest.Length));
        string prefix = new([.. version.TakeWhile(c => !IsDigit(c))]);
        string digits = new([.. version.Skip(prefix.Length).TakeWhile(IsDigit)]);
        ulong number = ulong.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out ulong parsed) ? parsed : 1;
        string next;
        do
        {
            next = $"{family}/{prefix}{(++number).ToString(CultureInfo.InvariantCulture)}";
        }
        while (known.Contains(next));

        return next;
    }

    private static int CompareVersions(string x, string y)
    {
        int i = 0;
        int j = 0;
        while (i < x.Length && j < y.Length)
        {
            int order = IsDigit(x[i]) && IsDigit(y[j])
                ? CompareNumbers(Number(x, ref i), Number(y, ref j))
                : x[i++].CompareTo(y[j++]);
            if (order != 0)
            {
                return order;
            }
        }

        int byLength = (x.Length - i).CompareTo(y.Length - j);
        return byLength != 0 ? byLength : string.CompareOrdinal(x, y);
    }

    private static int CompareNumbers(string x, string y)
        => x.Length != y.Length ? x.Length.CompareTo(y.Length) : string.CompareOrdinal(x, y);

    private static string Number(string text, ref int position)
    {
        int start = position;
        while (position < text.Length && IsDigit(text[position]))
        {
            position++;
        }

        return text.Substring(start, position - start).TrimStart('0');
    }

    private static bool IsDigit(char c) => c is >= '0' and <= '9';
}
