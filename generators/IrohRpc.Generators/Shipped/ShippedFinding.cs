using System.Collections.Immutable;
using Microsoft.CodeAnalysis;

namespace IrohRpc.Generators.Shipped;

/// <summary>Something that differs from what shipped, and where; the same under several ALPNs is one finding.</summary>
/// <param name="Descriptor">What it is.</param>
/// <param name="Location">Where it stands.</param>
/// <param name="Key">Tells it from other findings of its kind at that place.</param>
/// <param name="Alpn">The ALPN under which it is found.</param>
/// <param name="Arguments">What the message names, given the list of ALPNs in words.</param>
/// <param name="Properties">What a code fix needs to know.</param>
internal sealed record ShippedFinding(
    DiagnosticDescriptor Descriptor,
    Location? Location,
    string Key,
    string Alpn,
    Func<string, object[]> Arguments,
    ImmutableDictionary<string, string?> Properties)
{
    /// <summary>One diagnostic for each group of findings that differ in their ALPN alone.</summary>
    public static IEnumerable<Diagnostic> ToDiagnostics(IEnumerable<ShippedFinding> findings)
        => findings.GroupBy(finding => (finding.Descriptor.Id, finding.Location, finding.Key)).Select(same =>
        {
            ShippedFinding first = same.First();
            string alpns = Words(same.Select(finding => $"\"{finding.Alpn}\"").Distinct());
            return Diagnostic.Create(first.Descriptor, first.Location, first.Properties, first.Arguments(alpns));
        });

    /// <summary><c>a</c>, <c>a and b</c>, <c>a, b and c</c>.</summary>
    public static string Words(IEnumerable<string> items)
    {
        List<string> list = [.. items];
        return list.Count < 2 ? string.Concat(list) : string.Join(", ", list.Take(list.Count - 1)) + " and " + list[list.Count - 1];
    }
}
