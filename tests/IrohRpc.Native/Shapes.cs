using System.Collections.Immutable;
using System.Numerics;

namespace IrohRpc.Native;

internal sealed class Shapes : IShapes
{
    public ValueTask<Part> OneAsync(Part value, CancellationToken cancellationToken) => new(value);

    public ValueTask<IReadOnlyList<Part>> ReadOnlyListAsync(IReadOnlyList<Part> value, CancellationToken cancellationToken) => new(value);

    public ValueTask<IList<Part>> ListInterfaceAsync(IList<Part> value, CancellationToken cancellationToken) => new(value);

    public ValueTask<IEnumerable<Part>> EnumerableAsync(IEnumerable<Part> value, CancellationToken cancellationToken) => new(value.Where(_ => true));

    public ValueTask<List<Part>> ListAsync(List<Part> value, CancellationToken cancellationToken) => new(value);

    public ValueTask<Part[]> ArrayAsync(Part[] value, CancellationToken cancellationToken) => new(value);

    public ValueTask<Dictionary<string, Part>> DictionaryAsync(Dictionary<string, Part> value, CancellationToken cancellationToken) => new(value);

    public ValueTask<IReadOnlyDictionary<long, Part>> ReadOnlyDictionaryAsync(IReadOnlyDictionary<long, Part> value, CancellationToken cancellationToken) => new(value);

    public ValueTask<ImmutableArray<Part>> ImmutableArrayAsync(ImmutableArray<Part> value, CancellationToken cancellationToken) => new(value);

    public ValueTask<HashSet<Part>> SetAsync(HashSet<Part> value, CancellationToken cancellationToken) => new(value);

    public ValueTask<Stack<Part>> StackAsync(Stack<Part> value, CancellationToken cancellationToken) => new(value);

    public ValueTask<(int Number, Part Part)> TupleAsync((int Number, Part Part) value, CancellationToken cancellationToken) => new(value);

    public ValueTask<ILookup<int, Part>> LookupAsync(ILookup<int, Part> value, CancellationToken cancellationToken) => new(value);

    public ValueTask<Pair<Part>> GenericAsync(Pair<Part> value, CancellationToken cancellationToken) => new(value);

    public ValueTask<List<Pair<int>>> GenericsAsync(List<Pair<int>> value, CancellationToken cancellationToken) => new(value);

    public ValueTask<Holder> HolderAsync(Holder value, CancellationToken cancellationToken) => new(value);

    public ValueTask<Growing> GrowingAsync(Growing value, CancellationToken cancellationToken) => new(value);

    public ValueTask<IFigure> FigureAsync(IFigure value, CancellationToken cancellationToken) => new(value);

    public ValueTask<List<Reading>> ReadingsAsync(List<Reading> value, CancellationToken cancellationToken) => new(value);

    public ValueTask<Dictionary<Guid, BigInteger>> NumbersAsync(Dictionary<Guid, BigInteger> value, CancellationToken cancellationToken) => new(value);

    public ValueTask<string?[,]> GridAsync(string?[,] value, CancellationToken cancellationToken) => new(value);

    public IAsyncEnumerable<List<Part>> ItemsAsync(IAsyncEnumerable<List<Part>> items, CancellationToken cancellationToken) => items;
}
