using IrohRpc.Generators.Internal;

namespace IrohRpc.Generators.Shipped;

/// <summary>A method as it is on the wire: <c>Find (string)->Book throws NotFound 0badcafe-0123456789abcdef</c>.</summary>
/// <param name="Name">The wire name.</param>
/// <param name="Parameters">What travels towards the service.</param>
/// <param name="Result">What comes back.</param>
/// <param name="Faults">The declared faults.</param>
/// <param name="Id">The id on the wire: the name's, then the signature's.</param>
internal sealed record ShippedMethod(
    string Name, EquatableArray<TypeExpression> Parameters, TypeExpression Result, EquatableArray<TypeExpression> Faults, string Id)
{
    private const string Throws = " throws ";

    /// <summary>The signature for people.</summary>
    public string Signature => $"({string.Join(", ", Parameters.Select(parameter => parameter.Text))})->{Result.Text}";

    /// <summary>All types that the line names.</summary>
    public IEnumerable<TypeExpression> Types => Parameters.Append(Result).Concat(Faults);

    /// <summary>Reads what stands behind the word <c>method</c>; null where it is no method.</summary>
    public static ShippedMethod? Parse(string text)
    {
        int afterName = text.IndexOf(' ');
        int beforeId = text.LastIndexOf(' ');
        if (afterName <= 0 || beforeId <= afterName)
        {
            return null;
        }

        string signature = text.Substring(afterName, beforeId - afterName).Trim();
        int throws = signature.IndexOf(Throws, StringComparison.Ordinal);
        string faults = throws < 0 ? "" : signature.Substring(throws + Throws.Length);
        signature = throws < 0 ? signature : signature.Substring(0, throws).Trim();

        int arrow = signature.LastIndexOf(")->", StringComparison.Ordinal);
        string id = text.Substring(beforeId + 1);
        return signature.Length > 0 && signature[0] == '(' && arrow > 0 && IsId(id)
            && ParseAll(signature.Substring(1, arrow - 1)) is { } parameters
            && TypeExpression.Parse(signature.Substring(arrow + 3)) is { } result
            && ParseAll(faults) is { } declared
                ? new ShippedMethod(text.Substring(0, afterName), parameters, result, declared, id)
                : null;
    }

    /// <summary>The line.</summary>
    public override string ToString()
        => $"{Name} {Signature}{(Faults.Count > 0 ? Throws + string.Join(", ", Faults.Select(fault => fault.Text)) : "")} {Id}";

    private static EquatableArray<TypeExpression>? ParseAll(string text)
    {
        List<TypeExpression?>? parsed = TypeExpression.Split(text)?.Select(TypeExpression.Parse).ToList();
        return parsed is null || parsed.Contains(null) ? null : new EquatableArray<TypeExpression>([.. parsed!]);
    }

    private static bool IsId(string text)
        => text.Length == 25 && text[8] == '-' && text.Where((_, index) => index != 8).All(c => c is >= '0' and <= '9' or >= 'a' and <= 'f');
}
