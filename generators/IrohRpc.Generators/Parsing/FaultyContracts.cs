using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Microsoft.CodeAnalysis;

namespace IrohRpc.Generators.Parsing;

/// <summary>Finds contracts with an error among those that another one passes or inherits, directly or by way of others: none of them is generated.</summary>
internal static class FaultyContracts
{
    private static readonly ConditionalWeakTable<Compilation, ConcurrentDictionary<INamedTypeSymbol, INamedTypeSymbol[]?>> Known = new();

    /// <summary>A contract of this project with an error of its own that <paramref name="references"/> lead to; null where all are right.</summary>
    public static INamedTypeSymbol? FindAmong(INamedTypeSymbol contract, IEnumerable<INamedTypeSymbol> references, CancellationToken cancellationToken)
    {
        Compilation compilation = ((ISourceAssemblySymbol)contract.ContainingAssembly).Compilation;
        ConcurrentDictionary<INamedTypeSymbol, INamedTypeSymbol[]?> known = Known.GetValue(compilation, static _ => new(SymbolEqualityComparer.Default));
        var seen = new HashSet<INamedTypeSymbol>(SymbolEqualityComparer.Default) { contract };
        var queue = new Queue<INamedTypeSymbol>(references);
        while (queue.Count > 0)
        {
            INamedTypeSymbol next = queue.Dequeue();
            if (!SymbolEqualityComparer.Default.Equals(next.ContainingAssembly, contract.ContainingAssembly) || !seen.Add(next))
            {
                continue;
            }

            INamedTypeSymbol[]? beyond = known.GetOrAdd(next.OriginalDefinition, type => ContractParser.FindReferences(type, cancellationToken)?.ToArray());
            if (beyond is null)
            {
                return next;
            }

            foreach (INamedTypeSymbol reference in beyond)
            {
                queue.Enqueue(reference);
            }
        }

        return null;
    }
}
