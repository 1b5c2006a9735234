namespace IrohRpc.Generators.Shipped;

/// <summary>Compares a method's own signature: its parameters and its result, not what their types are made of.</summary>
internal static class SignatureComparison
{
    /// <summary>The differences; <paramref name="isSame"/> tells whether two expressions name the same types.</summary>
    public static IEnumerable<ShippedChange> Compare(ShippedMethod shipped, ShippedMethod current, Func<TypeExpression, TypeExpression, bool> isSame)
    {
        IEnumerable<ShippedChange> changes = CompareParameters([.. shipped.Parameters], [.. current.Parameters], isSame)
            ?? [Changed($"takes {Parameters(current)}, where {Parameters(shipped)} shipped", null)];
        return isSame(shipped.Result, current.Result)
            ? changes
            : changes.Append(Changed($"returns {current.Result.Text}, where {shipped.Result.Text} shipped", ShippedChange.Result));
    }

    /// <summary>One difference for each parameter at fault; null where that cannot be told of single parameters.</summary>
    private static IEnumerable<ShippedChange>? CompareParameters(
        List<TypeExpression> shipped, List<TypeExpression> current, Func<TypeExpression, TypeExpression, bool> isSame)
    {
        if (shipped.Count < current.Count)
        {
            return Surplus(current, shipped, (now, was) => isSame(was, now))?
                .Select(index => Changed($"has a new parameter {index + 1} ({current[index].Text})", index));
        }

        if (shipped.Count > current.Count)
        {
            return Surplus(shipped, current, isSame)?
                .Select(index => Changed($"has lost its parameter {index + 1} ({shipped[index].Text})", null));
        }

        List<int> different = [.. Enumerable.Range(0, shipped.Count).Where(index => !isSame(shipped[index], current[index]))];
        bool isReordered = different.Count > 1 && different.All(index => different.Exists(other => other != index && isSame(shipped[index], current[other])));
        return isReordered ? null : different.Select(index => Changed(
            $"takes {current[index].Text} as parameter {index + 1}, where {shipped[index].Text} shipped", index));
    }

    /// <summary>The indices of <paramref name="longer"/> without which it is <paramref name="shorter"/>; null where there are no such.</summary>
    private static List<int>? Surplus(List<TypeExpression> longer, List<TypeExpression> shorter, Func<TypeExpression, TypeExpression, bool> isSame)
    {
        var surplus = new List<int>();
        int matched = 0;
        for (int i = 0; i < longer.Count; i++)
        {
            if (matched < shorter.Count && isSame(longer[i], shorter[matched]))
            {
                matched++;
            }
            else
            {
                surplus.Add(i);
            }
        }

        return matched == shorter.Count ? surplus : null;
    }

    private static string Parameters(ShippedMethod method) => $"({string.Join(", ", method.Parameters.Select(parameter => parameter.Text))})";

    private static ShippedChange Changed(string what, int? parameter) => new(ShippedChangeKind.MethodChanged, what) { Parameter = parameter };
}
