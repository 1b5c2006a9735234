namespace IrohRpc.Generators.Payloads;

/// <summary>What a collection takes of memory besides its elements, in bytes.</summary>
/// <param name="Empty">An empty one.</param>
/// <param name="Any">What one that is not empty takes besides.</param>
/// <param name="Item">Each element, besides the place that it stands in.</param>
/// <param name="Copies">In how many places an element stands, at most, while the collection grows.</param>
/// <param name="Size">Where the collection stands itself: a reference or a struct.</param>
/// <param name="PerProcessor">What an empty one takes for each processor of the machine, besides.</param>
internal readonly record struct CollectionCost(int Empty, int Any, int Item, int Copies, int Size, int PerProcessor = 0);

/// <summary>The costs of .NET's collections on 64 bits, while MemoryPack reads them: measured by "costs" of tests/IrohRpc.Hostile, and rounded up.</summary>
internal static class CollectionCosts
{
    // What the user wrote is taken for the dearest.
    private static readonly CollectionCost Unknown = new(240, 200, 130, 4, 8);

    // It has a lock for each processor, and a count and a place in two arrays.
    private static readonly CollectionCost ConcurrentDictionary = new(480, 200, 176, 1, 8, 44);

    private static readonly Dictionary<string, (int Empty, int Any, int Item, int Copies, int Size)> Costs = new(StringComparer.Ordinal)
    {
        ["Memory"] = (32, 32, 0, 1, 16),
        ["ReadOnlyMemory"] = (32, 32, 0, 1, 16),
        ["ArraySegment"] = (32, 32, 0, 1, 16),
        ["ReadOnlySequence"] = (40, 32, 0, 1, 24),
        ["ImmutableArray"] = (24, 32, 0, 1, 8),
        ["IEnumerable"] = (0, 32, 0, 1, 8),
        ["List"] = (32, 32, 0, 1, 8),
        ["Stack"] = (56, 32, 0, 1, 8),
        ["Queue"] = (64, 32, 0, 1, 8),
        ["LinkedList"] = (40, 0, 48, 1, 8),
        ["HashSet"] = (64, 120, 20, 2, 8),
        ["ISet"] = (64, 120, 20, 2, 8),
        ["IReadOnlySet"] = (64, 120, 20, 2, 8),
        ["SortedSet"] = (48, 0, 48, 1, 8),
        ["Collection"] = (56, 48, 4, 4, 8),
        ["ObservableCollection"] = (88, 72, 112, 4, 8),
        ["ReadOnlyCollection"] = (24, 32, 0, 1, 8),
        ["ReadOnlyObservableCollection"] = (256, 72, 8, 2, 8),
        ["BlockingCollection"] = (832, 64, 16, 4, 8),
        ["ConcurrentBag"] = (128, 600, 8, 4, 8),
        ["ConcurrentQueue"] = (832, 64, 16, 4, 8),
        ["ConcurrentStack"] = (24, 0, 32, 1, 8),
        ["PriorityQueue"] = (72, 24, 0, 1, 8),
        ["ImmutableList"] = (0, 120, 48, 1, 8),
        ["IImmutableList"] = (0, 120, 48, 1, 8),
        ["ImmutableQueue"] = (0, 120, 36, 3, 8),
        ["IImmutableQueue"] = (0, 120, 36, 3, 8),
        ["ImmutableStack"] = (0, 80, 36, 3, 8),
        ["IImmutableStack"] = (0, 80, 36, 3, 8),
        ["ImmutableHashSet"] = (72, 120, 64, 1, 8),
        ["IImmutableSet"] = (72, 120, 64, 1, 8),
        ["ImmutableSortedSet"] = (0, 120, 52, 1, 8),
        ["FrozenSet"] = (96, 900, 200, 4, 8),
        ["Dictionary"] = (80, 120, 24, 2, 8),
        ["IDictionary"] = (80, 180, 52, 4, 8),
        ["IReadOnlyDictionary"] = (80, 180, 52, 4, 8),
        ["SortedDictionary"] = (112, 0, 52, 1, 8),
        ["SortedList"] = (136, 120, 0, 2, 8),
        ["ImmutableDictionary"] = (72, 120, 72, 1, 8),
        ["IImmutableDictionary"] = (72, 120, 72, 1, 8),
        ["ImmutableSortedDictionary"] = (0, 120, 52, 1, 8),
        ["FrozenDictionary"] = (112, 1200, 260, 4, 8),
        ["ILookup"] = (112, 180, 130, 4, 8),
    };

    /// <summary>The costs of a collection by its type's name.</summary>
    public static CollectionCost Of(string name)
    {
        if (Costs.TryGetValue(name, out (int Empty, int Any, int Item, int Copies, int Size) cost))
        {
            return new CollectionCost(cost.Empty, cost.Any, cost.Item, cost.Copies, cost.Size);
        }

        return name switch
        {
            "ConcurrentDictionary" => ConcurrentDictionary,
            "ICollection" or "IList" or "IReadOnlyCollection" or "IReadOnlyList" => Of("List"), // they are read as lists
            _ => Unknown,
        };
    }
}
