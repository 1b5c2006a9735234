using IrohRpc.Generators.Wire;
using Microsoft.CodeAnalysis;

namespace IrohRpc.Generators.Payloads;

/// <summary>
/// Finds the types whose values can be nested without end, because they reach themselves through their members, and those that hold what MemoryPack copies at
/// once, whose bytes it counts in an <see cref="int"/>.
/// </summary>
internal sealed class RecursiveTypes
{
    private readonly Dictionary<ITypeSymbol, List<INamedTypeSymbol>> _edges = new(SymbolEqualityComparer.Default);
    private readonly Dictionary<ITypeSymbol, List<ITypeSymbol>> _parts = new(SymbolEqualityComparer.Default);
    private readonly Dictionary<ITypeSymbol, bool> _reaching = new(SymbolEqualityComparer.Default);
    private readonly Dictionary<ITypeSymbol, bool> _bulky = new(SymbolEqualityComparer.Default);

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

    /// <summary>Whether a value of the type can hold a block of values that are copied at once.</summary>
    public bool CanReachBlock(ITypeSymbol type)
    {
        if (!_bulky.TryGetValue(type, out bool can))
        {
            can = TypesIn(type).Concat(Closure(type).SelectMany(PartsOf).SelectMany(TypesIn)).Any(Blocks.IsOne);
            _bulky[type] = can;
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
            _edges[type] = edges = [.. PartsOf(type).SelectMany(PackedIn)];
        }

        return edges;
    }

    private List<ITypeSymbol> PartsOf(INamedTypeSymbol type)
    {
        if (!_parts.TryGetValue(type, out List<ITypeSymbol> parts))
        {
            MemoryPackType packed = PackedOf(type)!;
            _parts[type] = parts = [.. packed.Members.Where(member => !member.CustomFormatter).Select(member => member.Type)
                .Concat(packed.UnionCases.Select(unionCase => unionCase.Value))
                .Concat(packed.CollectionInterface?.TypeArguments ?? Enumerable.Empty<ITypeSymbol>())];
        }

        return parts;
    }

    /// <summary>The annotated types that a type is made of: itself, its elements, its type arguments.</summary>
    private static IEnumerable<INamedTypeSymbol> PackedIn(ITypeSymbol type)
        => TypesIn(type).OfType<INamedTypeSymbol>().Where(part => PackedOf(part) is not null);

    /// <summary>A type, and those that it is made of up to the annotated ones.</summary>
    private static IEnumerable<ITypeSymbol> TypesIn(ITypeSymbol type) => new[] { type }.Concat(type switch
    {
        IArrayTypeSymbol array => TypesIn(array.ElementType),
        INamedTypeSymbol named when PackedOf(named) is null && IsKnown(named) => named.TypeArguments.SelectMany(TypesIn),
        _ => [],
    });
}
