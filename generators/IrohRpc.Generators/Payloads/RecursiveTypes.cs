using IrohRpc.Generators.Wire;
using Microsoft.CodeAnalysis;

namespace IrohRpc.Generators.Payloads;

/// <summary>Finds the types whose values can be nested without end: those that reach themselves through their members.</summary>
internal sealed class RecursiveTypes
{
    private readonly Dictionary<ITypeSymbol, List<INamedTypeSymbol>> _edges = new(SymbolEqualityComparer.Default);
    private readonly Dictionary<ITypeSymbol, bool> _reaching = new(SymbolEqualityComparer.Default);

    /// <summary>Whether a value of the type can hold one that is nested without end.</summary>
    public bool CanReachOne(ITypeSymbol type)
    {
        if (!_reaching.TryGetValue(type, out bool can))
        {
            can = Closure(type).Any(IsRecursive);
            _reaching[type] = can;
        }

        return can;
    }

    /// <summary>What MemoryPack's generator makes of a type, where it makes something of it that has members.</summary>
    public static MemoryPackType? PackedOf(ITypeSymbol type)
        => type is INamedTypeSymbol { IsUnmanagedType: false } named && !IsKnown(named) && MemoryPackType.TryRead(named, out MemoryPackType? packed) ? packed : null;

    private static bool IsKnown(INamedTypeSymbol type)
        => type.IsTupleType || WireTypeNames.TryGetGeneric(type, out _) || WireTypeNames.TryGetScalar(type, out _);

    private bool IsRecursive(INamedTypeSymbol type) => EdgesOf(type).SelectMany(Closure).Contains(type, SymbolEqualityComparer.Default);

    private HashSet<INamedTypeSymbol> Closure(ITypeSymbol type)
    {
        var found = new HashSet<INamedTypeSymbol>(SymbolEqualityComparer.Default);
        var open = new Stack<INamedTypeSymbol>(PackedIn(type));
        while (open.Count > 0)
        {
            INamedTypeSymbol next = open.Pop();
            if (found.Add(next))
            {
                EdgesOf(next).ForEach(open.Push);
            }
        }

        return found;
    }

    private List<INamedTypeSymbol> EdgesOf(INamedTypeSymbol type)
    {
        if (!_edges.TryGetValue(type, out List<INamedTypeSymbol> edges))
        {
            MemoryPackType packed = PackedOf(type)!;
            IEnumerable<ITypeSymbol> parts = packed.Members.Where(member => !member.CustomFormatter).Select(member => member.Type)
                .Concat(packed.UnionCases.Select(unionCase => unionCase.Value))
                .Concat(packed.CollectionInterface?.TypeArguments ?? Enumerable.Empty<ITypeSymbol>());
            _edges[type] = edges = [.. parts.SelectMany(PackedIn)];
        }

        return edges;
    }

    /// <summary>The annotated types that a type is made of: itself, its elements, its type arguments.</summary>
    private static IEnumerable<INamedTypeSymbol> PackedIn(ITypeSymbol type) => type switch
    {
        IArrayTypeSymbol array => PackedIn(array.ElementType),
        INamedTypeSymbol named when PackedOf(named) is not null => [named],
        INamedTypeSymbol named when IsKnown(named) => named.TypeArguments.SelectMany(PackedIn),
        _ => [],
    };
}
