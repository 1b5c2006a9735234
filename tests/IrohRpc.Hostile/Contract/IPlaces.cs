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

/// <summary>The same types in the other places that a payload stands in: items both ways, reports of progress, faults.</summary>
[Alpn("places/1")]
public partial interface IPlaces
{
    [Fault<bool>]
    IAsyncEnumerable<bool> BoolAsync(IAsyncEnumerable<bool> items, IProgress<bool> progress, CancellationToken cancellationToken = default);

    [Fault<sbyte>]
    IAsyncEnumerable<sbyte> SbyteAsync(IAsyncEnumerable<sbyte> items, IProgress<sbyte> progress, CancellationToken cancellationToken = default);

    [Fault<byte>]
    IAsyncEnumerable<byte> ByteAsync(IAsyncEnumerable<byte> items, IProgress<byte> progress, CancellationToken cancellationToken = default);

    [Fault<short>]
    IAsyncEnumerable<short> ShortAsync(IAsyncEnumerable<short> items, IProgress<short> progress, CancellationToken cancellationToken = default);

    [Fault<ushort>]
    IAsyncEnumerable<ushort> UshortAsync(IAsyncEnumerable<ushort> items, IProgress<ushort> progress, CancellationToken cancellationToken = default);

    [Fault<int>]
    IAsyncEnumerable<int> IntAsync(IAsyncEnumerable<int> items, IProgress<int> progress, CancellationToken cancellationToken = default);

    [Fault<uint>]
    IAsyncEnumerable<uint> UintAsync(IAsyncEnumerable<uint> items, IProgress<uint> progress, CancellationToken cancellationToken = default);

    [Fault<long>]
    IAsyncEnumerable<long> LongAsync(IAsyncEnumerable<long> items, IProgress<long> progress, CancellationToken cancellationToken = default);

    [Fault<ulong>]
    IAsyncEnumerable<ulong> UlongAsync(IAsyncEnumerable<ulong> items, IProgress<ulong> progress, CancellationToken cancellationToken = default);

    [Fault<float>]
    IAsyncEnumerable<float> FloatAsync(IAsyncEnumerable<float> items, IProgress<float> progress, CancellationToken cancellationToken = default);

    [Fault<double>]
    IAsyncEnumerable<double> DoubleAsync(IAsyncEnumerable<double> items, IProgress<double> progress, CancellationToken cancellationToken = default);

    [Fault<decimal>]
    IAsyncEnumerable<decimal> DecimalAsync(IAsyncEnumerable<decimal> items, IProgress<decimal> progress, CancellationToken cancellationToken = default);

    [Fault<char>]
    IAsyncEnumerable<char> CharAsync(IAsyncEnumerable<char> items, IProgress<char> progress, CancellationToken cancellationToken = default);

    [Fault<string>]
    IAsyncEnumerable<string> StringAsync(IAsyncEnumerable<string> items, IProgress<string> progress, CancellationToken cancellationToken = default);

    [Fault<Half>]
    IAsyncEnumerable<Half> HalfAsync(IAsyncEnumerable<Half> items, IProgress<Half> progress, CancellationToken cancellationToken = default);

    [Fault<Int128>]
    IAsyncEnumerable<Int128> Int128Async(IAsyncEnumerable<Int128> items, IProgress<Int128> progress, CancellationToken cancellationToken = default);

    [Fault<UInt128>]
    IAsyncEnumerable<UInt128> UInt128Async(IAsyncEnumerable<UInt128> items, IProgress<UInt128> progress, CancellationToken cancellationToken = default);

    [Fault<Guid>]
    IAsyncEnumerable<Guid> GuidAsync(IAsyncEnumerable<Guid> items, IProgress<Guid> progress, CancellationToken cancellationToken = default);

    [Fault<DateTime>]
    IAsyncEnumerable<DateTime> DateTimeAsync(IAsyncEnumerable<DateTime> items, IProgress<DateTime> progress, CancellationToken cancellationToken = default);

    [Fault<DateTimeOffset>]
    IAsyncEnumerable<DateTimeOffset> DateTimeOffsetAsync(IAsyncEnumerable<DateTimeOffset> items, IProgress<DateTimeOffset> progress, CancellationToken cancellationToken = default);

    [Fault<DateOnly>]
    IAsyncEnumerable<DateOnly> DateOnlyAsync(IAsyncEnumerable<DateOnly> items, IProgress<DateOnly> progress, CancellationToken cancellationToken = default);

    [Fault<TimeOnly>]
    IAsyncEnumerable<TimeOnly> TimeOnlyAsync(IAsyncEnumerable<TimeOnly> items, IProgress<TimeOnly> progress, CancellationToken cancellationToken = default);

    [Fault<TimeSpan>]
    IAsyncEnumerable<TimeSpan> TimeSpanAsync(IAsyncEnumerable<TimeSpan> items, IProgress<TimeSpan> progress, CancellationToken cancellationToken = default);

    [Fault<Rune>]
    IAsyncEnumerable<Rune> RuneAsync(IAsyncEnumerable<Rune> items, IProgress<Rune> progress, CancellationToken cancellationToken = default);

    [Fault<Complex>]
    IAsyncEnumerable<Complex> ComplexAsync(IAsyncEnumerable<Complex> items, IProgress<Complex> progress, CancellationToken cancellationToken = default);

    [Fault<Vector3>]
    IAsyncEnumerable<Vector3> Vector3Async(IAsyncEnumerable<Vector3> items, IProgress<Vector3> progress, CancellationToken cancellationToken = default);

    [Fault<Matrix4x4>]
    IAsyncEnumerable<Matrix4x4> Matrix4x4Async(IAsyncEnumerable<Matrix4x4> items, IProgress<Matrix4x4> progress, CancellationToken cancellationToken = default);

    [Fault<DayOfWeek>]
    IAsyncEnumerable<DayOfWeek> DayOfWeekAsync(IAsyncEnumerable<DayOfWeek> items, IProgress<DayOfWeek> progress, CancellationToken cancellationToken = default);

    [Fault<Uri>]
    IAsyncEnumerable<Uri> UriAsync(IAsyncEnumerable<Uri> items, IProgress<Uri> progress, CancellationToken cancellationToken = default);

    [Fault<Version>]
    IAsyncEnumerable<Version> VersionAsync(IAsyncEnumerable<Version> items, IProgress<Version> progress, CancellationToken cancellationToken = default);

    [Fault<BigInteger>]
    IAsyncEnumerable<BigInteger> BigIntegerAsync(IAsyncEnumerable<BigInteger> items, IProgress<BigInteger> progress, CancellationToken cancellationToken = default);

    [Fault<BitArray>]
    IAsyncEnumerable<BitArray> BitArrayAsync(IAsyncEnumerable<BitArray> items, IProgress<BitArray> progress, CancellationToken cancellationToken = default);

    [Fault<TimeZoneInfo>]
    IAsyncEnumerable<TimeZoneInfo> TimeZoneInfoAsync(IAsyncEnumerable<TimeZoneInfo> items, IProgress<TimeZoneInfo> progress, CancellationToken cancellationToken = default);

    [Fault<CultureInfo>]
    IAsyncEnumerable<CultureInfo> CultureInfoAsync(IAsyncEnumerable<CultureInfo> items, IProgress<CultureInfo> progress, CancellationToken cancellationToken = default);

    [Fault<StringBuilder>]
    IAsyncEnumerable<StringBuilder> StringBuilderAsync(IAsyncEnumerable<StringBuilder> items, IProgress<StringBuilder> progress, CancellationToken cancellationToken = default);

    [Fault<int?>]
    IAsyncEnumerable<int?> IntOrNullAsync(IAsyncEnumerable<int?> items, IProgress<int?> progress, CancellationToken cancellationToken = default);

    [Fault<decimal?>]
    IAsyncEnumerable<decimal?> DecimalOrNullAsync(IAsyncEnumerable<decimal?> items, IProgress<decimal?> progress, CancellationToken cancellationToken = default);

    [Fault<bool?>]
    IAsyncEnumerable<bool?> BoolOrNullAsync(IAsyncEnumerable<bool?> items, IProgress<bool?> progress, CancellationToken cancellationToken = default);

    [Fault<DateTime?>]
    IAsyncEnumerable<DateTime?> DateTimeOrNullAsync(IAsyncEnumerable<DateTime?> items, IProgress<DateTime?> progress, CancellationToken cancellationToken = default);

    [Fault<DayOfWeek?>]
    IAsyncEnumerable<DayOfWeek?> DayOfWeekOrNullAsync(IAsyncEnumerable<DayOfWeek?> items, IProgress<DayOfWeek?> progress, CancellationToken cancellationToken = default);

    [Fault<Money?>]
    IAsyncEnumerable<Money?> MoneyOrNullAsync(IAsyncEnumerable<Money?> items, IProgress<Money?> progress, CancellationToken cancellationToken = default);

    [Fault<Pair?>]
    IAsyncEnumerable<Pair?> PairOrNullAsync(IAsyncEnumerable<Pair?> items, IProgress<Pair?> progress, CancellationToken cancellationToken = default);

    [Fault<Flags?>]
    IAsyncEnumerable<Flags?> FlagsOrNullAsync(IAsyncEnumerable<Flags?> items, IProgress<Flags?> progress, CancellationToken cancellationToken = default);

    [Fault<(int, bool)?>]
    IAsyncEnumerable<(int, bool)?> TupleIntBoolOrNullAsync(IAsyncEnumerable<(int, bool)?> items, IProgress<(int, bool)?> progress, CancellationToken cancellationToken = default);

    [Fault<Guid?>]
    IAsyncEnumerable<Guid?> GuidOrNullAsync(IAsyncEnumerable<Guid?> items, IProgress<Guid?> progress, CancellationToken cancellationToken = default);

    [Fault<byte[]>]
    IAsyncEnumerable<byte[]> ByteArrayAsync(IAsyncEnumerable<byte[]> items, IProgress<byte[]> progress, CancellationToken cancellationToken = default);

    [Fault<int[]>]
    IAsyncEnumerable<int[]> IntArrayAsync(IAsyncEnumerable<int[]> items, IProgress<int[]> progress, CancellationToken cancellationToken = default);

    [Fault<bool[]>]
    IAsyncEnumerable<bool[]> BoolArrayAsync(IAsyncEnumerable<bool[]> items, IProgress<bool[]> progress, CancellationToken cancellationToken = default);

    [Fault<decimal[]>]
    IAsyncEnumerable<decimal[]> DecimalArrayAsync(IAsyncEnumerable<decimal[]> items, IProgress<decimal[]> progress, CancellationToken cancellationToken = default);

    [Fault<string[]>]
    IAsyncEnumerable<string[]> StringArrayAsync(IAsyncEnumerable<string[]> items, IProgress<string[]> progress, CancellationToken cancellationToken = default);

    [Fault<string[]>]
    IAsyncEnumerable<string?[]> StringOrNullArrayAsync(IAsyncEnumerable<string?[]> items, IProgress<string?[]> progress, CancellationToken cancellationToken = default);

    [Fault<DateTime[]>]
    IAsyncEnumerable<DateTime[]> DateTimeArrayAsync(IAsyncEnumerable<DateTime[]> items, IProgress<DateTime[]> progress, CancellationToken cancellationToken = default);

    [Fault<Flags[]>]
    IAsyncEnumerable<Flags[]> FlagsArrayAsync(IAsyncEnumerable<Flags[]> items, IProgress<Flags[]> progress, CancellationToken cancellationToken = default);

    [Fault<int?[]>]
    IAsyncEnumerable<int?[]> IntOrNullArrayAsync(IAsyncEnumerable<int?[]> items, IProgress<int?[]> progress, CancellationToken cancellationToken = default);

    [Fault<Person[]>]
    IAsyncEnumerable<Person[]> PersonArrayAsync(IAsyncEnumerable<Person[]> items, IProgress<Person[]> progress, CancellationToken cancellationToken = default);

    [Fault<Person[]>]
    IAsyncEnumerable<Person?[]> PersonOrNullArrayAsync(IAsyncEnumerable<Person?[]> items, IProgress<Person?[]> progress, CancellationToken cancellationToken = default);

    [Fault<int[][]>]
    IAsyncEnumerable<int[][]> IntArrayArrayAsync(IAsyncEnumerable<int[][]> items, IProgress<int[][]> progress, CancellationToken cancellationToken = default);

    [Fault<string[][]>]
    IAsyncEnumerable<string[][]> StringArrayArrayAsync(IAsyncEnumerable<string[][]> items, IProgress<string[][]> progress, CancellationToken cancellationToken = default);

    [Fault<Empty[]>]
    IAsyncEnumerable<Empty[]> EmptyArrayAsync(IAsyncEnumerable<Empty[]> items, IProgress<Empty[]> progress, CancellationToken cancellationToken = default);

    [Fault<char[]>]
    IAsyncEnumerable<char[]> CharArrayAsync(IAsyncEnumerable<char[]> items, IProgress<char[]> progress, CancellationToken cancellationToken = default);

    [Fault<Rune[]>]
    IAsyncEnumerable<Rune[]> RuneArrayAsync(IAsyncEnumerable<Rune[]> items, IProgress<Rune[]> progress, CancellationToken cancellationToken = default);

    [Fault<Money[]>]
    IAsyncEnumerable<Money[]> MoneyArrayAsync(IAsyncEnumerable<Money[]> items, IProgress<Money[]> progress, CancellationToken cancellationToken = default);

    [Fault<BigInteger[]>]
    IAsyncEnumerable<BigInteger[]> BigIntegerArrayAsync(IAsyncEnumerable<BigInteger[]> items, IProgress<BigInteger[]> progress, CancellationToken cancellationToken = default);

    [Fault<BitArray[]>]
    IAsyncEnumerable<BitArray[]> BitArrayArrayAsync(IAsyncEnumerable<BitArray[]> items, IProgress<BitArray[]> progress, CancellationToken cancellationToken = default);

    [Fault<int[,]>]
    IAsyncEnumerable<int[,]> IntGridAsync(IAsyncEnumerable<int[,]> items, IProgress<int[,]> progress, CancellationToken cancellationToken = default);

    [Fault<string[,]>]
    IAsyncEnumerable<string[,]> StringGridAsync(IAsyncEnumerable<string[,]> items, IProgress<string[,]> progress, CancellationToken cancellationToken = default);

    [Fault<bool[,]>]
    IAsyncEnumerable<bool[,]> BoolGridAsync(IAsyncEnumerable<bool[,]> items, IProgress<bool[,]> progress, CancellationToken cancellationToken = default);

    [Fault<byte[,,]>]
    IAsyncEnumerable<byte[,,]> ByteCubeAsync(IAsyncEnumerable<byte[,,]> items, IProgress<byte[,,]> progress, CancellationToken cancellationToken = default);

    [Fault<Person[,,,]>]
    IAsyncEnumerable<Person[,,,]> PersonTesseractAsync(IAsyncEnumerable<Person[,,,]> items, IProgress<Person[,,,]> progress, CancellationToken cancellationToken = default);

    [Fault<decimal[,]>]
    IAsyncEnumerable<decimal[,]> DecimalGridAsync(IAsyncEnumerable<decimal[,]> items, IProgress<decimal[,]> progress, CancellationToken cancellationToken = default);

    [Fault<List<int>>]
    IAsyncEnumerable<List<int>> ListIntAsync(IAsyncEnumerable<List<int>> items, IProgress<List<int>> progress, CancellationToken cancellationToken = default);

    [Fault<List<string>>]
    IAsyncEnumerable<List<string>> ListStringAsync(IAsyncEnumerable<List<string>> items, IProgress<List<string>> progress, CancellationToken cancellationToken = default);

    [Fault<List<string>>]
    IAsyncEnumerable<List<string?>> ListStringOrNullAsync(IAsyncEnumerable<List<string?>> items, IProgress<List<string?>> progress, CancellationToken cancellationToken = default);

    [Fault<List<Person>>]
    IAsyncEnumerable<List<Person>> ListPersonAsync(IAsyncEnumerable<List<Person>> items, IProgress<List<Person>> progress, CancellationToken cancellationToken = default);

    [Fault<List<bool>>]
    IAsyncEnumerable<List<bool>> ListBoolAsync(IAsyncEnumerable<List<bool>> items, IProgress<List<bool>> progress, CancellationToken cancellationToken = default);

    [Fault<List<List<int>>>]
    IAsyncEnumerable<List<List<int>>> ListListIntAsync(IAsyncEnumerable<List<List<int>>> items, IProgress<List<List<int>>> progress, CancellationToken cancellationToken = default);

    [Fault<List<Money>>]
    IAsyncEnumerable<List<Money>> ListMoneyAsync(IAsyncEnumerable<List<Money>> items, IProgress<List<Money>> progress, CancellationToken cancellationToken = default);

    [Fault<List<(int, string)>>]
    IAsyncEnumerable<List<(int, string)>> ListIntStringAsync(IAsyncEnumerable<List<(int, string)>> items, IProgress<List<(int, string)>> progress, CancellationToken cancellationToken = default);

    [Fault<List<DateTime?>>]
    IAsyncEnumerable<List<DateTime?>> ListDateTimeOrNullAsync(IAsyncEnumerable<List<DateTime?>> items, IProgress<List<DateTime?>> progress, CancellationToken cancellationToken = default);

    [Fault<List<Pair?>>]
    IAsyncEnumerable<List<Pair?>> ListPairOrNullAsync(IAsyncEnumerable<List<Pair?>> items, IProgress<List<Pair?>> progress, CancellationToken cancellationToken = default);

    [Fault<LinkedList<byte>>]
    IAsyncEnumerable<LinkedList<byte>> LinkedListByteAsync(IAsyncEnumerable<LinkedList<byte>> items, IProgress<LinkedList<byte>> progress, CancellationToken cancellationToken = default);

    [Fault<LinkedList<string>>]
    IAsyncEnumerable<LinkedList<string>> LinkedListStringAsync(IAsyncEnumerable<LinkedList<string>> items, IProgress<LinkedList<string>> progress, CancellationToken cancellationToken = default);

    [Fault<Queue<int>>]
    IAsyncEnumerable<Queue<int>> QueueIntAsync(IAsyncEnumerable<Queue<int>> items, IProgress<Queue<int>> progress, CancellationToken cancellationToken = default);

    [Fault<Queue<string>>]
    IAsyncEnumerable<Queue<string>> QueueStringAsync(IAsyncEnumerable<Queue<string>> items, IProgress<Queue<string>> progress, CancellationToken cancellationToken = default);

    [Fault<Stack<int>>]
    IAsyncEnumerable<Stack<int>> StackIntAsync(IAsyncEnumerable<Stack<int>> items, IProgress<Stack<int>> progress, CancellationToken cancellationToken = default);

    [Fault<Stack<string>>]
    IAsyncEnumerable<Stack<string>> StackStringAsync(IAsyncEnumerable<Stack<string>> items, IProgress<Stack<string>> progress, CancellationToken cancellationToken = default);

    [Fault<HashSet<long>>]
    IAsyncEnumerable<HashSet<long>> HashSetLongAsync(IAsyncEnumerable<HashSet<long>> items, IProgress<HashSet<long>> progress, CancellationToken cancellationToken = default);

    [Fault<HashSet<string>>]
    IAsyncEnumerable<HashSet<string>> HashSetStringAsync(IAsyncEnumerable<HashSet<string>> items, IProgress<HashSet<string>> progress, CancellationToken cancellationToken = default);

    [Fault<HashSet<Guid>>]
    IAsyncEnumerable<HashSet<Guid>> HashSetGuidAsync(IAsyncEnumerable<HashSet<Guid>> items, IProgress<HashSet<Guid>> progress, CancellationToken cancellationToken = default);

    [Fault<SortedSet<int>>]
    IAsyncEnumerable<SortedSet<int>> SortedSetIntAsync(IAsyncEnumerable<SortedSet<int>> items, IProgress<SortedSet<int>> progress, CancellationToken cancellationToken = default);

    [Fault<SortedSet<string>>]
    IAsyncEnumerable<SortedSet<string>> SortedSetStringAsync(IAsyncEnumerable<SortedSet<string>> items, IProgress<SortedSet<string>> progress, CancellationToken cancellationToken = default);

    [Fault<IEnumerable<int>>]
    IAsyncEnumerable<IEnumerable<int>> IEnumerableIntAsync(IAsyncEnumerable<IEnumerable<int>> items, IProgress<IEnumerable<int>> progress, CancellationToken cancellationToken = default);

    [Fault<IEnumerable<string>>]
    IAsyncEnumerable<IEnumerable<string>> IEnumerableStringAsync(IAsyncEnumerable<IEnumerable<string>> items, IProgress<IEnumerable<string>> progress, CancellationToken cancellationToken = default);

    [Fault<ICollection<int>>]
    IAsyncEnumerable<ICollection<int>> ICollectionIntAsync(IAsyncEnumerable<ICollection<int>> items, IProgress<ICollection<int>> progress, CancellationToken cancellationToken = default);

    [Fault<IList<string>>]
    IAsyncEnumerable<IList<string>> IListStringAsync(IAsyncEnumerable<IList<string>> items, IProgress<IList<string>> progress, CancellationToken cancellationToken = default);

    [Fault<IReadOnlyCollection<int>>]
    IAsyncEnumerable<IReadOnlyCollection<int>> IReadOnlyCollectionIntAsync(IAsyncEnumerable<IReadOnlyCollection<int>> items, IProgress<IReadOnlyCollection<int>> progress, CancellationToken cancellationToken = default);

    [Fault<IReadOnlyList<Person>>]
    IAsyncEnumerable<IReadOnlyList<Person>> IReadOnlyListPersonAsync(IAsyncEnumerable<IReadOnlyList<Person>> items, IProgress<IReadOnlyList<Person>> progress, CancellationToken cancellationToken = default);

    [Fault<ISet<long>>]
    IAsyncEnumerable<ISet<long>> ISetLongAsync(IAsyncEnumerable<ISet<long>> items, IProgress<ISet<long>> progress, CancellationToken cancellationToken = default);

    [Fault<IReadOnlySet<int>>]
    IAsyncEnumerable<IReadOnlySet<int>> IReadOnlySetIntAsync(IAsyncEnumerable<IReadOnlySet<int>> items, IProgress<IReadOnlySet<int>> progress, CancellationToken cancellationToken = default);

    [Fault<Collection<int>>]
    IAsyncEnumerable<Collection<int>> CollectionIntAsync(IAsyncEnumerable<Collection<int>> items, IProgress<Collection<int>> progress, CancellationToken cancellationToken = default);

    [Fault<ObservableCollection<string>>]
    IAsyncEnumerable<ObservableCollection<string>> ObservableCollectionStringAsync(IAsyncEnumerable<ObservableCollection<string>> items, IProgress<ObservableCollection<string>> progress, CancellationToken cancellationToken = default);

    [Fault<ReadOnlyCollection<int>>]
    IAsyncEnumerable<ReadOnlyCollection<int>> ReadOnlyCollectionIntAsync(IAsyncEnumerable<ReadOnlyCollection<int>> items, IProgress<ReadOnlyCollection<int>> progress, CancellationToken cancellationToken = default);

    [Fault<ReadOnlyObservableCollection<string>>]
    IAsyncEnumerable<ReadOnlyObservableCollection<string>> ReadOnlyObservableCollectionStringAsync(IAsyncEnumerable<ReadOnlyObservableCollection<string>> items, IProgress<ReadOnlyObservableCollection<string>> progress, CancellationToken cancellationToken = default);

    [Fault<BlockingCollection<int>>]
    IAsyncEnumerable<BlockingCollection<int>> BlockingCollectionIntAsync(IAsyncEnumerable<BlockingCollection<int>> items, IProgress<BlockingCollection<int>> progress, CancellationToken cancellationToken = default);

    [Fault<ConcurrentBag<int>>]
    IAsyncEnumerable<ConcurrentBag<int>> ConcurrentBagIntAsync(IAsyncEnumerable<ConcurrentBag<int>> items, IProgress<ConcurrentBag<int>> progress, CancellationToken cancellationToken = default);

    [Fault<ConcurrentQueue<string>>]
    IAsyncEnumerable<ConcurrentQueue<string>> ConcurrentQueueStringAsync(IAsyncEnumerable<ConcurrentQueue<string>> items, IProgress<ConcurrentQueue<string>> progress, CancellationToken cancellationToken = default);

    [Fault<ConcurrentStack<int>>]
    IAsyncEnumerable<ConcurrentStack<int>> ConcurrentStackIntAsync(IAsyncEnumerable<ConcurrentStack<int>> items, IProgress<ConcurrentStack<int>> progress, CancellationToken cancellationToken = default);

    [Fault<ImmutableArray<int>>]
    IAsyncEnumerable<ImmutableArray<int>> ImmutableArrayIntAsync(IAsyncEnumerable<ImmutableArray<int>> items, IProgress<ImmutableArray<int>> progress, CancellationToken cancellationToken = default);

    [Fault<ImmutableArray<string>>]
    IAsyncEnumerable<ImmutableArray<string>> ImmutableArrayStringAsync(IAsyncEnumerable<ImmutableArray<string>> items, IProgress<ImmutableArray<string>> progress, CancellationToken cancellationToken = default);

    [Fault<ImmutableList<byte>>]
    IAsyncEnumerable<ImmutableList<byte>> ImmutableListByteAsync(IAsyncEnumerable<ImmutableList<byte>> items, IProgress<ImmutableList<byte>> progress, CancellationToken cancellationToken = default);

    [Fault<ImmutableList<string>>]
    IAsyncEnumerable<ImmutableList<string>> ImmutableListStringAsync(IAsyncEnumerable<ImmutableList<string>> items, IProgress<ImmutableList<string>> progress, CancellationToken cancellationToken = default);

    [Fault<ImmutableQueue<int>>]
    IAsyncEnumerable<ImmutableQueue<int>> ImmutableQueueIntAsync(IAsyncEnumerable<ImmutableQueue<int>> items, IProgress<ImmutableQueue<int>> progress, CancellationToken cancellationToken = default);

    [Fault<ImmutableStack<string>>]
    IAsyncEnumerable<ImmutableStack<string>> ImmutableStackStringAsync(IAsyncEnumerable<ImmutableStack<string>> items, IProgress<ImmutableStack<string>> progress, CancellationToken cancellationToken = default);

    [Fault<ImmutableHashSet<long>>]
    IAsyncEnumerable<ImmutableHashSet<long>> ImmutableHashSetLongAsync(IAsyncEnumerable<ImmutableHashSet<long>> items, IProgress<ImmutableHashSet<long>> progress, CancellationToken cancellationToken = default);

    [Fault<ImmutableSortedSet<int>>]
    IAsyncEnumerable<ImmutableSortedSet<int>> ImmutableSortedSetIntAsync(IAsyncEnumerable<ImmutableSortedSet<int>> items, IProgress<ImmutableSortedSet<int>> progress, CancellationToken cancellationToken = default);

    [Fault<IImmutableList<int>>]
    IAsyncEnumerable<IImmutableList<int>> IImmutableListIntAsync(IAsyncEnumerable<IImmutableList<int>> items, IProgress<IImmutableList<int>> progress, CancellationToken cancellationToken = default);

    [Fault<IImmutableQueue<string>>]
    IAsyncEnumerable<IImmutableQueue<string>> IImmutableQueueStringAsync(IAsyncEnumerable<IImmutableQueue<string>> items, IProgress<IImmutableQueue<string>> progress, CancellationToken cancellationToken = default);

    [Fault<IImmutableStack<int>>]
    IAsyncEnumerable<IImmutableStack<int>> IImmutableStackIntAsync(IAsyncEnumerable<IImmutableStack<int>> items, IProgress<IImmutableStack<int>> progress, CancellationToken cancellationToken = default);

    [Fault<IImmutableSet<long>>]
    IAsyncEnumerable<IImmutableSet<long>> IImmutableSetLongAsync(IAsyncEnumerable<IImmutableSet<long>> items, IProgress<IImmutableSet<long>> progress, CancellationToken cancellationToken = default);

    [Fault<FrozenSet<long>>]
    IAsyncEnumerable<FrozenSet<long>> FrozenSetLongAsync(IAsyncEnumerable<FrozenSet<long>> items, IProgress<FrozenSet<long>> progress, CancellationToken cancellationToken = default);

    [Fault<FrozenSet<string>>]
    IAsyncEnumerable<FrozenSet<string>> FrozenSetStringAsync(IAsyncEnumerable<FrozenSet<string>> items, IProgress<FrozenSet<string>> progress, CancellationToken cancellationToken = default);

    [Fault<Dictionary<int, int>>]
    IAsyncEnumerable<Dictionary<int, int>> DictionaryIntIntAsync(IAsyncEnumerable<Dictionary<int, int>> items, IProgress<Dictionary<int, int>> progress, CancellationToken cancellationToken = default);

    [Fault<Dictionary<long, string>>]
    IAsyncEnumerable<Dictionary<long, string>> DictionaryLongStringAsync(IAsyncEnumerable<Dictionary<long, string>> items, IProgress<Dictionary<long, string>> progress, CancellationToken cancellationToken = default);

    [Fault<Dictionary<string, Person>>]
    IAsyncEnumerable<Dictionary<string, Person>> DictionaryStringPersonAsync(IAsyncEnumerable<Dictionary<string, Person>> items, IProgress<Dictionary<string, Person>> progress, CancellationToken cancellationToken = default);

    [Fault<Dictionary<string, string>>]
    IAsyncEnumerable<Dictionary<string, string>> DictionaryStringStringAsync(IAsyncEnumerable<Dictionary<string, string>> items, IProgress<Dictionary<string, string>> progress, CancellationToken cancellationToken = default);

    [Fault<Dictionary<Guid, bool>>]
    IAsyncEnumerable<Dictionary<Guid, bool>> DictionaryGuidBoolAsync(IAsyncEnumerable<Dictionary<Guid, bool>> items, IProgress<Dictionary<Guid, bool>> progress, CancellationToken cancellationToken = default);

    [Fault<Dictionary<(long, long), int>>]
    IAsyncEnumerable<Dictionary<(long, long), int>> DictionaryLongLongIntAsync(IAsyncEnumerable<Dictionary<(long, long), int>> items, IProgress<Dictionary<(long, long), int>> progress, CancellationToken cancellationToken = default);

    [Fault<Dictionary<Key, int>>]
    IAsyncEnumerable<Dictionary<Key, int>> DictionaryKeyIntAsync(IAsyncEnumerable<Dictionary<Key, int>> items, IProgress<Dictionary<Key, int>> progress, CancellationToken cancellationToken = default);

    [Fault<Dictionary<DayOfWeek, decimal>>]
    IAsyncEnumerable<Dictionary<DayOfWeek, decimal>> DictionaryDayOfWeekDecimalAsync(IAsyncEnumerable<Dictionary<DayOfWeek, decimal>> items, IProgress<Dictionary<DayOfWeek, decimal>> progress, CancellationToken cancellationToken = default);

    [Fault<Dictionary<double, int>>]
    IAsyncEnumerable<Dictionary<double, int>> DictionaryDoubleIntAsync(IAsyncEnumerable<Dictionary<double, int>> items, IProgress<Dictionary<double, int>> progress, CancellationToken cancellationToken = default);

    [Fault<IDictionary<long, int>>]
    IAsyncEnumerable<IDictionary<long, int>> IDictionaryLongIntAsync(IAsyncEnumerable<IDictionary<long, int>> items, IProgress<IDictionary<long, int>> progress, CancellationToken cancellationToken = default);

    [Fault<IReadOnlyDictionary<string, int>>]
    IAsyncEnumerable<IReadOnlyDictionary<string, int>> IReadOnlyDictionaryStringIntAsync(IAsyncEnumerable<IReadOnlyDictionary<string, int>> items, IProgress<IReadOnlyDictionary<string, int>> progress, CancellationToken cancellationToken = default);

    [Fault<IReadOnlyDictionary<long, long>>]
    IAsyncEnumerable<IReadOnlyDictionary<long, long>> IReadOnlyDictionaryLongLongAsync(IAsyncEnumerable<IReadOnlyDictionary<long, long>> items, IProgress<IReadOnlyDictionary<long, long>> progress, CancellationToken cancellationToken = default);

    [Fault<SortedDictionary<int, string>>]
    IAsyncEnumerable<SortedDictionary<int, string>> SortedDictionaryIntStringAsync(IAsyncEnumerable<SortedDictionary<int, string>> items, IProgress<SortedDictionary<int, string>> progress, CancellationToken cancellationToken = default);

    [Fault<SortedList<long, int>>]
    IAsyncEnumerable<SortedList<long, int>> SortedListLongIntAsync(IAsyncEnumerable<SortedList<long, int>> items, IProgress<SortedList<long, int>> progress, CancellationToken cancellationToken = default);

    [Fault<SortedList<string, string>>]
    IAsyncEnumerable<SortedList<string, string>> SortedListStringStringAsync(IAsyncEnumerable<SortedList<string, string>> items, IProgress<SortedList<string, string>> progress, CancellationToken cancellationToken = default);

    [Fault<ConcurrentDictionary<long, int>>]
    IAsyncEnumerable<ConcurrentDictionary<long, int>> ConcurrentDictionaryLongIntAsync(IAsyncEnumerable<ConcurrentDictionary<long, int>> items, IProgress<ConcurrentDictionary<long, int>> progress, CancellationToken cancellationToken = default);

    [Fault<ImmutableDictionary<long, int>>]
    IAsyncEnumerable<ImmutableDictionary<long, int>> ImmutableDictionaryLongIntAsync(IAsyncEnumerable<ImmutableDictionary<long, int>> items, IProgress<ImmutableDictionary<long, int>> progress, CancellationToken cancellationToken = default);

    [Fault<ImmutableSortedDictionary<int, string>>]
    IAsyncEnumerable<ImmutableSortedDictionary<int, string>> ImmutableSortedDictionaryIntStringAsync(IAsyncEnumerable<ImmutableSortedDictionary<int, string>> items, IProgress<ImmutableSortedDictionary<int, string>> progress, CancellationToken cancellationToken = default);

    [Fault<IImmutableDictionary<long, int>>]
    IAsyncEnumerable<IImmutableDictionary<long, int>> IImmutableDictionaryLongIntAsync(IAsyncEnumerable<IImmutableDictionary<long, int>> items, IProgress<IImmutableDictionary<long, int>> progress, CancellationToken cancellationToken = default);

    [Fault<FrozenDictionary<long, int>>]
    IAsyncEnumerable<FrozenDictionary<long, int>> FrozenDictionaryLongIntAsync(IAsyncEnumerable<FrozenDictionary<long, int>> items, IProgress<FrozenDictionary<long, int>> progress, CancellationToken cancellationToken = default);

    [Fault<FrozenDictionary<string, string>>]
    IAsyncEnumerable<FrozenDictionary<string, string>> FrozenDictionaryStringStringAsync(IAsyncEnumerable<FrozenDictionary<string, string>> items, IProgress<FrozenDictionary<string, string>> progress, CancellationToken cancellationToken = default);

    [Fault<PriorityQueue<int, long>>]
    IAsyncEnumerable<PriorityQueue<int, long>> PriorityQueueIntLongAsync(IAsyncEnumerable<PriorityQueue<int, long>> items, IProgress<PriorityQueue<int, long>> progress, CancellationToken cancellationToken = default);

    [Fault<PriorityQueue<string, int>>]
    IAsyncEnumerable<PriorityQueue<string, int>> PriorityQueueStringIntAsync(IAsyncEnumerable<PriorityQueue<string, int>> items, IProgress<PriorityQueue<string, int>> progress, CancellationToken cancellationToken = default);

    [Fault<Lazy<int>>]
    IAsyncEnumerable<Lazy<int>> LazyIntAsync(IAsyncEnumerable<Lazy<int>> items, IProgress<Lazy<int>> progress, CancellationToken cancellationToken = default);

    [Fault<Lazy<string>>]
    IAsyncEnumerable<Lazy<string>> LazyStringAsync(IAsyncEnumerable<Lazy<string>> items, IProgress<Lazy<string>> progress, CancellationToken cancellationToken = default);

    [Fault<IGrouping<int, string>>]
    IAsyncEnumerable<IGrouping<int, string>> IGroupingIntStringAsync(IAsyncEnumerable<IGrouping<int, string>> items, IProgress<IGrouping<int, string>> progress, CancellationToken cancellationToken = default);

    [Fault<ILookup<long, int>>]
    IAsyncEnumerable<ILookup<long, int>> ILookupLongIntAsync(IAsyncEnumerable<ILookup<long, int>> items, IProgress<ILookup<long, int>> progress, CancellationToken cancellationToken = default);

    [Fault<KeyValuePair<int, bool>>]
    IAsyncEnumerable<KeyValuePair<int, bool>> KeyValuePairIntBoolAsync(IAsyncEnumerable<KeyValuePair<int, bool>> items, IProgress<KeyValuePair<int, bool>> progress, CancellationToken cancellationToken = default);

    [Fault<KeyValuePair<string, int>>]
    IAsyncEnumerable<KeyValuePair<string, int>> KeyValuePairStringIntAsync(IAsyncEnumerable<KeyValuePair<string, int>> items, IProgress<KeyValuePair<string, int>> progress, CancellationToken cancellationToken = default);

    [Fault<Memory<int>>]
    IAsyncEnumerable<Memory<int>> MemoryIntAsync(IAsyncEnumerable<Memory<int>> items, IProgress<Memory<int>> progress, CancellationToken cancellationToken = default);

    [Fault<ReadOnlyMemory<byte>>]
    IAsyncEnumerable<ReadOnlyMemory<byte>> ReadOnlyMemoryByteAsync(IAsyncEnumerable<ReadOnlyMemory<byte>> items, IProgress<ReadOnlyMemory<byte>> progress, CancellationToken cancellationToken = default);

    [Fault<ArraySegment<int>>]
    IAsyncEnumerable<ArraySegment<int>> ArraySegmentIntAsync(IAsyncEnumerable<ArraySegment<int>> items, IProgress<ArraySegment<int>> progress, CancellationToken cancellationToken = default);

    [Fault<ReadOnlySequence<byte>>]
    IAsyncEnumerable<ReadOnlySequence<byte>> ReadOnlySequenceByteAsync(IAsyncEnumerable<ReadOnlySequence<byte>> items, IProgress<ReadOnlySequence<byte>> progress, CancellationToken cancellationToken = default);

    [Fault<Memory<string>>]
    IAsyncEnumerable<Memory<string>> MemoryStringAsync(IAsyncEnumerable<Memory<string>> items, IProgress<Memory<string>> progress, CancellationToken cancellationToken = default);

    [Fault<ReadOnlyMemory<Person>>]
    IAsyncEnumerable<ReadOnlyMemory<Person>> ReadOnlyMemoryPersonAsync(IAsyncEnumerable<ReadOnlyMemory<Person>> items, IProgress<ReadOnlyMemory<Person>> progress, CancellationToken cancellationToken = default);

    [Fault<(int, bool)>]
    IAsyncEnumerable<(int, bool)> TupleIntBoolAsync(IAsyncEnumerable<(int, bool)> items, IProgress<(int, bool)> progress, CancellationToken cancellationToken = default);

    [Fault<(string, decimal)>]
    IAsyncEnumerable<(string, decimal)> TupleStringDecimalAsync(IAsyncEnumerable<(string, decimal)> items, IProgress<(string, decimal)> progress, CancellationToken cancellationToken = default);

    [Fault<(int, string, Person)>]
    IAsyncEnumerable<(int, string, Person)> TupleIntStringPersonAsync(IAsyncEnumerable<(int, string, Person)> items, IProgress<(int, string, Person)> progress, CancellationToken cancellationToken = default);

    [Fault<(int, int, int, int, int, int, int, int, bool)>]
    IAsyncEnumerable<(int, int, int, int, int, int, int, int, bool)> TupleIntIntIntIntIntIntIntIntBoolAsync(IAsyncEnumerable<(int, int, int, int, int, int, int, int, bool)> items, IProgress<(int, int, int, int, int, int, int, int, bool)> progress, CancellationToken cancellationToken = default);

    [Fault<(string, string, string, string, string, string, string, string)>]
    IAsyncEnumerable<(string, string, string, string, string, string, string, string)> TupleStringStringStringStringStringStringStringStringAsync(IAsyncEnumerable<(string, string, string, string, string, string, string, string)> items, IProgress<(string, string, string, string, string, string, string, string)> progress, CancellationToken cancellationToken = default);

    [Fault<Tuple<int>>]
    IAsyncEnumerable<Tuple<int>> TupleIntAsync(IAsyncEnumerable<Tuple<int>> items, IProgress<Tuple<int>> progress, CancellationToken cancellationToken = default);

    [Fault<Tuple<string, bool>>]
    IAsyncEnumerable<Tuple<string, bool>> TupleStringBoolAsync(IAsyncEnumerable<Tuple<string, bool>> items, IProgress<Tuple<string, bool>> progress, CancellationToken cancellationToken = default);

    [Fault<Tuple<int, int, int, int, int, int, int, Tuple<string>>>]
    IAsyncEnumerable<Tuple<int, int, int, int, int, int, int, Tuple<string>>> TupleIntIntIntIntIntIntIntTupleStringAsync(IAsyncEnumerable<Tuple<int, int, int, int, int, int, int, Tuple<string>>> items, IProgress<Tuple<int, int, int, int, int, int, int, Tuple<string>>> progress, CancellationToken cancellationToken = default);

    [Fault<Empty>]
    IAsyncEnumerable<Empty> EmptyAsync(IAsyncEnumerable<Empty> items, IProgress<Empty> progress, CancellationToken cancellationToken = default);

    [Fault<Person>]
    IAsyncEnumerable<Person> PersonAsync(IAsyncEnumerable<Person> items, IProgress<Person> progress, CancellationToken cancellationToken = default);

    [Fault<Order>]
    IAsyncEnumerable<Order> OrderAsync(IAsyncEnumerable<Order> items, IProgress<Order> progress, CancellationToken cancellationToken = default);

    [Fault<Money>]
    IAsyncEnumerable<Money> MoneyAsync(IAsyncEnumerable<Money> items, IProgress<Money> progress, CancellationToken cancellationToken = default);

    [Fault<Pair>]
    IAsyncEnumerable<Pair> PairAsync(IAsyncEnumerable<Pair> items, IProgress<Pair> progress, CancellationToken cancellationToken = default);

    [Fault<Flags>]
    IAsyncEnumerable<Flags> FlagsAsync(IAsyncEnumerable<Flags> items, IProgress<Flags> progress, CancellationToken cancellationToken = default);

    [Fault<Wide>]
    IAsyncEnumerable<Wide> WideAsync(IAsyncEnumerable<Wide> items, IProgress<Wide> progress, CancellationToken cancellationToken = default);

    [Fault<Packed>]
    IAsyncEnumerable<Packed> PackedAsync(IAsyncEnumerable<Packed> items, IProgress<Packed> progress, CancellationToken cancellationToken = default);

    [Fault<Overlap>]
    IAsyncEnumerable<Overlap> OverlapAsync(IAsyncEnumerable<Overlap> items, IProgress<Overlap> progress, CancellationToken cancellationToken = default);

    [Fault<Buffers>]
    IAsyncEnumerable<Buffers> BuffersAsync(IAsyncEnumerable<Buffers> items, IProgress<Buffers> progress, CancellationToken cancellationToken = default);

    [Fault<Numbers>]
    IAsyncEnumerable<Numbers> NumbersAsync(IAsyncEnumerable<Numbers> items, IProgress<Numbers> progress, CancellationToken cancellationToken = default);

    [Fault<Node>]
    IAsyncEnumerable<Node> NodeAsync(IAsyncEnumerable<Node> items, IProgress<Node> progress, CancellationToken cancellationToken = default);

    [Fault<Tree>]
    IAsyncEnumerable<Tree> TreeAsync(IAsyncEnumerable<Tree> items, IProgress<Tree> progress, CancellationToken cancellationToken = default);

    [Fault<Tolerant>]
    IAsyncEnumerable<Tolerant> TolerantAsync(IAsyncEnumerable<Tolerant> items, IProgress<Tolerant> progress, CancellationToken cancellationToken = default);

    [Fault<TolerantTree>]
    IAsyncEnumerable<TolerantTree> TolerantTreeAsync(IAsyncEnumerable<TolerantTree> items, IProgress<TolerantTree> progress, CancellationToken cancellationToken = default);

    [Fault<TolerantPoint>]
    IAsyncEnumerable<TolerantPoint> TolerantPointAsync(IAsyncEnumerable<TolerantPoint> items, IProgress<TolerantPoint> progress, CancellationToken cancellationToken = default);

    [Fault<Graph>]
    IAsyncEnumerable<Graph> GraphAsync(IAsyncEnumerable<Graph> items, IProgress<Graph> progress, CancellationToken cancellationToken = default);

    [Fault<IShape>]
    IAsyncEnumerable<IShape> IShapeAsync(IAsyncEnumerable<IShape> items, IProgress<IShape> progress, CancellationToken cancellationToken = default);

    [Fault<Box<int>>]
    IAsyncEnumerable<Box<int>> BoxIntAsync(IAsyncEnumerable<Box<int>> items, IProgress<Box<int>> progress, CancellationToken cancellationToken = default);

    [Fault<Box<string>>]
    IAsyncEnumerable<Box<string>> BoxStringAsync(IAsyncEnumerable<Box<string>> items, IProgress<Box<string>> progress, CancellationToken cancellationToken = default);

    [Fault<Box<Person>>]
    IAsyncEnumerable<Box<Person>> BoxPersonAsync(IAsyncEnumerable<Box<Person>> items, IProgress<Box<Person>> progress, CancellationToken cancellationToken = default);

    [Fault<Shelf>]
    IAsyncEnumerable<Shelf> ShelfAsync(IAsyncEnumerable<Shelf> items, IProgress<Shelf> progress, CancellationToken cancellationToken = default);

    [Fault<Balances>]
    IAsyncEnumerable<Balances> BalancesAsync(IAsyncEnumerable<Balances> items, IProgress<Balances> progress, CancellationToken cancellationToken = default);

    [Fault<Accounts>]
    IAsyncEnumerable<Accounts> AccountsAsync(IAsyncEnumerable<Accounts> items, IProgress<Accounts> progress, CancellationToken cancellationToken = default);

    [Fault<Ids>]
    IAsyncEnumerable<Ids> IdsAsync(IAsyncEnumerable<Ids> items, IProgress<Ids> progress, CancellationToken cancellationToken = default);

    [Fault<Annotated>]
    IAsyncEnumerable<Annotated> AnnotatedAsync(IAsyncEnumerable<Annotated> items, IProgress<Annotated> progress, CancellationToken cancellationToken = default);

    [Fault<Secret>]
    IAsyncEnumerable<Secret> SecretAsync(IAsyncEnumerable<Secret> items, IProgress<Secret> progress, CancellationToken cancellationToken = default);

    [Fault<Outer>]
    IAsyncEnumerable<Outer> OuterAsync(IAsyncEnumerable<Outer> items, IProgress<Outer> progress, CancellationToken cancellationToken = default);

    [Fault<Temperature>]
    IAsyncEnumerable<Temperature> TemperatureAsync(IAsyncEnumerable<Temperature> items, IProgress<Temperature> progress, CancellationToken cancellationToken = default);

    [Fault<Members[]>]
    IAsyncEnumerable<Members[]> MembersArrayAsync(IAsyncEnumerable<Members[]> items, IProgress<Members[]> progress, CancellationToken cancellationToken = default);

    [Fault<List<Tree>>]
    IAsyncEnumerable<List<Tree>> ListTreeAsync(IAsyncEnumerable<List<Tree>> items, IProgress<List<Tree>> progress, CancellationToken cancellationToken = default);

    [Fault<List<Tolerant>>]
    IAsyncEnumerable<List<Tolerant>> ListTolerantAsync(IAsyncEnumerable<List<Tolerant>> items, IProgress<List<Tolerant>> progress, CancellationToken cancellationToken = default);

    [Fault<List<Graph>>]
    IAsyncEnumerable<List<Graph>> ListGraphAsync(IAsyncEnumerable<List<Graph>> items, IProgress<List<Graph>> progress, CancellationToken cancellationToken = default);

    [Fault<List<IShape>>]
    IAsyncEnumerable<List<IShape>> ListIShapeAsync(IAsyncEnumerable<List<IShape>> items, IProgress<List<IShape>> progress, CancellationToken cancellationToken = default);

    [Fault<Dictionary<string, List<Tree>>>]
    IAsyncEnumerable<Dictionary<string, List<Tree>>> DictionaryStringListTreeAsync(IAsyncEnumerable<Dictionary<string, List<Tree>>> items, IProgress<Dictionary<string, List<Tree>>> progress, CancellationToken cancellationToken = default);

    [Fault<IReadOnlyList<Tolerant>>]
    IAsyncEnumerable<IReadOnlyList<Tolerant>> IReadOnlyListTolerantAsync(IAsyncEnumerable<IReadOnlyList<Tolerant>> items, IProgress<IReadOnlyList<Tolerant>> progress, CancellationToken cancellationToken = default);

    [Fault<Dictionary<int, IShape>>]
    IAsyncEnumerable<Dictionary<int, IShape>> DictionaryIntIShapeAsync(IAsyncEnumerable<Dictionary<int, IShape>> items, IProgress<Dictionary<int, IShape>> progress, CancellationToken cancellationToken = default);

    [Fault<Node[]>]
    IAsyncEnumerable<Node[]> NodeArrayAsync(IAsyncEnumerable<Node[]> items, IProgress<Node[]> progress, CancellationToken cancellationToken = default);

    [Fault<Graph[]>]
    IAsyncEnumerable<Graph[]> GraphArrayAsync(IAsyncEnumerable<Graph[]> items, IProgress<Graph[]> progress, CancellationToken cancellationToken = default);

    [Fault<ConcurrentQueue<int>[]>]
    IAsyncEnumerable<ConcurrentQueue<int>[]> ConcurrentQueueIntArrayAsync(IAsyncEnumerable<ConcurrentQueue<int>[]> items, IProgress<ConcurrentQueue<int>[]> progress, CancellationToken cancellationToken = default);

    [Fault<ConcurrentDictionary<int, int>[]>]
    IAsyncEnumerable<ConcurrentDictionary<int, int>[]> ConcurrentDictionaryIntIntArrayAsync(IAsyncEnumerable<ConcurrentDictionary<int, int>[]> items, IProgress<ConcurrentDictionary<int, int>[]> progress, CancellationToken cancellationToken = default);

    [Fault<HashSet<int>[]>]
    IAsyncEnumerable<HashSet<int>[]> HashSetIntArrayAsync(IAsyncEnumerable<HashSet<int>[]> items, IProgress<HashSet<int>[]> progress, CancellationToken cancellationToken = default);

    [Fault<BlockingCollection<byte>[]>]
    IAsyncEnumerable<BlockingCollection<byte>[]> BlockingCollectionByteArrayAsync(IAsyncEnumerable<BlockingCollection<byte>[]> items, IProgress<BlockingCollection<byte>[]> progress, CancellationToken cancellationToken = default);

    [Fault<Lazy<bool>[]>]
    IAsyncEnumerable<Lazy<bool>[]> LazyBoolArrayAsync(IAsyncEnumerable<Lazy<bool>[]> items, IProgress<Lazy<bool>[]> progress, CancellationToken cancellationToken = default);

    [Fault<Uri[]>]
    IAsyncEnumerable<Uri[]> UriArrayAsync(IAsyncEnumerable<Uri[]> items, IProgress<Uri[]> progress, CancellationToken cancellationToken = default);

    [Fault<Version[]>]
    IAsyncEnumerable<Version[]> VersionArrayAsync(IAsyncEnumerable<Version[]> items, IProgress<Version[]> progress, CancellationToken cancellationToken = default);

    [Fault<StringBuilder[]>]
    IAsyncEnumerable<StringBuilder[]> StringBuilderArrayAsync(IAsyncEnumerable<StringBuilder[]> items, IProgress<StringBuilder[]> progress, CancellationToken cancellationToken = default);

    [Fault<Wide?[]>]
    IAsyncEnumerable<Wide?[]> WideOrNullArrayAsync(IAsyncEnumerable<Wide?[]> items, IProgress<Wide?[]> progress, CancellationToken cancellationToken = default);

    [Fault<Wide[]>]
    IAsyncEnumerable<Wide[]> WideArrayAsync(IAsyncEnumerable<Wide[]> items, IProgress<Wide[]> progress, CancellationToken cancellationToken = default);

    [Fault<Holder?[]>]
    IAsyncEnumerable<Holder?[]> HolderOrNullArrayAsync(IAsyncEnumerable<Holder?[]> items, IProgress<Holder?[]> progress, CancellationToken cancellationToken = default);

    [Fault<Narrow>]
    IAsyncEnumerable<Narrow> NarrowAsync(IAsyncEnumerable<Narrow> items, IProgress<Narrow> progress, CancellationToken cancellationToken = default);

    [Fault<Narrow?>]
    IAsyncEnumerable<Narrow?> NarrowOrNullAsync(IAsyncEnumerable<Narrow?> items, IProgress<Narrow?> progress, CancellationToken cancellationToken = default);

    [Fault<Narrow[]>]
    IAsyncEnumerable<Narrow[]> NarrowArrayAsync(IAsyncEnumerable<Narrow[]> items, IProgress<Narrow[]> progress, CancellationToken cancellationToken = default);

    [Fault<(Narrow?, string)>]
    IAsyncEnumerable<(Narrow?, string?)> TupleNarrowOrNullStringOrNullAsync(IAsyncEnumerable<(Narrow?, string?)> items, IProgress<(Narrow?, string?)> progress, CancellationToken cancellationToken = default);

    [Fault<Box<Box<List<int?>>>>]
    IAsyncEnumerable<Box<Box<List<int?>>>> BoxBoxListIntOrNullAsync(IAsyncEnumerable<Box<Box<List<int?>>>> items, IProgress<Box<Box<List<int?>>>> progress, CancellationToken cancellationToken = default);

    [Fault<Box<IShape>>]
    IAsyncEnumerable<Box<IShape?>> BoxIShapeOrNullAsync(IAsyncEnumerable<Box<IShape?>> items, IProgress<Box<IShape?>> progress, CancellationToken cancellationToken = default);

    [Fault<Dictionary<string, IShape>>]
    IAsyncEnumerable<Dictionary<string, IShape?>> DictionaryStringIShapeOrNullAsync(IAsyncEnumerable<Dictionary<string, IShape?>> items, IProgress<Dictionary<string, IShape?>> progress, CancellationToken cancellationToken = default);

    [Fault<Memory<IShape>>]
    IAsyncEnumerable<Memory<IShape>> MemoryIShapeAsync(IAsyncEnumerable<Memory<IShape>> items, IProgress<Memory<IShape>> progress, CancellationToken cancellationToken = default);

    [Fault<ReadOnlySequence<Narrow>>]
    IAsyncEnumerable<ReadOnlySequence<Narrow>> ReadOnlySequenceNarrowAsync(IAsyncEnumerable<ReadOnlySequence<Narrow>> items, IProgress<ReadOnlySequence<Narrow>> progress, CancellationToken cancellationToken = default);

    [Fault<List<(Money?, bool?)>>]
    IAsyncEnumerable<List<(Money?, bool?)>> ListTupleMoneyOrNullBoolOrNullAsync(IAsyncEnumerable<List<(Money?, bool?)>> items, IProgress<List<(Money?, bool?)>> progress, CancellationToken cancellationToken = default);

    [Fault<Tolerant[]>]
    IAsyncEnumerable<Tolerant?[]> TolerantOrNullArrayAsync(IAsyncEnumerable<Tolerant?[]> items, IProgress<Tolerant?[]> progress, CancellationToken cancellationToken = default);

    [Fault<Required>]
    IAsyncEnumerable<Required> RequiredAsync(IAsyncEnumerable<Required> items, IProgress<Required> progress, CancellationToken cancellationToken = default);

    [Fault<Required[]>]
    IAsyncEnumerable<Required[]> RequiredArrayAsync(IAsyncEnumerable<Required[]> items, IProgress<Required[]> progress, CancellationToken cancellationToken = default);

    [Fault<Small[]>]
    IAsyncEnumerable<Small[]> SmallArrayAsync(IAsyncEnumerable<Small[]> items, IProgress<Small[]> progress, CancellationToken cancellationToken = default);

    [Fault<Huge>]
    IAsyncEnumerable<Huge> HugeAsync(IAsyncEnumerable<Huge> items, IProgress<Huge> progress, CancellationToken cancellationToken = default);

    [Fault<Dictionary<Small, Huge?>>]
    IAsyncEnumerable<Dictionary<Small, Huge?>> DictionarySmallHugeOrNullAsync(IAsyncEnumerable<Dictionary<Small, Huge?>> items, IProgress<Dictionary<Small, Huge?>> progress, CancellationToken cancellationToken = default);

    [Fault<Dictionary<Rune, Half?>>]
    IAsyncEnumerable<Dictionary<Rune, Half?>> DictionaryRuneHalfOrNullAsync(IAsyncEnumerable<Dictionary<Rune, Half?>> items, IProgress<Dictionary<Rune, Half?>> progress, CancellationToken cancellationToken = default);

    [Fault<HashSet<DateTimeOffset>>]
    IAsyncEnumerable<HashSet<DateTimeOffset>> HashSetDateTimeOffsetAsync(IAsyncEnumerable<HashSet<DateTimeOffset>> items, IProgress<HashSet<DateTimeOffset>> progress, CancellationToken cancellationToken = default);

    [Fault<KeyValuePair<Narrow, bool>[]>]
    IAsyncEnumerable<KeyValuePair<Narrow, bool>[]> KeyValuePairNarrowBoolArrayAsync(IAsyncEnumerable<KeyValuePair<Narrow, bool>[]> items, IProgress<KeyValuePair<Narrow, bool>[]> progress, CancellationToken cancellationToken = default);

    [Fault<Lazy<List<IShape>>>]
    IAsyncEnumerable<Lazy<List<IShape>>> LazyListIShapeAsync(IAsyncEnumerable<Lazy<List<IShape>>> items, IProgress<Lazy<List<IShape>>> progress, CancellationToken cancellationToken = default);

    [Fault<Tuple<Graph, Graph>>]
    IAsyncEnumerable<Tuple<Graph, Graph?>> TupleGraphGraphOrNullAsync(IAsyncEnumerable<Tuple<Graph, Graph?>> items, IProgress<Tuple<Graph, Graph?>> progress, CancellationToken cancellationToken = default);

    [Fault<ConcurrentDictionary<string, Tree>>]
    IAsyncEnumerable<ConcurrentDictionary<string, Tree>> ConcurrentDictionaryStringTreeAsync(IAsyncEnumerable<ConcurrentDictionary<string, Tree>> items, IProgress<ConcurrentDictionary<string, Tree>> progress, CancellationToken cancellationToken = default);

    [Fault<ImmutableSortedDictionary<DateOnly, Uri>>]
    IAsyncEnumerable<ImmutableSortedDictionary<DateOnly, Uri>> ImmutableSortedDictionaryDateOnlyUriAsync(IAsyncEnumerable<ImmutableSortedDictionary<DateOnly, Uri>> items, IProgress<ImmutableSortedDictionary<DateOnly, Uri>> progress, CancellationToken cancellationToken = default);

    [Fault<FrozenDictionary<Guid, Person>>]
    IAsyncEnumerable<FrozenDictionary<Guid, Person>> FrozenDictionaryGuidPersonAsync(IAsyncEnumerable<FrozenDictionary<Guid, Person>> items, IProgress<FrozenDictionary<Guid, Person>> progress, CancellationToken cancellationToken = default);

    [Fault<PriorityQueue<Person, DateTime>>]
    IAsyncEnumerable<PriorityQueue<Person, DateTime>> PriorityQueuePersonDateTimeAsync(IAsyncEnumerable<PriorityQueue<Person, DateTime>> items, IProgress<PriorityQueue<Person, DateTime>> progress, CancellationToken cancellationToken = default);

    [Fault<ILookup<string, Person>>]
    IAsyncEnumerable<ILookup<string, Person>> ILookupStringPersonAsync(IAsyncEnumerable<ILookup<string, Person>> items, IProgress<ILookup<string, Person>> progress, CancellationToken cancellationToken = default);

    [Fault<Int128[]>]
    IAsyncEnumerable<Int128[]> Int128ArrayAsync(IAsyncEnumerable<Int128[]> items, IProgress<Int128[]> progress, CancellationToken cancellationToken = default);

    [Fault<Complex?[]>]
    IAsyncEnumerable<Complex?[]> ComplexOrNullArrayAsync(IAsyncEnumerable<Complex?[]> items, IProgress<Complex?[]> progress, CancellationToken cancellationToken = default);

    [Fault<Version[]>]
    IAsyncEnumerable<Version?[]> VersionOrNullArrayAsync(IAsyncEnumerable<Version?[]> items, IProgress<Version?[]> progress, CancellationToken cancellationToken = default);

    [Fault<List<byte[]>>]
    IAsyncEnumerable<List<byte[]?>> ListByteArrayOrNullAsync(IAsyncEnumerable<List<byte[]?>> items, IProgress<List<byte[]?>> progress, CancellationToken cancellationToken = default);

    [Fault<IReadOnlyDictionary<string, IReadOnlyList<Person>>>]
    IAsyncEnumerable<IReadOnlyDictionary<string, IReadOnlyList<Person?>>> IReadOnlyDictionaryStringIReadOnlyListPersonOrNullAsync(IAsyncEnumerable<IReadOnlyDictionary<string, IReadOnlyList<Person?>>> items, IProgress<IReadOnlyDictionary<string, IReadOnlyList<Person?>>> progress, CancellationToken cancellationToken = default);

    [Fault<TolerantGraph>]
    IAsyncEnumerable<TolerantGraph> TolerantGraphAsync(IAsyncEnumerable<TolerantGraph> items, IProgress<TolerantGraph> progress, CancellationToken cancellationToken = default);

    [Fault<ImmutableArray<Money?>>]
    IAsyncEnumerable<ImmutableArray<Money?>> ImmutableArrayMoneyOrNullAsync(IAsyncEnumerable<ImmutableArray<Money?>> items, IProgress<ImmutableArray<Money?>> progress, CancellationToken cancellationToken = default);

    [Fault<Both<string, Both<int, Person>>>]
    IAsyncEnumerable<Both<string?, Both<int, Person>>> BothStringOrNullBothIntPersonAsync(IAsyncEnumerable<Both<string?, Both<int, Person>>> items, IProgress<Both<string?, Both<int, Person>>> progress, CancellationToken cancellationToken = default);

    [Fault<char?[]>]
    IAsyncEnumerable<char?[]> CharOrNullArrayAsync(IAsyncEnumerable<char?[]> items, IProgress<char?[]> progress, CancellationToken cancellationToken = default);

    [Fault<StringBuilder>]
    IAsyncEnumerable<StringBuilder?> StringBuilderOrNullAsync(IAsyncEnumerable<StringBuilder?> items, IProgress<StringBuilder?> progress, CancellationToken cancellationToken = default);

    [Fault<AroundNothing[]>]
    IAsyncEnumerable<AroundNothing[]> AroundNothingArrayAsync(IAsyncEnumerable<AroundNothing[]> items, IProgress<AroundNothing[]> progress, CancellationToken cancellationToken = default);

    [Fault<TimeZoneInfo.TransitionTime>]
    IAsyncEnumerable<TimeZoneInfo.TransitionTime> TransitionTimeAsync(IAsyncEnumerable<TimeZoneInfo.TransitionTime> items, IProgress<TimeZoneInfo.TransitionTime> progress, CancellationToken cancellationToken = default);

    [Fault<TimeZoneInfo.TransitionTime?[]>]
    IAsyncEnumerable<TimeZoneInfo.TransitionTime?[]> ArrayTransitionTimeAsync(IAsyncEnumerable<TimeZoneInfo.TransitionTime?[]> items, IProgress<TimeZoneInfo.TransitionTime?[]> progress, CancellationToken cancellationToken = default);

    [Fault<System.Data.SqlTypes.SqlInt32>]
    IAsyncEnumerable<System.Data.SqlTypes.SqlInt32> SqlInt32Async(IAsyncEnumerable<System.Data.SqlTypes.SqlInt32> items, IProgress<System.Data.SqlTypes.SqlInt32> progress, CancellationToken cancellationToken = default);

    [Fault<List<System.Data.SqlTypes.SqlBoolean>>]
    IAsyncEnumerable<List<System.Data.SqlTypes.SqlBoolean>> ListSqlBooleanAsync(IAsyncEnumerable<List<System.Data.SqlTypes.SqlBoolean>> items, IProgress<List<System.Data.SqlTypes.SqlBoolean>> progress, CancellationToken cancellationToken = default);

    [Fault<System.Runtime.CompilerServices.InlineArray4<bool>>]
    IAsyncEnumerable<System.Runtime.CompilerServices.InlineArray4<bool>> InlineBoolsAsync(IAsyncEnumerable<System.Runtime.CompilerServices.InlineArray4<bool>> items, IProgress<System.Runtime.CompilerServices.InlineArray4<bool>> progress, CancellationToken cancellationToken = default);

    [Fault<System.Text.Json.JsonReaderOptions>]
    IAsyncEnumerable<System.Text.Json.JsonReaderOptions> JsonReaderOptionsAsync(IAsyncEnumerable<System.Text.Json.JsonReaderOptions> items, IProgress<System.Text.Json.JsonReaderOptions> progress, CancellationToken cancellationToken = default);

    [Fault<Captured>]
    IAsyncEnumerable<Captured> CapturedAsync(IAsyncEnumerable<Captured> items, IProgress<Captured> progress, CancellationToken cancellationToken = default);

    [Fault<Captured[]>]
    IAsyncEnumerable<Captured[]> ArrayCapturedAsync(IAsyncEnumerable<Captured[]> items, IProgress<Captured[]> progress, CancellationToken cancellationToken = default);

    [Fault<Dictionary<byte, Captured>>]
    IAsyncEnumerable<Dictionary<byte, Captured>> DictionaryByteCapturedAsync(IAsyncEnumerable<Dictionary<byte, Captured>> items, IProgress<Dictionary<byte, Captured>> progress, CancellationToken cancellationToken = default);

    [Fault<Wrapped<int>>]
    IAsyncEnumerable<Wrapped<int>> WrappedIntAsync(IAsyncEnumerable<Wrapped<int>> items, IProgress<Wrapped<int>> progress, CancellationToken cancellationToken = default);

    [Fault<List<Wrapped<bool>>>]
    IAsyncEnumerable<List<Wrapped<bool>>> ListWrappedBoolAsync(IAsyncEnumerable<List<Wrapped<bool>>> items, IProgress<List<Wrapped<bool>>> progress, CancellationToken cancellationToken = default);

    [Fault<Wrapped<string>>]
    IAsyncEnumerable<Wrapped<string>> WrappedStringAsync(IAsyncEnumerable<Wrapped<string>> items, IProgress<Wrapped<string>> progress, CancellationToken cancellationToken = default);

    [Fault<Wrapped<Wrapped<bool>>?>]
    IAsyncEnumerable<Wrapped<Wrapped<bool>>?> WrappedWrappedAsync(IAsyncEnumerable<Wrapped<Wrapped<bool>>?> items, IProgress<Wrapped<Wrapped<bool>>?> progress, CancellationToken cancellationToken = default);

    [Fault<Dictionary<Wrapped<byte>, Wrapped<bool>>>]
    IAsyncEnumerable<Dictionary<Wrapped<byte>, Wrapped<bool>>> DictionaryWrappedAsync(IAsyncEnumerable<Dictionary<Wrapped<byte>, Wrapped<bool>>> items, IProgress<Dictionary<Wrapped<byte>, Wrapped<bool>>> progress, CancellationToken cancellationToken = default);

    [Fault<List<Between<DateOnly>?>>]
    IAsyncEnumerable<List<Between<DateOnly>?>> BetweenDatesAsync(IAsyncEnumerable<List<Between<DateOnly>?>> items, IProgress<List<Between<DateOnly>?>> progress, CancellationToken cancellationToken = default);

    [Fault<WrappedHolder>]
    IAsyncEnumerable<WrappedHolder> WrappedHolderAsync(IAsyncEnumerable<WrappedHolder> items, IProgress<WrappedHolder> progress, CancellationToken cancellationToken = default);

    [Fault<List<WrappedHolder>>]
    IAsyncEnumerable<List<WrappedHolder?>> ListWrappedHolderAsync(IAsyncEnumerable<List<WrappedHolder?>> items, IProgress<List<WrappedHolder?>> progress, CancellationToken cancellationToken = default);

    [Fault<Placed>]
    IAsyncEnumerable<Placed> PlacedAsync(IAsyncEnumerable<Placed> items, IProgress<Placed> progress, CancellationToken cancellationToken = default);

    [Fault<(Placed?, bool)>]
    IAsyncEnumerable<(Placed?, bool)> PlacedPairAsync(IAsyncEnumerable<(Placed?, bool)> items, IProgress<(Placed?, bool)> progress, CancellationToken cancellationToken = default);

    [Fault<Outside>]
    IAsyncEnumerable<Outside> OutsideAsync(IAsyncEnumerable<Outside> items, IProgress<Outside> progress, CancellationToken cancellationToken = default);

    [Fault<List<Outside?>>]
    IAsyncEnumerable<List<Outside?>> ListOutsideAsync(IAsyncEnumerable<List<Outside?>> items, IProgress<List<Outside?>> progress, CancellationToken cancellationToken = default);

    [Fault<Foreign>]
    IAsyncEnumerable<Foreign> ForeignAsync(IAsyncEnumerable<Foreign> items, IProgress<Foreign> progress, CancellationToken cancellationToken = default);

    [Fault<Foreign[]>]
    IAsyncEnumerable<Foreign[]> ArrayForeignAsync(IAsyncEnumerable<Foreign[]> items, IProgress<Foreign[]> progress, CancellationToken cancellationToken = default);

    [Fault<IWideUnion>]
    IAsyncEnumerable<IWideUnion> WideUnionAsync(IAsyncEnumerable<IWideUnion> items, IProgress<IWideUnion> progress, CancellationToken cancellationToken = default);

    [Fault<List<IWideUnion>>]
    IAsyncEnumerable<List<IWideUnion?>> ListWideUnionAsync(IAsyncEnumerable<List<IWideUnion?>> items, IProgress<List<IWideUnion?>> progress, CancellationToken cancellationToken = default);

    [Fault<Lazy<Lazy<IWideUnion>>>]
    IAsyncEnumerable<Lazy<Lazy<IWideUnion>>> LazyWideUnionAsync(IAsyncEnumerable<Lazy<Lazy<IWideUnion>>> items, IProgress<Lazy<Lazy<IWideUnion>>> progress, CancellationToken cancellationToken = default);

    [Fault<PairMap>]
    IAsyncEnumerable<PairMap> PairMapAsync(IAsyncEnumerable<PairMap> items, IProgress<PairMap> progress, CancellationToken cancellationToken = default);

    [Fault<FrozenDictionary<(byte, bool), List<decimal>>>]
    IAsyncEnumerable<FrozenDictionary<(byte, bool), List<decimal>>> FrozenDictionaryPairAsync(IAsyncEnumerable<FrozenDictionary<(byte, bool), List<decimal>>> items, IProgress<FrozenDictionary<(byte, bool), List<decimal>>> progress, CancellationToken cancellationToken = default);

    [Fault<IReadOnlySet<(bool, DateTime)>>]
    IAsyncEnumerable<IReadOnlySet<(bool, DateTime)>> ReadOnlySetPairAsync(IAsyncEnumerable<IReadOnlySet<(bool, DateTime)>> items, IProgress<IReadOnlySet<(bool, DateTime)>> progress, CancellationToken cancellationToken = default);

    [Fault<IGrouping<DateOnly, Person>>]
    IAsyncEnumerable<IGrouping<DateOnly, Person?>> GroupingPersonAsync(IAsyncEnumerable<IGrouping<DateOnly, Person?>> items, IProgress<IGrouping<DateOnly, Person?>> progress, CancellationToken cancellationToken = default);

    [Fault<string[,,,]>]
    IAsyncEnumerable<string?[,,,]> TextGridFourAsync(IAsyncEnumerable<string?[,,,]> items, IProgress<string?[,,,]> progress, CancellationToken cancellationToken = default);

    [Fault<Half?[,]>]
    IAsyncEnumerable<Half?[,]> HalfGridAsync(IAsyncEnumerable<Half?[,]> items, IProgress<Half?[,]> progress, CancellationToken cancellationToken = default);

    [Fault<Dictionary<string, Dictionary<string, Dictionary<string, bool>>>>]
    IAsyncEnumerable<Dictionary<string, Dictionary<string, Dictionary<string, bool>>>> MapOfMapsAsync(IAsyncEnumerable<Dictionary<string, Dictionary<string, Dictionary<string, bool>>>> items, IProgress<Dictionary<string, Dictionary<string, Dictionary<string, bool>>>> progress, CancellationToken cancellationToken = default);

    [Fault<Dictionary<Version, BigInteger>>]
    IAsyncEnumerable<Dictionary<Version, BigInteger>> DictionaryVersionAsync(IAsyncEnumerable<Dictionary<Version, BigInteger>> items, IProgress<Dictionary<Version, BigInteger>> progress, CancellationToken cancellationToken = default);

    [Fault<HashSet<Uri>>]
    IAsyncEnumerable<HashSet<Uri>> UriSetAsync(IAsyncEnumerable<HashSet<Uri>> items, IProgress<HashSet<Uri>> progress, CancellationToken cancellationToken = default);
}
