using IrohRpc.Generators.Internal;
using IrohRpc.Generators.Parsing;
using Microsoft.CodeAnalysis;

namespace IrohRpc.Generators.Shipped;

/// <summary>What recording a project's contracts comes to.</summary>
/// <param name="Text">The new text of the file, with line feeds.</param>
/// <param name="Refusals">Why it must not be written, in words; mostly none.</param>
internal sealed record ShippedRecord(string Text, EquatableArray<string> Refusals)
{
    /// <summary>
    /// Records the contracts of <paramref name="compilation"/> over what <paramref name="shipped"/> has. Whatever breaks something that shipped refuses it,
    /// even where somebody silenced the error.
    /// </summary>
    public static ShippedRecord Of(Compilation compilation, ShippedFile shipped, CancellationToken cancellationToken)
    {
        var refusals = new List<string>();
        var versions = new Dictionary<string, ShippedVersion>(StringComparer.Ordinal);
        refusals.AddRange(shipped.Problems.Select(problem => $"line {problem.Line + 1} {problem.Reason}"));
        foreach (ShippedVersion version in shipped.Versions.Where(version => version.IsRetired))
        {
            versions[version.Alpn] = version;
        }

        foreach (INamedTypeSymbol contract in ContractsIn(compilation.Assembly.GlobalNamespace))
        {
            refusals.AddRange(ShippedFinding.ToDiagnostics(ContractCheck.Of(contract, shipped, cancellationToken))
                .Where(diagnostic => diagnostic.DefaultSeverity == DiagnosticSeverity.Error)
                .Select(diagnostic => $"{diagnostic.Id}: {diagnostic.GetMessage(null)}"));
            foreach (DescribedVersion today in DescribedVersion.Of(contract, cancellationToken))
            {
                ShippedVersion version = today.Version;
                versions[version.Alpn] = version with { Comments = shipped.Find(version.Alpn)?.Comments ?? [] };
            }
        }

        refusals.AddRange(shipped.Versions.Where(version => !versions.ContainsKey(version.Alpn))
            .Select(version => $"{ShippedDiagnostics.AlpnGone.Id}: \"{version.Alpn}\" is gone, and not marked as retired"));
        return new ShippedRecord(ShippedWriter.Write(versions.Values), new EquatableArray<string>([.. refusals]));
    }

    private static IEnumerable<INamedTypeSymbol> ContractsIn(INamespaceOrTypeSymbol container)
        => container.GetMembers().OfType<INamespaceOrTypeSymbol>()
            .SelectMany(member => member is INamedTypeSymbol type && KnownTypes.IsContract(type)
                ? ContractsIn(type).Prepend(type)
                : ContractsIn(member));
}
