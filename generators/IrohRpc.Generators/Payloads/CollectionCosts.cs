namespace IrohRpc.Generators.Payloads;

/// <summary>
/// What collections take of memory besides their elements, on 64 bits: measured, and rounded up. Reading one may allocate more than it keeps, as it grows
/// or is copied; that counts as well.
/// </summary>
internal static class CollectionCosts
{
    private static readonly Dictionary<string, (int Empty, int Item, int Size)> Costs = new(StringComparer.Ordinal)
    {
        ["Memory"] = (32, 0, 16),
        ["ReadOnlyMemory"] = (32, 0, 16),
        ["ArraySegment"] = (32, 0, 16),
        ["ReadOnlySequence"] = (32, 0, 24),
        ["ImmutableArray"] = (32, 0, 8),
        ["IEnumerable"] = (32, 0, 8),
        ["List"] = (64, 0, 8),
        ["Stack"] = (64, 0, 8),
        ["Queue"] = (72, 0, 8),
        ["LinkedList"] = (64, 48, 8),
        ["HashSet"] = (160, 40, 8),
        ["ISet"] = (160, 40, 8),
        ["IReadOnlySet"] = (160, 40, 8),
        ["SortedSet"] = (80, 56, 8),
        ["Collection"] = (120, 16, 8),
        ["ObservableCollection"] = (260, 16, 8),
        ["ReadOnlyCollection"] = (64, 0, 8),
        ["ReadOnlyObservableCollection"] = (420, 16, 8),
        ["BlockingCollection"] = (1800, 40, 8),
        ["ConcurrentBag"] = (900, 40, 8),
        ["ConcurrentQueue"] = (900, 24, 8),
        ["ConcurrentStack"] = (64, 40, 8),
        ["PriorityQueue"] = (80, 0, 8),
        ["ImmutableList"] = (120, 64, 8),
        ["IImmutableList"] = (120, 64, 8),
        ["ImmutableQueue"] = (120, 64, 8),
        ["IImmutableQueue"] = (120, 64, 8),
        ["ImmutableStack"] = (80, 48, 8),
        ["IImmutableStack"] = (80, 48, 8),
        ["ImmutableHashSet"] = (200, 140, 8),
        ["IImmutableSet"] = (200, 140, 8),
        ["ImmutableSortedSet"] = (160, 80, 8),
        ["FrozenSet"] = (400, 120, 8),
        ["Dictionary"] = (160, 56, 8),
        ["IDictionary"] = (160, 120, 8),
        ["IReadOnlyDictionary"] = (160, 120, 8),
        ["SortedDictionary"] = (160, 72, 8),
        ["SortedList"] = (120, 16, 8),
        ["ConcurrentDictionary"] = (1600, 120, 8),
        ["ImmutableDictionary"] = (240, 160, 8),
        ["IImmutableDictionary"] = (240, 160, 8),
        ["ImmutableSortedDictionary"] = (200, 88, 8),
        ["FrozenDictionary"] = (600, 160, 8),
        ["ILookup"] = (240, 160, 8),
    };

    /// <summary>The costs of a collection.</summary>
    /// <param name="name">The type's name.</param>
    public static (int Empty, int Item, int Size) Of(string name)
        => Costs.TryGetValue(name, out (int Empty, int Item, int Size) costs) ? costs : name.StartsWith("I", StringComparison.Ordinal) ? (64, 0, 8) : (240, 120, 8);
}
