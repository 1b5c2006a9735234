using System.Buffers;
using System.Collections;
using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Collections.ObjectModel;
using System.Globalization;
using System.Numerics;
using System.Text;

namespace IrohRpc.Hostile;

/// <summary>Returns the items that it is given.</summary>
public sealed class EchoItems : IPlaces
{
    public IAsyncEnumerable<bool> BoolAsync(IAsyncEnumerable<bool> items, IProgress<bool> progress, CancellationToken cancellationToken) => items;

    public IAsyncEnumerable<sbyte> SbyteAsync(IAsyncEnumerable<sbyte> items, IProgress<sbyte> progress, CancellationToken cancellationToken) => items;

    public IAsyncEnumerable<byte> ByteAsync(IAsyncEnumerable<byte> items, IProgress<byte> progress, CancellationToken cancellationToken) => items;

    public IAsyncEnumerable<short> ShortAsync(IAsyncEnumerable<short> items, IProgress<short> progress, CancellationToken cancellationToken) => items;

    public IAsyncEnumerable<ushort> UshortAsync(IAsyncEnumerable<ushort> items, IProgress<ushort> progress, CancellationToken cancellationToken) => items;

    public IAsyncEnumerable<int> IntAsync(IAsyncEnumerable<int> items, IProgress<int> progress, CancellationToken cancellationToken) => items;

    public IAsyncEnumerable<uint> UintAsync(IAsyncEnumerable<uint> items, IProgress<uint> progress, CancellationToken cancellationToken) => items;

    public IAsyncEnumerable<long> LongAsync(IAsyncEnumerable<long> items, IProgress<long> progress, CancellationToken cancellationToken) => items;

    public IAsyncEnumerable<ulong> UlongAsync(IAsyncEnumerable<ulong> items, IProgress<ulong> progress, CancellationToken cancellationToken) => items;

    public IAsyncEnumerable<float> FloatAsync(IAsyncEnumerable<float> items, IProgress<float> progress, CancellationToken cancellationToken) => items;

    public IAsyncEnumerable<double> DoubleAsync(IAsyncEnumerable<double> items, IProgress<double> progress, CancellationToken cancellationToken) => items;

    public IAsyncEnumerable<decimal> DecimalAsync(IAsyncEnumerable<decimal> items, IProgress<decimal> progress, CancellationToken cancellationToken) => items;

    public IAsyncEnumerable<char> CharAsync(IAsyncEnumerable<char> items, IProgress<char> progress, CancellationToken cancellationToken) => items;

    public IAsyncEnumerable<string> StringAsync(IAsyncEnumerable<string> items, IProgress<string> progress, CancellationToken cancellationToken) => items;

    public IAsyncEnumerable<Half> HalfAsync(IAsyncEnumerable<Half> items, IProgress<Half> progress, CancellationToken cancellationToken) => items;

    public IAsyncEnumerable<Int128> Int128Async(IAsyncEnumerable<Int128> items, IProgress<Int128> progress, CancellationToken cancellationToken) => items;

    public IAsyncEnumerable<UInt128> UInt128Async(IAsyncEnumerable<UInt128> items, IProgress<UInt128> progress, CancellationToken cancellationToken) => items;

    public IAsyncEnumerable<Guid> GuidAsync(IAsyncEnumerable<Guid> items, IProgress<Guid> progress, CancellationToken cancellationToken) => items;

    public IAsyncEnumerable<DateTime> DateTimeAsync(IAsyncEnumerable<DateTime> items, IProgress<DateTime> progress, CancellationToken cancellationToken) => items;

    public IAsyncEnumerable<DateTimeOffset> DateTimeOffsetAsync(IAsyncEnumerable<DateTimeOffset> items, IProgress<DateTimeOffset> progress, CancellationToken cancellationToken) => items;

    public IAsyncEnumerable<DateOnly> DateOnlyAsync(IAsyncEnumerable<DateOnly> items, IProgress<DateOnly> progress, CancellationToken cancellationToken) => items;

    public IAsyncEnumerable<TimeOnly> TimeOnlyAsync(IAsyncEnumerable<TimeOnly> items, IProgress<TimeOnly> progress, CancellationToken cancellationToken) => items;

    public IAsyncEnumerable<TimeSpan> TimeSpanAsync(IAsyncEnumerable<TimeSpan> items, IProgress<TimeSpan> progress, CancellationToken cancellationToken) => items;

    public IAsyncEnumerable<Rune> RuneAsync(IAsyncEnumerable<Rune> items, IProgress<Rune> progress, CancellationToken cancellationToken) => items;

    public IAsyncEnumerable<Complex> ComplexAsync(IAsyncEnumerable<Complex> items, IProgress<Complex> progress, CancellationToken cancellationToken) => items;

    public IAsyncEnumerable<Vector3> Vector3Async(IAsyncEnumerable<Vector3> items, IProgress<Vector3> progress, CancellationToken cancellationToken) => items;

    public IAsyncEnumerable<Matrix4x4> Matrix4x4Async(IAsyncEnumerable<Matrix4x4> items, IProgress<Matrix4x4> progress, CancellationToken cancellationToken) => items;

    public IAsyncEnumerable<DayOfWeek> DayOfWeekAsync(IAsyncEnumerable<DayOfWeek> items, IProgress<DayOfWeek> progress, CancellationToken cancellationToken) => items;

    public IAsyncEnumerable<Uri> UriAsync(IAsyncEnumerable<Uri> items, IProgress<Uri> progress, CancellationToken cancellationToken) => items;

    public IAsyncEnumerable<Version> VersionAsync(IAsyncEnumerable<Version> items, IProgress<Version> progress, CancellationToken cancellationToken) => items;

    public IAsyncEnumerable<BigInteger> BigIntegerAsync(IAsyncEnumerable<BigInteger> items, IProgress<BigInteger> progress, CancellationToken cancellationToken) => items;

    public IAsyncEnumerable<BitArray> BitArrayAsync(IAsyncEnumerable<BitArray> items, IProgress<BitArray> progress, CancellationToken cancellationToken) => items;

    public IAsyncEnumerable<TimeZoneInfo> TimeZoneInfoAsync(IAsyncEnumerable<TimeZoneInfo> items, IProgress<TimeZoneInfo> progress, CancellationToken cancellationToken) => items;

    public IAsyncEnumerable<CultureInfo> CultureInfoAsync(IAsyncEnumerable<CultureInfo> items, IProgress<CultureInfo> progress, CancellationToken cancellationToken) => items;

    public IAsyncEnumerable<StringBuilder> StringBuilderAsync(IAsyncEnumerable<StringBuilder> items, IProgress<StringBuilder> progress, CancellationToken cancellationToken) => items;

    public IAsyncEnumerable<int?> IntOrNullAsync(IAsyncEnumerable<int?> items, IProgress<int?> progress, CancellationToken cancellationToken) => items;

    public IAsyncEnumerable<decimal?> DecimalOrNullAsync(IAsyncEnumerable<decimal?> items, IProgress<decimal?> progress, CancellationToken cancellationToken) => items;

    public IAsyncEnumerable<bool?> BoolOrNullAsync(IAsyncEnumerable<bool?> items, IProgress<bool?> progress, CancellationToken cancellationToken) => items;

    public IAsyncEnumerable<DateTime?> DateTimeOrNullAsync(IAsyncEnumerable<DateTime?> items, IProgress<DateTime?> progress, CancellationToken cancellationToken) => items;

    public IAsyncEnumerable<DayOfWeek?> DayOfWeekOrNullAsync(IAsyncEnumerable<DayOfWeek?> items, IProgress<DayOfWeek?> progress, CancellationToken cancellationToken) => items;

    public IAsyncEnumerable<Money?> MoneyOrNullAsync(IAsyncEnumerable<Money?> items, IProgress<Money?> progress, CancellationToken cancellationToken) => items;

    public IAsyncEnumerable<Pair?> PairOrNullAsync(IAsyncEnumerable<Pair?> items, IProgress<Pair?> progress, CancellationToken cancellationToken) => items;

    public IAsyncEnumerable<Flags?> FlagsOrNullAsync(IAsyncEnumerable<Flags?> items, IProgress<Flags?> progress, CancellationToken cancellationToken) => items;

    public IAsyncEnumerable<(int, bool)?> TupleIntBoolOrNullAsync(IAsyncEnumerable<(int, bool)?> items, IProgress<(int, bool)?> progress, CancellationToken cancellationToken) => items;

    public IAsyncEnumerable<Guid?> GuidOrNullAsync(IAsyncEnumerable<Guid?> items, IProgress<Guid?> progress, CancellationToken cancellationToken) => items;

    public IAsyncEnumerable<byte[]> ByteArrayAsync(IAsyncEnumerable<byte[]> items, IProgress<byte[]> progress, CancellationToken cancellationToken) => items;

    public IAsyncEnumerable<int[]> IntArrayAsync(IAsyncEnumerable<int[]> items, IProgress<int[]> progress, CancellationToken cancellationToken) => items;

    public IAsyncEnumerable<bool[]> BoolArrayAsync(IAsyncEnumerable<bool[]> items, IProgress<bool[]> progress, CancellationToken cancellationToken) => items;

    public IAsyncEnumerable<decimal[]> DecimalArrayAsync(IAsyncEnumerable<decimal[]> items, IProgress<decimal[]> progress, CancellationToken cancellationToken) => items;

    public IAsyncEnumerable<string[]> StringArrayAsync(IAsyncEnumerable<string[]> items, IProgress<string[]> progress, CancellationToken cancellationToken) => items;

    public IAsyncEnumerable<string?[]> StringOrNullArrayAsync(IAsyncEnumerable<string?[]> items, IProgress<string?[]> progress, CancellationToken cancellationToken) => items;

    public IAsyncEnumerable<DateTime[]> DateTimeArrayAsync(IAsyncEnumerable<DateTime[]> items, IProgress<DateTime[]> progress, CancellationToken cancellationToken) => items;

    public IAsyncEnumerable<Flags[]> FlagsArrayAsync(IAsyncEnumerable<Flags[]> items, IProgress<Flags[]> progress, CancellationToken cancellationToken) => items;

    public IAsyncEnumerable<int?[]> IntOrNullArrayAsync(IAsyncEnumerable<int?[]> items, IProgress<int?[]> progress, CancellationToken cancellationToken) => items;

    public IAsyncEnumerable<Person[]> PersonArrayAsync(IAsyncEnumerable<Person[]> items, IProgress<Person[]> progress, CancellationToken cancellationToken) => items;

    public IAsyncEnumerable<Person?[]> PersonOrNullArrayAsync(IAsyncEnumerable<Person?[]> items, IProgress<Person?[]> progress, CancellationToken cancellationToken) => items;

    public IAsyncEnumerable<int[][]> IntArrayArrayAsync(IAsyncEnumerable<int[][]> items, IProgress<int[][]> progress, CancellationToken cancellationToken) => items;

    public IAsyncEnumerable<string[][]> StringArrayArrayAsync(IAsyncEnumerable<string[][]> items, IProgress<string[][]> progress, CancellationToken cancellationToken) => items;

    public IAsyncEnumerable<Empty[]> EmptyArrayAsync(IAsyncEnumerable<Empty[]> items, IProgress<Empty[]> progress, CancellationToken cancellationToken) => items;

    public IAsyncEnumerable<char[]> CharArrayAsync(IAsyncEnumerable<char[]> items, IProgress<char[]> progress, CancellationToken cancellationToken) => items;

    public IAsyncEnumerable<Rune[]> RuneArrayAsync(IAsyncEnumerable<Rune[]> items, IProgress<Rune[]> progress, CancellationToken cancellationToken) => items;

    public IAsyncEnumerable<Money[]> MoneyArrayAsync(IAsyncEnumerable<Money[]> items, IProgress<Money[]> progress, CancellationToken cancellationToken) => items;

    public IAsyncEnumerable<BigInteger[]> BigIntegerArrayAsync(IAsyncEnumerable<BigInteger[]> items, IProgress<BigInteger[]> progress, CancellationToken cancellationToken) => items;

    public IAsyncEnumerable<BitArray[]> BitArrayArrayAsync(IAsyncEnumerable<BitArray[]> items, IProgress<BitArray[]> progress, CancellationToken cancellationToken) => items;

    public IAsyncEnumerable<int[,]> IntGridAsync(IAsyncEnumerable<int[,]> items, IProgress<int[,]> progress, CancellationToken cancellationToken) => items;

    public IAsyncEnumerable<string[,]> StringGridAsync(IAsyncEnumerable<string[,]> items, IProgress<string[,]> progress, CancellationToken cancellationToken) => items;

    public IAsyncEnumerable<bool[,]> BoolGridAsync(IAsyncEnumerable<bool[,]> items, IProgress<bool[,]> progress, CancellationToken cancellationToken) => items;

    public IAsyncEnumerable<byte[,,]> ByteCubeAsync(IAsyncEnumerable<byte[,,]> items, IProgress<byte[,,]> progress, CancellationToken cancellationToken) => items;

    public IAsyncEnumerable<Person[,,,]> PersonTesseractAsync(IAsyncEnumerable<Person[,,,]> items, IProgress<Person[,,,]> progress, CancellationToken cancellationToken) => items;

    public IAsyncEnumerable<decimal[,]> DecimalGridAsync(IAsyncEnumerable<decimal[,]> items, IProgress<decimal[,]> progress, CancellationToken cancellationToken) => items;

    public IAsyncEnumerable<List<int>> ListIntAsync(IAsyncEnumerable<List<int>> items, IProgress<List<int>> progress, CancellationToken cancellationToken) => items;

    public IAsyncEnumerable<List<string>> ListStringAsync(IAsyncEnumerable<List<string>> items, IProgress<List<string>> progress, CancellationToken cancellationToken) => items;

    public IAsyncEnumerable<List<string?>> ListStringOrNullAsync(IAsyncEnumerable<List<string?>> items, IProgress<List<string?>> progress, CancellationToken cancellationToken) => items;

    public IAsyncEnumerable<List<Person>> ListPersonAsync(IAsyncEnumerable<List<Person>> items, IProgress<List<Person>> progress, CancellationToken cancellationToken) => items;

    public IAsyncEnumerable<List<bool>> ListBoolAsync(IAsyncEnumerable<List<bool>> items, IProgress<List<bool>> progress, CancellationToken cancellationToken) => items;

    public IAsyncEnumerable<List<List<int>>> ListListIntAsync(IAsyncEnumerable<List<List<int>>> items, IProgress<List<List<int>>> progress, CancellationToken cancellationToken) => items;

    public IAsyncEnumerable<List<Money>> ListMoneyAsync(IAsyncEnumerable<List<Money>> items, IProgress<List<Money>> progress, CancellationToken cancellationToken) => items;

    public IAsyncEnumerable<List<(int, string)>> ListIntStringAsync(IAsyncEnumerable<List<(int, string)>> items, IProgress<List<(int, string)>> progress, CancellationToken cancellationToken) => items;

    public IAsyncEnumerable<List<DateTime?>> ListDateTimeOrNullAsync(IAsyncEnumerable<List<DateTime?>> items, IProgress<List<DateTime?>> progress, CancellationToken cancellationToken) => items;

    public IAsyncEnumerable<List<Pair?>> ListPairOrNullAsync(IAsyncEnumerable<List<Pair?>> items, IProgress<List<Pair?>> progress, CancellationToken cancellationToken) => items;

    public IAsyncEnumerable<LinkedList<byte>> LinkedListByteAsync(IAsyncEnumerable<LinkedList<byte>> items, IProgress<LinkedList<byte>> progress, CancellationToken cancellationToken) => items;

    public IAsyncEnumerable<LinkedList<string>> LinkedListStringAsync(IAsyncEnumerable<LinkedList<string>> items, IProgress<LinkedList<string>> progress, CancellationToken cancellationToken) => items;

    public IAsyncEnumerable<Queue<int>> QueueIntAsync(IAsyncEnumerable<Queue<int>> items, IProgress<Queue<int>> progress, CancellationToken cancellationToken) => items;

    public IAsyncEnumerable<Queue<string>> QueueStringAsync(IAsyncEnumerable<Queue<string>> items, IProgress<Queue<string>> progress, CancellationToken cancellationToken) => items;

    public IAsyncEnumerable<Stack<int>> StackIntAsync(IAsyncEnumerable<Stack<int>> items, IProgress<Stack<int>> progress, CancellationToken cancellationToken) => items;

    public IAsyncEnumerable<Stack<string>> StackStringAsync(IAsyncEnumerable<Stack<string>> items, IProgress<Stack<string>> progress, CancellationToken cancellationToken) => items;

    public IAsyncEnumerable<HashSet<long>> HashSetLongAsync(IAsyncEnumerable<HashSet<long>> items, IProgress<HashSet<long>> progress, CancellationToken cancellationToken) => items;

    public IAsyncEnumerable<HashSet<string>> HashSetStringAsync(IAsyncEnumerable<HashSet<string>> items, IProgress<HashSet<string>> progress, CancellationToken cancellationToken) => items;

    public IAsyncEnumerable<HashSet<Guid>> HashSetGuidAsync(IAsyncEnumerable<HashSet<Guid>> items, IProgress<HashSet<Guid>> progress, CancellationToken cancellationToken) => items;

    public IAsyncEnumerable<SortedSet<int>> SortedSetIntAsync(IAsyncEnumerable<SortedSet<int>> items, IProgress<SortedSet<int>> progress, CancellationToken cancellationToken) => items;

    public IAsyncEnumerable<SortedSet<string>> SortedSetStringAsync(IAsyncEnumerable<SortedSet<string>> items, IProgress<SortedSet<string>> progress, CancellationToken cancellationToken) => items;

    public IAsyncEnumerable<IEnumerable<int>> IEnumerableIntAsync(IAsyncEnumerable<IEnumerable<int>> items, IProgress<IEnumerable<int>> progress, CancellationToken cancellationToken) => items;

    public IAsyncEnumerable<IEnumerable<string>> IEnumerableStringAsync(IAsyncEnumerable<IEnumerable<string>> items, IProgress<IEnumerable<string>> progress, CancellationToken cancellationToken) => items;

    public IAsyncEnumerable<ICollection<int>> ICollectionIntAsync(IAsyncEnumerable<ICollection<int>> items, IProgress<ICollection<int>> progress, CancellationToken cancellationToken) => items;

    public IAsyncEnumerable<IList<string>> IListStringAsync(IAsyncEnumerable<IList<string>> items, IProgress<IList<string>> progress, CancellationToken cancellationToken) => items;

    public IAsyncEnumerable<IReadOnlyCollection<int>> IReadOnlyCollectionIntAsync(IAsyncEnumerable<IReadOnlyCollection<int>> items, IProgress<IReadOnlyCollection<int>> progress, CancellationToken cancellationToken) => items;

    public IAsyncEnumerable<IReadOnlyList<Person>> IReadOnlyListPersonAsync(IAsyncEnumerable<IReadOnlyList<Person>> items, IProgress<IReadOnlyList<Person>> progress, CancellationToken cancellationToken) => items;

    public IAsyncEnumerable<ISet<long>> ISetLongAsync(IAsyncEnumerable<ISet<long>> items, IProgress<ISet<long>> progress, CancellationToken cancellationToken) => items;

    public IAsyncEnumerable<IReadOnlySet<int>> IReadOnlySetIntAsync(IAsyncEnumerable<IReadOnlySet<int>> items, IProgress<IReadOnlySet<int>> progress, CancellationToken cancellationToken) => items;

    public IAsyncEnumerable<Collection<int>> CollectionIntAsync(IAsyncEnumerable<Collection<int>> items, IProgress<Collection<int>> progress, CancellationToken cancellationToken) => items;

    public IAsyncEnumerable<ObservableCollection<string>> ObservableCollectionStringAsync(IAsyncEnumerable<ObservableCollection<string>> items, IProgress<ObservableCollection<string>> progress, CancellationToken cancellationToken) => items;

    public IAsyncEnumerable<ReadOnlyCollection<int>> ReadOnlyCollectionIntAsync(IAsyncEnumerable<ReadOnlyCollection<int>> items, IProgress<ReadOnlyCollection<int>> progress, CancellationToken cancellationToken) => items;

    public IAsyncEnumerable<ReadOnlyObservableCollection<string>> ReadOnlyObservableCollectionStringAsync(IAsyncEnumerable<ReadOnlyObservableCollection<string>> items, IProgress<ReadOnlyObservableCollection<string>> progress, CancellationToken cancellationToken) => items;

    public IAsyncEnumerable<BlockingCollection<int>> BlockingCollectionIntAsync(IAsyncEnumerable<BlockingCollection<int>> items, IProgress<BlockingCollection<int>> progress, CancellationToken cancellationToken) => items;

    public IAsyncEnumerable<ConcurrentBag<int>> ConcurrentBagIntAsync(IAsyncEnumerable<ConcurrentBag<int>> items, IProgress<ConcurrentBag<int>> progress, CancellationToken cancellationToken) => items;

    public IAsyncEnumerable<ConcurrentQueue<string>> ConcurrentQueueStringAsync(IAsyncEnumerable<ConcurrentQueue<string>> items, IProgress<ConcurrentQueue<string>> progress, CancellationToken cancellationToken) => items;

    public IAsyncEnumerable<ConcurrentStack<int>> ConcurrentStackIntAsync(IAsyncEnumerable<ConcurrentStack<int>> items, IProgress<ConcurrentStack<int>> progress, CancellationToken cancellationToken) => items;

    public IAsyncEnumerable<ImmutableArray<int>> ImmutableArrayIntAsync(IAsyncEnumerable<ImmutableArray<int>> items, IProgress<ImmutableArray<int>> progress, CancellationToken cancellationToken) => items;

    public IAsyncEnumerable<ImmutableArray<string>> ImmutableArrayStringAsync(IAsyncEnumerable<ImmutableArray<string>> items, IProgress<ImmutableArray<string>> progress, CancellationToken cancellationToken) => items;

    public IAsyncEnumerable<ImmutableList<byte>> ImmutableListByteAsync(IAsyncEnumerable<ImmutableList<byte>> items, IProgress<ImmutableList<byte>> progress, CancellationToken cancellationToken) => items;

    public IAsyncEnumerable<ImmutableList<string>> ImmutableListStringAsync(IAsyncEnumerable<ImmutableList<string>> items, IProgress<ImmutableList<string>> progress, CancellationToken cancellationToken) => items;

    public IAsyncEnumerable<ImmutableQueue<int>> ImmutableQueueIntAsync(IAsyncEnumerable<ImmutableQueue<int>> items, IProgress<ImmutableQueue<int>> progress, CancellationToken cancellationToken) => items;

    public IAsyncEnumerable<ImmutableStack<string>> ImmutableStackStringAsync(IAsyncEnumerable<ImmutableStack<string>> items, IProgress<ImmutableStack<string>> progress, CancellationToken cancellationToken) => items;

    public IAsyncEnumerable<ImmutableHashSet<long>> ImmutableHashSetLongAsync(IAsyncEnumerable<ImmutableHashSet<long>> items, IProgress<ImmutableHashSet<long>> progress, CancellationToken cancellationToken) => items;

    public IAsyncEnumerable<ImmutableSortedSet<int>> ImmutableSortedSetIntAsync(IAsyncEnumerable<ImmutableSortedSet<int>> items, IProgress<ImmutableSortedSet<int>> progress, CancellationToken cancellationToken) => items;

    public IAsyncEnumerable<IImmutableList<int>> IImmutableListIntAsync(IAsyncEnumerable<IImmutableList<int>> items, IProgress<IImmutableList<int>> progress, CancellationToken cancellationToken) => items;

    public IAsyncEnumerable<IImmutableQueue<string>> IImmutableQueueStringAsync(IAsyncEnumerable<IImmutableQueue<string>> items, IProgress<IImmutableQueue<string>> progress, CancellationToken cancellationToken) => items;

    public IAsyncEnumerable<IImmutableStack<int>> IImmutableStackIntAsync(IAsyncEnumerable<IImmutableStack<int>> items, IProgress<IImmutableStack<int>> progress, CancellationToken cancellationToken) => items;

    public IAsyncEnumerable<IImmutableSet<long>> IImmutableSetLongAsync(IAsyncEnumerable<IImmutableSet<long>> items, IProgress<IImmutableSet<long>> progress, CancellationToken cancellationToken) => items;

    public IAsyncEnumerable<FrozenSet<long>> FrozenSetLongAsync(IAsyncEnumerable<FrozenSet<long>> items, IProgress<FrozenSet<long>> progress, CancellationToken cancellationToken) => items;

    public IAsyncEnumerable<FrozenSet<string>> FrozenSetStringAsync(IAsyncEnumerable<FrozenSet<string>> items, IProgress<FrozenSet<string>> progress, CancellationToken cancellationToken) => items;

    public IAsyncEnumerable<Dictionary<int, int>> DictionaryIntIntAsync(IAsyncEnumerable<Dictionary<int, int>> items, IProgress<Dictionary<int, int>> progress, CancellationToken cancellationToken) => items;

    public IAsyncEnumerable<Dictionary<long, string>> DictionaryLongStringAsync(IAsyncEnumerable<Dictionary<long, string>> items, IProgress<Dictionary<long, string>> progress, CancellationToken cancellationToken) => items;

    public IAsyncEnumerable<Dictionary<string, Person>> DictionaryStringPersonAsync(IAsyncEnumerable<Dictionary<string, Person>> items, IProgress<Dictionary<string, Person>> progress, CancellationToken cancellationToken) => items;

    public IAsyncEnumerable<Dictionary<string, string>> DictionaryStringStringAsync(IAsyncEnumerable<Dictionary<string, string>> items, IProgress<Dictionary<string, string>> progress, CancellationToken cancellationToken) => items;

    public IAsyncEnumerable<Dictionary<Guid, bool>> DictionaryGuidBoolAsync(IAsyncEnumerable<Dictionary<Guid, bool>> items, IProgress<Dictionary<Guid, bool>> progress, CancellationToken cancellationToken) => items;

    public IAsyncEnumerable<Dictionary<(long, long), int>> DictionaryLongLongIntAsync(IAsyncEnumerable<Dictionary<(long, long), int>> items, IProgress<Dictionary<(long, long), int>> progress, CancellationToken cancellationToken) => items;

    public IAsyncEnumerable<Dictionary<Key, int>> DictionaryKeyIntAsync(IAsyncEnumerable<Dictionary<Key, int>> items, IProgress<Dictionary<Key, int>> progress, CancellationToken cancellationToken) => items;

    public IAsyncEnumerable<Dictionary<DayOfWeek, decimal>> DictionaryDayOfWeekDecimalAsync(IAsyncEnumerable<Dictionary<DayOfWeek, decimal>> items, IProgress<Dictionary<DayOfWeek, decimal>> progress, CancellationToken cancellationToken) => items;

    public IAsyncEnumerable<Dictionary<double, int>> DictionaryDoubleIntAsync(IAsyncEnumerable<Dictionary<double, int>> items, IProgress<Dictionary<double, int>> progress, CancellationToken cancellationToken) => items;

    public IAsyncEnumerable<IDictionary<long, int>> IDictionaryLongIntAsync(IAsyncEnumerable<IDictionary<long, int>> items, IProgress<IDictionary<long, int>> progress, CancellationToken cancellationToken) => items;

    public IAsyncEnumerable<IReadOnlyDictionary<string, int>> IReadOnlyDictionaryStringIntAsync(IAsyncEnumerable<IReadOnlyDictionary<string, int>> items, IProgress<IReadOnlyDictionary<string, int>> progress, CancellationToken cancellationToken) => items;

    public IAsyncEnumerable<IReadOnlyDictionary<long, long>> IReadOnlyDictionaryLongLongAsync(IAsyncEnumerable<IReadOnlyDictionary<long, long>> items, IProgress<IReadOnlyDictionary<long, long>> progress, CancellationToken cancellationToken) => items;

    public IAsyncEnumerable<SortedDictionary<int, string>> SortedDictionaryIntStringAsync(IAsyncEnumerable<SortedDictionary<int, string>> items, IProgress<SortedDictionary<int, string>> progress, CancellationToken cancellationToken) => items;

    public IAsyncEnumerable<SortedList<long, int>> SortedListLongIntAsync(IAsyncEnumerable<SortedList<long, int>> items, IProgress<SortedList<long, int>> progress, CancellationToken cancellationToken) => items;

    public IAsyncEnumerable<SortedList<string, string>> SortedListStringStringAsync(IAsyncEnumerable<SortedList<string, string>> items, IProgress<SortedList<string, string>> progress, CancellationToken cancellationToken) => items;

    public IAsyncEnumerable<ConcurrentDictionary<long, int>> ConcurrentDictionaryLongIntAsync(IAsyncEnumerable<ConcurrentDictionary<long, int>> items, IProgress<ConcurrentDictionary<long, int>> progress, CancellationToken cancellationToken) => items;

    public IAsyncEnumerable<ImmutableDictionary<long, int>> ImmutableDictionaryLongIntAsync(IAsyncEnumerable<ImmutableDictionary<long, int>> items, IProgress<ImmutableDictionary<long, int>> progress, CancellationToken cancellationToken) => items;

    public IAsyncEnumerable<ImmutableSortedDictionary<int, string>> ImmutableSortedDictionaryIntStringAsync(IAsyncEnumerable<ImmutableSortedDictionary<int, string>> items, IProgress<ImmutableSortedDictionary<int, string>> progress, CancellationToken cancellationToken) => items;

    public IAsyncEnumerable<IImmutableDictionary<long, int>> IImmutableDictionaryLongIntAsync(IAsyncEnumerable<IImmutableDictionary<long, int>> items, IProgress<IImmutableDictionary<long, int>> progress, CancellationToken cancellationToken) => items;

    public IAsyncEnumerable<FrozenDictionary<long, int>> FrozenDictionaryLongIntAsync(IAsyncEnumerable<FrozenDictionary<long, int>> items, IProgress<FrozenDictionary<long, int>> progress, CancellationToken cancellationToken) => items;

    public IAsyncEnumerable<FrozenDictionary<string, string>> FrozenDictionaryStringStringAsync(IAsyncEnumerable<FrozenDictionary<string, string>> items, IProgress<FrozenDictionary<string, string>> progress, CancellationToken cancellationToken) => items;

    public IAsyncEnumerable<PriorityQueue<int, long>> PriorityQueueIntLongAsync(IAsyncEnumerable<PriorityQueue<int, long>> items, IProgress<PriorityQueue<int, long>> progress, CancellationToken cancellationToken) => items;

    public IAsyncEnumerable<PriorityQueue<string, int>> PriorityQueueStringIntAsync(IAsyncEnumerable<PriorityQueue<string, int>> items, IProgress<PriorityQueue<string, int>> progress, CancellationToken cancellationToken) => items;

    public IAsyncEnumerable<Lazy<int>> LazyIntAsync(IAsyncEnumerable<Lazy<int>> items, IProgress<Lazy<int>> progress, CancellationToken cancellationToken) => items;

    public IAsyncEnumerable<Lazy<string>> LazyStringAsync(IAsyncEnumerable<Lazy<string>> items, IProgress<Lazy<string>> progress, CancellationToken cancellationToken) => items;

    public IAsyncEnumerable<IGrouping<int, string>> IGroupingIntStringAsync(IAsyncEnumerable<IGrouping<int, string>> items, IProgress<IGrouping<int, string>> progress, CancellationToken cancellationToken) => items;

    public IAsyncEnumerable<ILookup<long, int>> ILookupLongIntAsync(IAsyncEnumerable<ILookup<long, int>> items, IProgress<ILookup<long, int>> progress, CancellationToken cancellationToken) => items;

    public IAsyncEnumerable<KeyValuePair<int, bool>> KeyValuePairIntBoolAsync(IAsyncEnumerable<KeyValuePair<int, bool>> items, IProgress<KeyValuePair<int, bool>> progress, CancellationToken cancellationToken) => items;

    public IAsyncEnumerable<KeyValuePair<string, int>> KeyValuePairStringIntAsync(IAsyncEnumerable<KeyValuePair<string, int>> items, IProgress<KeyValuePair<string, int>> progress, CancellationToken cancellationToken) => items;

    public IAsyncEnumerable<Memory<int>> MemoryIntAsync(IAsyncEnumerable<Memory<int>> items, IProgress<Memory<int>> progress, CancellationToken cancellationToken) => items;

    public IAsyncEnumerable<ReadOnlyMemory<byte>> ReadOnlyMemoryByteAsync(IAsyncEnumerable<ReadOnlyMemory<byte>> items, IProgress<ReadOnlyMemory<byte>> progress, CancellationToken cancellationToken) => items;

    public IAsyncEnumerable<ArraySegment<int>> ArraySegmentIntAsync(IAsyncEnumerable<ArraySegment<int>> items, IProgress<ArraySegment<int>> progress, CancellationToken cancellationToken) => items;

    public IAsyncEnumerable<ReadOnlySequence<byte>> ReadOnlySequenceByteAsync(IAsyncEnumerable<ReadOnlySequence<byte>> items, IProgress<ReadOnlySequence<byte>> progress, CancellationToken cancellationToken) => items;

    public IAsyncEnumerable<Memory<string>> MemoryStringAsync(IAsyncEnumerable<Memory<string>> items, IProgress<Memory<string>> progress, CancellationToken cancellationToken) => items;

    public IAsyncEnumerable<ReadOnlyMemory<Person>> ReadOnlyMemoryPersonAsync(IAsyncEnumerable<ReadOnlyMemory<Person>> items, IProgress<ReadOnlyMemory<Person>> progress, CancellationToken cancellationToken) => items;

    public IAsyncEnumerable<(int, bool)> TupleIntBoolAsync(IAsyncEnumerable<(int, bool)> items, IProgress<(int, bool)> progress, CancellationToken cancellationToken) => items;

    public IAsyncEnumerable<(string, decimal)> TupleStringDecimalAsync(IAsyncEnumerable<(string, decimal)> items, IProgress<(string, decimal)> progress, CancellationToken cancellationToken) => items;

    public IAsyncEnumerable<(int, string, Person)> TupleIntStringPersonAsync(IAsyncEnumerable<(int, string, Person)> items, IProgress<(int, string, Person)> progress, CancellationToken cancellationToken) => items;

    public IAsyncEnumerable<(int, int, int, int, int, int, int, int, bool)> TupleIntIntIntIntIntIntIntIntBoolAsync(IAsyncEnumerable<(int, int, int, int, int, int, int, int, bool)> items, IProgress<(int, int, int, int, int, int, int, int, bool)> progress, CancellationToken cancellationToken) => items;

    public IAsyncEnumerable<(string, string, string, string, string, string, string, string)> TupleStringStringStringStringStringStringStringStringAsync(IAsyncEnumerable<(string, string, string, string, string, string, string, string)> items, IProgress<(string, string, string, string, string, string, string, string)> progress, CancellationToken cancellationToken) => items;

    public IAsyncEnumerable<Tuple<int>> TupleIntAsync(IAsyncEnumerable<Tuple<int>> items, IProgress<Tuple<int>> progress, CancellationToken cancellationToken) => items;

    public IAsyncEnumerable<Tuple<string, bool>> TupleStringBoolAsync(IAsyncEnumerable<Tuple<string, bool>> items, IProgress<Tuple<string, bool>> progress, CancellationToken cancellationToken) => items;

    public IAsyncEnumerable<Tuple<int, int, int, int, int, int, int, Tuple<string>>> TupleIntIntIntIntIntIntIntTupleStringAsync(IAsyncEnumerable<Tuple<int, int, int, int, int, int, int, Tuple<string>>> items, IProgress<Tuple<int, int, int, int, int, int, int, Tuple<string>>> progress, CancellationToken cancellationToken) => items;

    public IAsyncEnumerable<Empty> EmptyAsync(IAsyncEnumerable<Empty> items, IProgress<Empty> progress, CancellationToken cancellationToken) => items;

    public IAsyncEnumerable<Person> PersonAsync(IAsyncEnumerable<Person> items, IProgress<Person> progress, CancellationToken cancellationToken) => items;

    public IAsyncEnumerable<Order> OrderAsync(IAsyncEnumerable<Order> items, IProgress<Order> progress, CancellationToken cancellationToken) => items;

    public IAsyncEnumerable<Money> MoneyAsync(IAsyncEnumerable<Money> items, IProgress<Money> progress, CancellationToken cancellationToken) => items;

    public IAsyncEnumerable<Pair> PairAsync(IAsyncEnumerable<Pair> items, IProgress<Pair> progress, CancellationToken cancellationToken) => items;

    public IAsyncEnumerable<Flags> FlagsAsync(IAsyncEnumerable<Flags> items, IProgress<Flags> progress, CancellationToken cancellationToken) => items;

    public IAsyncEnumerable<Wide> WideAsync(IAsyncEnumerable<Wide> items, IProgress<Wide> progress, CancellationToken cancellationToken) => items;

    public IAsyncEnumerable<Packed> PackedAsync(IAsyncEnumerable<Packed> items, IProgress<Packed> progress, CancellationToken cancellationToken) => items;

    public IAsyncEnumerable<Overlap> OverlapAsync(IAsyncEnumerable<Overlap> items, IProgress<Overlap> progress, CancellationToken cancellationToken) => items;

    public IAsyncEnumerable<Buffers> BuffersAsync(IAsyncEnumerable<Buffers> items, IProgress<Buffers> progress, CancellationToken cancellationToken) => items;

    public IAsyncEnumerable<Numbers> NumbersAsync(IAsyncEnumerable<Numbers> items, IProgress<Numbers> progress, CancellationToken cancellationToken) => items;

    public IAsyncEnumerable<Node> NodeAsync(IAsyncEnumerable<Node> items, IProgress<Node> progress, CancellationToken cancellationToken) => items;

    public IAsyncEnumerable<Tree> TreeAsync(IAsyncEnumerable<Tree> items, IProgress<Tree> progress, CancellationToken cancellationToken) => items;

    public IAsyncEnumerable<Tolerant> TolerantAsync(IAsyncEnumerable<Tolerant> items, IProgress<Tolerant> progress, CancellationToken cancellationToken) => items;

    public IAsyncEnumerable<TolerantTree> TolerantTreeAsync(IAsyncEnumerable<TolerantTree> items, IProgress<TolerantTree> progress, CancellationToken cancellationToken) => items;

    public IAsyncEnumerable<TolerantPoint> TolerantPointAsync(IAsyncEnumerable<TolerantPoint> items, IProgress<TolerantPoint> progress, CancellationToken cancellationToken) => items;

    public IAsyncEnumerable<Graph> GraphAsync(IAsyncEnumerable<Graph> items, IProgress<Graph> progress, CancellationToken cancellationToken) => items;

    public IAsyncEnumerable<IShape> IShapeAsync(IAsyncEnumerable<IShape> items, IProgress<IShape> progress, CancellationToken cancellationToken) => items;

    public IAsyncEnumerable<Box<int>> BoxIntAsync(IAsyncEnumerable<Box<int>> items, IProgress<Box<int>> progress, CancellationToken cancellationToken) => items;

    public IAsyncEnumerable<Box<string>> BoxStringAsync(IAsyncEnumerable<Box<string>> items, IProgress<Box<string>> progress, CancellationToken cancellationToken) => items;

    public IAsyncEnumerable<Box<Person>> BoxPersonAsync(IAsyncEnumerable<Box<Person>> items, IProgress<Box<Person>> progress, CancellationToken cancellationToken) => items;

    public IAsyncEnumerable<Shelf> ShelfAsync(IAsyncEnumerable<Shelf> items, IProgress<Shelf> progress, CancellationToken cancellationToken) => items;

    public IAsyncEnumerable<Balances> BalancesAsync(IAsyncEnumerable<Balances> items, IProgress<Balances> progress, CancellationToken cancellationToken) => items;

    public IAsyncEnumerable<Accounts> AccountsAsync(IAsyncEnumerable<Accounts> items, IProgress<Accounts> progress, CancellationToken cancellationToken) => items;

    public IAsyncEnumerable<Ids> IdsAsync(IAsyncEnumerable<Ids> items, IProgress<Ids> progress, CancellationToken cancellationToken) => items;

    public IAsyncEnumerable<Annotated> AnnotatedAsync(IAsyncEnumerable<Annotated> items, IProgress<Annotated> progress, CancellationToken cancellationToken) => items;

    public IAsyncEnumerable<Secret> SecretAsync(IAsyncEnumerable<Secret> items, IProgress<Secret> progress, CancellationToken cancellationToken) => items;

    public IAsyncEnumerable<Outer> OuterAsync(IAsyncEnumerable<Outer> items, IProgress<Outer> progress, CancellationToken cancellationToken) => items;

    public IAsyncEnumerable<Temperature> TemperatureAsync(IAsyncEnumerable<Temperature> items, IProgress<Temperature> progress, CancellationToken cancellationToken) => items;

    public IAsyncEnumerable<Members[]> MembersArrayAsync(IAsyncEnumerable<Members[]> items, IProgress<Members[]> progress, CancellationToken cancellationToken) => items;

    public IAsyncEnumerable<List<Tree>> ListTreeAsync(IAsyncEnumerable<List<Tree>> items, IProgress<List<Tree>> progress, CancellationToken cancellationToken) => items;

    public IAsyncEnumerable<List<Tolerant>> ListTolerantAsync(IAsyncEnumerable<List<Tolerant>> items, IProgress<List<Tolerant>> progress, CancellationToken cancellationToken) => items;

    public IAsyncEnumerable<List<Graph>> ListGraphAsync(IAsyncEnumerable<List<Graph>> items, IProgress<List<Graph>> progress, CancellationToken cancellationToken) => items;

    public IAsyncEnumerable<List<IShape>> ListIShapeAsync(IAsyncEnumerable<List<IShape>> items, IProgress<List<IShape>> progress, CancellationToken cancellationToken) => items;

    public IAsyncEnumerable<Dictionary<string, List<Tree>>> DictionaryStringListTreeAsync(IAsyncEnumerable<Dictionary<string, List<Tree>>> items, IProgress<Dictionary<string, List<Tree>>> progress, CancellationToken cancellationToken) => items;

    public IAsyncEnumerable<IReadOnlyList<Tolerant>> IReadOnlyListTolerantAsync(IAsyncEnumerable<IReadOnlyList<Tolerant>> items, IProgress<IReadOnlyList<Tolerant>> progress, CancellationToken cancellationToken) => items;

    public IAsyncEnumerable<Dictionary<int, IShape>> DictionaryIntIShapeAsync(IAsyncEnumerable<Dictionary<int, IShape>> items, IProgress<Dictionary<int, IShape>> progress, CancellationToken cancellationToken) => items;

    public IAsyncEnumerable<Node[]> NodeArrayAsync(IAsyncEnumerable<Node[]> items, IProgress<Node[]> progress, CancellationToken cancellationToken) => items;

    public IAsyncEnumerable<Graph[]> GraphArrayAsync(IAsyncEnumerable<Graph[]> items, IProgress<Graph[]> progress, CancellationToken cancellationToken) => items;

    public IAsyncEnumerable<ConcurrentQueue<int>[]> ConcurrentQueueIntArrayAsync(IAsyncEnumerable<ConcurrentQueue<int>[]> items, IProgress<ConcurrentQueue<int>[]> progress, CancellationToken cancellationToken) => items;

    public IAsyncEnumerable<ConcurrentDictionary<int, int>[]> ConcurrentDictionaryIntIntArrayAsync(IAsyncEnumerable<ConcurrentDictionary<int, int>[]> items, IProgress<ConcurrentDictionary<int, int>[]> progress, CancellationToken cancellationToken) => items;

    public IAsyncEnumerable<HashSet<int>[]> HashSetIntArrayAsync(IAsyncEnumerable<HashSet<int>[]> items, IProgress<HashSet<int>[]> progress, CancellationToken cancellationToken) => items;

    public IAsyncEnumerable<BlockingCollection<byte>[]> BlockingCollectionByteArrayAsync(IAsyncEnumerable<BlockingCollection<byte>[]> items, IProgress<BlockingCollection<byte>[]> progress, CancellationToken cancellationToken) => items;

    public IAsyncEnumerable<Lazy<bool>[]> LazyBoolArrayAsync(IAsyncEnumerable<Lazy<bool>[]> items, IProgress<Lazy<bool>[]> progress, CancellationToken cancellationToken) => items;

    public IAsyncEnumerable<Uri[]> UriArrayAsync(IAsyncEnumerable<Uri[]> items, IProgress<Uri[]> progress, CancellationToken cancellationToken) => items;

    public IAsyncEnumerable<Version[]> VersionArrayAsync(IAsyncEnumerable<Version[]> items, IProgress<Version[]> progress, CancellationToken cancellationToken) => items;

    public IAsyncEnumerable<StringBuilder[]> StringBuilderArrayAsync(IAsyncEnumerable<StringBuilder[]> items, IProgress<StringBuilder[]> progress, CancellationToken cancellationToken) => items;

    public IAsyncEnumerable<Wide?[]> WideOrNullArrayAsync(IAsyncEnumerable<Wide?[]> items, IProgress<Wide?[]> progress, CancellationToken cancellationToken) => items;

    public IAsyncEnumerable<Wide[]> WideArrayAsync(IAsyncEnumerable<Wide[]> items, IProgress<Wide[]> progress, CancellationToken cancellationToken) => items;

    public IAsyncEnumerable<Holder?[]> HolderOrNullArrayAsync(IAsyncEnumerable<Holder?[]> items, IProgress<Holder?[]> progress, CancellationToken cancellationToken) => items;

    public IAsyncEnumerable<Narrow> NarrowAsync(IAsyncEnumerable<Narrow> items, IProgress<Narrow> progress, CancellationToken cancellationToken) => items;

    public IAsyncEnumerable<Narrow?> NarrowOrNullAsync(IAsyncEnumerable<Narrow?> items, IProgress<Narrow?> progress, CancellationToken cancellationToken) => items;

    public IAsyncEnumerable<Narrow[]> NarrowArrayAsync(IAsyncEnumerable<Narrow[]> items, IProgress<Narrow[]> progress, CancellationToken cancellationToken) => items;

    public IAsyncEnumerable<(Narrow?, string?)> TupleNarrowOrNullStringOrNullAsync(IAsyncEnumerable<(Narrow?, string?)> items, IProgress<(Narrow?, string?)> progress, CancellationToken cancellationToken) => items;

    public IAsyncEnumerable<Box<Box<List<int?>>>> BoxBoxListIntOrNullAsync(IAsyncEnumerable<Box<Box<List<int?>>>> items, IProgress<Box<Box<List<int?>>>> progress, CancellationToken cancellationToken) => items;

    public IAsyncEnumerable<Box<IShape?>> BoxIShapeOrNullAsync(IAsyncEnumerable<Box<IShape?>> items, IProgress<Box<IShape?>> progress, CancellationToken cancellationToken) => items;

    public IAsyncEnumerable<Dictionary<string, IShape?>> DictionaryStringIShapeOrNullAsync(IAsyncEnumerable<Dictionary<string, IShape?>> items, IProgress<Dictionary<string, IShape?>> progress, CancellationToken cancellationToken) => items;

    public IAsyncEnumerable<Memory<IShape>> MemoryIShapeAsync(IAsyncEnumerable<Memory<IShape>> items, IProgress<Memory<IShape>> progress, CancellationToken cancellationToken) => items;

    public IAsyncEnumerable<ReadOnlySequence<Narrow>> ReadOnlySequenceNarrowAsync(IAsyncEnumerable<ReadOnlySequence<Narrow>> items, IProgress<ReadOnlySequence<Narrow>> progress, CancellationToken cancellationToken) => items;

    public IAsyncEnumerable<List<(Money?, bool?)>> ListTupleMoneyOrNullBoolOrNullAsync(IAsyncEnumerable<List<(Money?, bool?)>> items, IProgress<List<(Money?, bool?)>> progress, CancellationToken cancellationToken) => items;

    public IAsyncEnumerable<Tolerant?[]> TolerantOrNullArrayAsync(IAsyncEnumerable<Tolerant?[]> items, IProgress<Tolerant?[]> progress, CancellationToken cancellationToken) => items;

    public IAsyncEnumerable<Required> RequiredAsync(IAsyncEnumerable<Required> items, IProgress<Required> progress, CancellationToken cancellationToken) => items;

    public IAsyncEnumerable<Required[]> RequiredArrayAsync(IAsyncEnumerable<Required[]> items, IProgress<Required[]> progress, CancellationToken cancellationToken) => items;

    public IAsyncEnumerable<Small[]> SmallArrayAsync(IAsyncEnumerable<Small[]> items, IProgress<Small[]> progress, CancellationToken cancellationToken) => items;

    public IAsyncEnumerable<Huge> HugeAsync(IAsyncEnumerable<Huge> items, IProgress<Huge> progress, CancellationToken cancellationToken) => items;

    public IAsyncEnumerable<Dictionary<Small, Huge?>> DictionarySmallHugeOrNullAsync(IAsyncEnumerable<Dictionary<Small, Huge?>> items, IProgress<Dictionary<Small, Huge?>> progress, CancellationToken cancellationToken) => items;

    public IAsyncEnumerable<Dictionary<Rune, Half?>> DictionaryRuneHalfOrNullAsync(IAsyncEnumerable<Dictionary<Rune, Half?>> items, IProgress<Dictionary<Rune, Half?>> progress, CancellationToken cancellationToken) => items;

    public IAsyncEnumerable<HashSet<DateTimeOffset>> HashSetDateTimeOffsetAsync(IAsyncEnumerable<HashSet<DateTimeOffset>> items, IProgress<HashSet<DateTimeOffset>> progress, CancellationToken cancellationToken) => items;

    public IAsyncEnumerable<KeyValuePair<Narrow, bool>[]> KeyValuePairNarrowBoolArrayAsync(IAsyncEnumerable<KeyValuePair<Narrow, bool>[]> items, IProgress<KeyValuePair<Narrow, bool>[]> progress, CancellationToken cancellationToken) => items;

    public IAsyncEnumerable<Lazy<List<IShape>>> LazyListIShapeAsync(IAsyncEnumerable<Lazy<List<IShape>>> items, IProgress<Lazy<List<IShape>>> progress, CancellationToken cancellationToken) => items;

    public IAsyncEnumerable<Tuple<Graph, Graph?>> TupleGraphGraphOrNullAsync(IAsyncEnumerable<Tuple<Graph, Graph?>> items, IProgress<Tuple<Graph, Graph?>> progress, CancellationToken cancellationToken) => items;

    public IAsyncEnumerable<ConcurrentDictionary<string, Tree>> ConcurrentDictionaryStringTreeAsync(IAsyncEnumerable<ConcurrentDictionary<string, Tree>> items, IProgress<ConcurrentDictionary<string, Tree>> progress, CancellationToken cancellationToken) => items;

    public IAsyncEnumerable<ImmutableSortedDictionary<DateOnly, Uri>> ImmutableSortedDictionaryDateOnlyUriAsync(IAsyncEnumerable<ImmutableSortedDictionary<DateOnly, Uri>> items, IProgress<ImmutableSortedDictionary<DateOnly, Uri>> progress, CancellationToken cancellationToken) => items;

    public IAsyncEnumerable<FrozenDictionary<Guid, Person>> FrozenDictionaryGuidPersonAsync(IAsyncEnumerable<FrozenDictionary<Guid, Person>> items, IProgress<FrozenDictionary<Guid, Person>> progress, CancellationToken cancellationToken) => items;

    public IAsyncEnumerable<PriorityQueue<Person, DateTime>> PriorityQueuePersonDateTimeAsync(IAsyncEnumerable<PriorityQueue<Person, DateTime>> items, IProgress<PriorityQueue<Person, DateTime>> progress, CancellationToken cancellationToken) => items;

    public IAsyncEnumerable<ILookup<string, Person>> ILookupStringPersonAsync(IAsyncEnumerable<ILookup<string, Person>> items, IProgress<ILookup<string, Person>> progress, CancellationToken cancellationToken) => items;

    public IAsyncEnumerable<Int128[]> Int128ArrayAsync(IAsyncEnumerable<Int128[]> items, IProgress<Int128[]> progress, CancellationToken cancellationToken) => items;

    public IAsyncEnumerable<Complex?[]> ComplexOrNullArrayAsync(IAsyncEnumerable<Complex?[]> items, IProgress<Complex?[]> progress, CancellationToken cancellationToken) => items;

    public IAsyncEnumerable<Version?[]> VersionOrNullArrayAsync(IAsyncEnumerable<Version?[]> items, IProgress<Version?[]> progress, CancellationToken cancellationToken) => items;

    public IAsyncEnumerable<List<byte[]?>> ListByteArrayOrNullAsync(IAsyncEnumerable<List<byte[]?>> items, IProgress<List<byte[]?>> progress, CancellationToken cancellationToken) => items;

    public IAsyncEnumerable<IReadOnlyDictionary<string, IReadOnlyList<Person?>>> IReadOnlyDictionaryStringIReadOnlyListPersonOrNullAsync(IAsyncEnumerable<IReadOnlyDictionary<string, IReadOnlyList<Person?>>> items, IProgress<IReadOnlyDictionary<string, IReadOnlyList<Person?>>> progress, CancellationToken cancellationToken) => items;

    public IAsyncEnumerable<TolerantGraph> TolerantGraphAsync(IAsyncEnumerable<TolerantGraph> items, IProgress<TolerantGraph> progress, CancellationToken cancellationToken) => items;

    public IAsyncEnumerable<ImmutableArray<Money?>> ImmutableArrayMoneyOrNullAsync(IAsyncEnumerable<ImmutableArray<Money?>> items, IProgress<ImmutableArray<Money?>> progress, CancellationToken cancellationToken) => items;

    public IAsyncEnumerable<Both<string?, Both<int, Person>>> BothStringOrNullBothIntPersonAsync(IAsyncEnumerable<Both<string?, Both<int, Person>>> items, IProgress<Both<string?, Both<int, Person>>> progress, CancellationToken cancellationToken) => items;

    public IAsyncEnumerable<char?[]> CharOrNullArrayAsync(IAsyncEnumerable<char?[]> items, IProgress<char?[]> progress, CancellationToken cancellationToken) => items;

    public IAsyncEnumerable<StringBuilder?> StringBuilderOrNullAsync(IAsyncEnumerable<StringBuilder?> items, IProgress<StringBuilder?> progress, CancellationToken cancellationToken) => items;

    public IAsyncEnumerable<AroundNothing[]> AroundNothingArrayAsync(IAsyncEnumerable<AroundNothing[]> items, IProgress<AroundNothing[]> progress, CancellationToken cancellationToken) => items;

    public IAsyncEnumerable<TimeZoneInfo.TransitionTime> TransitionTimeAsync(IAsyncEnumerable<TimeZoneInfo.TransitionTime> items, IProgress<TimeZoneInfo.TransitionTime> progress, CancellationToken cancellationToken) => items;

    public IAsyncEnumerable<TimeZoneInfo.TransitionTime?[]> ArrayTransitionTimeAsync(IAsyncEnumerable<TimeZoneInfo.TransitionTime?[]> items, IProgress<TimeZoneInfo.TransitionTime?[]> progress, CancellationToken cancellationToken) => items;

    public IAsyncEnumerable<System.Data.SqlTypes.SqlInt32> SqlInt32Async(IAsyncEnumerable<System.Data.SqlTypes.SqlInt32> items, IProgress<System.Data.SqlTypes.SqlInt32> progress, CancellationToken cancellationToken) => items;

    public IAsyncEnumerable<List<System.Data.SqlTypes.SqlBoolean>> ListSqlBooleanAsync(IAsyncEnumerable<List<System.Data.SqlTypes.SqlBoolean>> items, IProgress<List<System.Data.SqlTypes.SqlBoolean>> progress, CancellationToken cancellationToken) => items;

    public IAsyncEnumerable<System.Runtime.CompilerServices.InlineArray4<bool>> InlineBoolsAsync(IAsyncEnumerable<System.Runtime.CompilerServices.InlineArray4<bool>> items, IProgress<System.Runtime.CompilerServices.InlineArray4<bool>> progress, CancellationToken cancellationToken) => items;

    public IAsyncEnumerable<System.Text.Json.JsonReaderOptions> JsonReaderOptionsAsync(IAsyncEnumerable<System.Text.Json.JsonReaderOptions> items, IProgress<System.Text.Json.JsonReaderOptions> progress, CancellationToken cancellationToken) => items;

    public IAsyncEnumerable<Captured> CapturedAsync(IAsyncEnumerable<Captured> items, IProgress<Captured> progress, CancellationToken cancellationToken) => items;

    public IAsyncEnumerable<Captured[]> ArrayCapturedAsync(IAsyncEnumerable<Captured[]> items, IProgress<Captured[]> progress, CancellationToken cancellationToken) => items;

    public IAsyncEnumerable<Dictionary<byte, Captured>> DictionaryByteCapturedAsync(IAsyncEnumerable<Dictionary<byte, Captured>> items, IProgress<Dictionary<byte, Captured>> progress, CancellationToken cancellationToken) => items;

    public IAsyncEnumerable<Wrapped<int>> WrappedIntAsync(IAsyncEnumerable<Wrapped<int>> items, IProgress<Wrapped<int>> progress, CancellationToken cancellationToken) => items;

    public IAsyncEnumerable<List<Wrapped<bool>>> ListWrappedBoolAsync(IAsyncEnumerable<List<Wrapped<bool>>> items, IProgress<List<Wrapped<bool>>> progress, CancellationToken cancellationToken) => items;

    public IAsyncEnumerable<Wrapped<string>> WrappedStringAsync(IAsyncEnumerable<Wrapped<string>> items, IProgress<Wrapped<string>> progress, CancellationToken cancellationToken) => items;

    public IAsyncEnumerable<Wrapped<Wrapped<bool>>?> WrappedWrappedAsync(IAsyncEnumerable<Wrapped<Wrapped<bool>>?> items, IProgress<Wrapped<Wrapped<bool>>?> progress, CancellationToken cancellationToken) => items;

    public IAsyncEnumerable<Dictionary<Wrapped<byte>, Wrapped<bool>>> DictionaryWrappedAsync(IAsyncEnumerable<Dictionary<Wrapped<byte>, Wrapped<bool>>> items, IProgress<Dictionary<Wrapped<byte>, Wrapped<bool>>> progress, CancellationToken cancellationToken) => items;

    public IAsyncEnumerable<List<Between<DateOnly>?>> BetweenDatesAsync(IAsyncEnumerable<List<Between<DateOnly>?>> items, IProgress<List<Between<DateOnly>?>> progress, CancellationToken cancellationToken) => items;

    public IAsyncEnumerable<WrappedHolder> WrappedHolderAsync(IAsyncEnumerable<WrappedHolder> items, IProgress<WrappedHolder> progress, CancellationToken cancellationToken) => items;

    public IAsyncEnumerable<List<WrappedHolder?>> ListWrappedHolderAsync(IAsyncEnumerable<List<WrappedHolder?>> items, IProgress<List<WrappedHolder?>> progress, CancellationToken cancellationToken) => items;

    public IAsyncEnumerable<Placed> PlacedAsync(IAsyncEnumerable<Placed> items, IProgress<Placed> progress, CancellationToken cancellationToken) => items;

    public IAsyncEnumerable<(Placed?, bool)> PlacedPairAsync(IAsyncEnumerable<(Placed?, bool)> items, IProgress<(Placed?, bool)> progress, CancellationToken cancellationToken) => items;

    public IAsyncEnumerable<Outside> OutsideAsync(IAsyncEnumerable<Outside> items, IProgress<Outside> progress, CancellationToken cancellationToken) => items;

    public IAsyncEnumerable<List<Outside?>> ListOutsideAsync(IAsyncEnumerable<List<Outside?>> items, IProgress<List<Outside?>> progress, CancellationToken cancellationToken) => items;

    public IAsyncEnumerable<Foreign> ForeignAsync(IAsyncEnumerable<Foreign> items, IProgress<Foreign> progress, CancellationToken cancellationToken) => items;

    public IAsyncEnumerable<Foreign[]> ArrayForeignAsync(IAsyncEnumerable<Foreign[]> items, IProgress<Foreign[]> progress, CancellationToken cancellationToken) => items;

    public IAsyncEnumerable<IWideUnion> WideUnionAsync(IAsyncEnumerable<IWideUnion> items, IProgress<IWideUnion> progress, CancellationToken cancellationToken) => items;

    public IAsyncEnumerable<List<IWideUnion?>> ListWideUnionAsync(IAsyncEnumerable<List<IWideUnion?>> items, IProgress<List<IWideUnion?>> progress, CancellationToken cancellationToken) => items;

    public IAsyncEnumerable<Lazy<Lazy<IWideUnion>>> LazyWideUnionAsync(IAsyncEnumerable<Lazy<Lazy<IWideUnion>>> items, IProgress<Lazy<Lazy<IWideUnion>>> progress, CancellationToken cancellationToken) => items;

    public IAsyncEnumerable<PairMap> PairMapAsync(IAsyncEnumerable<PairMap> items, IProgress<PairMap> progress, CancellationToken cancellationToken) => items;

    public IAsyncEnumerable<FrozenDictionary<(byte, bool), List<decimal>>> FrozenDictionaryPairAsync(IAsyncEnumerable<FrozenDictionary<(byte, bool), List<decimal>>> items, IProgress<FrozenDictionary<(byte, bool), List<decimal>>> progress, CancellationToken cancellationToken) => items;

    public IAsyncEnumerable<IReadOnlySet<(bool, DateTime)>> ReadOnlySetPairAsync(IAsyncEnumerable<IReadOnlySet<(bool, DateTime)>> items, IProgress<IReadOnlySet<(bool, DateTime)>> progress, CancellationToken cancellationToken) => items;

    public IAsyncEnumerable<IGrouping<DateOnly, Person?>> GroupingPersonAsync(IAsyncEnumerable<IGrouping<DateOnly, Person?>> items, IProgress<IGrouping<DateOnly, Person?>> progress, CancellationToken cancellationToken) => items;

    public IAsyncEnumerable<string?[,,,]> TextGridFourAsync(IAsyncEnumerable<string?[,,,]> items, IProgress<string?[,,,]> progress, CancellationToken cancellationToken) => items;

    public IAsyncEnumerable<Half?[,]> HalfGridAsync(IAsyncEnumerable<Half?[,]> items, IProgress<Half?[,]> progress, CancellationToken cancellationToken) => items;

    public IAsyncEnumerable<Dictionary<string, Dictionary<string, Dictionary<string, bool>>>> MapOfMapsAsync(IAsyncEnumerable<Dictionary<string, Dictionary<string, Dictionary<string, bool>>>> items, IProgress<Dictionary<string, Dictionary<string, Dictionary<string, bool>>>> progress, CancellationToken cancellationToken) => items;

    public IAsyncEnumerable<Dictionary<Version, BigInteger>> DictionaryVersionAsync(IAsyncEnumerable<Dictionary<Version, BigInteger>> items, IProgress<Dictionary<Version, BigInteger>> progress, CancellationToken cancellationToken) => items;

    public IAsyncEnumerable<HashSet<Uri>> UriSetAsync(IAsyncEnumerable<HashSet<Uri>> items, IProgress<HashSet<Uri>> progress, CancellationToken cancellationToken) => items;
}
