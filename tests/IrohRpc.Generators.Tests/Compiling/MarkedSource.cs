namespace IrohRpc.Generators.Tests.Compiling;

/// <summary>Source in which <c>[|</c> and <c>|]</c> mark a place.</summary>
internal static class MarkedSource
{
    public static string Strip(string marked, out int start, out int length)
    {
        start = marked.IndexOf("[|", StringComparison.Ordinal);
        int end = marked.IndexOf("|]", StringComparison.Ordinal);
        length = end - start - 2;
        return marked.Remove(end, 2).Remove(start, 2);
    }
}
