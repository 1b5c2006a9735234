using System.Collections.Immutable;
using System.Numerics;
using MemoryPack;

namespace IrohRpc.Native;

[MemoryPackable]
public partial record Part(string Name);

[MemoryPackable]
public partial record Pair<T>(T First, T Second);

[MemoryPackable]
public partial record Holder(IReadOnlyList<Part> Parts, Dictionary<string, Part> ByName, Pair<Part>? Both);

[MemoryPackable(GenerateType.VersionTolerant)]
public partial class Growing
{
    [MemoryPackOrder(0)]
    public List<Part>? Parts { get; set; }

    [MemoryPackOrder(2)]
    public Growing? Next { get; set; }
}

[MemoryPackable]
[MemoryPackUnion(0, typeof(Circle))]
[MemoryPackUnion(1, typeof(Several))]
public partial interface IFigure;

[MemoryPackable]
public partial record Circle(double Radius) : IFigure;

[MemoryPackable]
public partial record Several(List<IFigure> Figures) : IFigure;

/// <summary>A struct that is copied as it stands, with fields that not every byte is right for.</summary>
public struct Reading
{
    public bool IsValid { get; set; }

    public decimal Value { get; set; }

    public (DateTime At, bool IsLate) When { get; set; }

    public DateTimeOffset? Checked { get; set; }
}

/// <summary>Each method returns what it was given.</summary>
[Alpn("shapes/1")]
public partial interface IShapes
{
    ValueTask<Part> OneAsync(Part value, CancellationToken cancellationToken = default);

    ValueTask<IReadOnlyList<Part>> ReadOnlyListAsync(IReadOnlyList<Part> value, CancellationToken cancellationToken = default);

    ValueTask<IList<Part>> ListInterfaceAsync(IList<Part> value, CancellationToken cancellationToken = default);

    ValueTask<IEnumerable<Part>> EnumerableAsync(IEnumerable<Part> value, CancellationToken cancellationToken = default);

    ValueTask<List<Part>> ListAsync(List<Part> value, CancellationToken cancellationToken = default);

    ValueTask<Part[]> ArrayAsync(Part[] value, CancellationToken cancellationToken = default);

    ValueTask<Dictionary<string, Part>> DictionaryAsync(Dictionary<string, Part> value, CancellationToken cancellationToken = default);

    ValueTask<IReadOnlyDictionary<long, Part>> ReadOnlyDictionaryAsync(IReadOnlyDictionary<long, Part> value, CancellationToken cancellationToken = default);

    ValueTask<ImmutableArray<Part>> ImmutableArrayAsync(ImmutableArray<Part> value, CancellationToken cancellationToken = default);

    ValueTask<HashSet<Part>> SetAsync(HashSet<Part> value, CancellationToken cancellationToken = default);

    ValueTask<Stack<Part>> StackAsync(Stack<Part> value, CancellationToken cancellationToken = default);

    ValueTask<(int Number, Part Part)> TupleAsync((int Number, Part Part) value, CancellationToken cancellationToken = default);

    ValueTask<ILookup<int, Part>> LookupAsync(ILookup<int, Part> value, CancellationToken cancellationToken = default);

    ValueTask<Pair<Part>> GenericAsync(Pair<Part> value, CancellationToken cancellationToken = default);

    ValueTask<List<Pair<int>>> GenericsAsync(List<Pair<int>> value, CancellationToken cancellationToken = default);

    ValueTask<Holder> HolderAsync(Holder value, CancellationToken cancellationToken = default);

    ValueTask<Growing> GrowingAsync(Growing value, CancellationToken cancellationToken = default);

    ValueTask<IFigure> FigureAsync(IFigure value, CancellationToken cancellationToken = default);

    ValueTask<List<Reading>> ReadingsAsync(List<Reading> value, CancellationToken cancellationToken = default);

    ValueTask<Dictionary<Guid, BigInteger>> NumbersAsync(Dictionary<Guid, BigInteger> value, CancellationToken cancellationToken = default);

    ValueTask<string?[,]> GridAsync(string?[,] value, CancellationToken cancellationToken = default);

    IAsyncEnumerable<List<Part>> ItemsAsync(IAsyncEnumerable<List<Part>> items, CancellationToken cancellationToken = default);
}
