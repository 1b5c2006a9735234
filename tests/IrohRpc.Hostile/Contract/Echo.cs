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

/// <summary>Returns what it is given.</summary>
public sealed class Echo : IHostile
{
    public ValueTask<bool> BoolAsync(bool value, CancellationToken cancellationToken) => new(value);

    public ValueTask<sbyte> SbyteAsync(sbyte value, CancellationToken cancellationToken) => new(value);

    public ValueTask<byte> ByteAsync(byte value, CancellationToken cancellationToken) => new(value);

    public ValueTask<short> ShortAsync(short value, CancellationToken cancellationToken) => new(value);

    public ValueTask<ushort> UshortAsync(ushort value, CancellationToken cancellationToken) => new(value);

    public ValueTask<int> IntAsync(int value, CancellationToken cancellationToken) => new(value);

    public ValueTask<uint> UintAsync(uint value, CancellationToken cancellationToken) => new(value);

    public ValueTask<long> LongAsync(long value, CancellationToken cancellationToken) => new(value);

    public ValueTask<ulong> UlongAsync(ulong value, CancellationToken cancellationToken) => new(value);

    public ValueTask<float> FloatAsync(float value, CancellationToken cancellationToken) => new(value);

    public ValueTask<double> DoubleAsync(double value, CancellationToken cancellationToken) => new(value);

    public ValueTask<decimal> DecimalAsync(decimal value, CancellationToken cancellationToken) => new(value);

    public ValueTask<char> CharAsync(char value, CancellationToken cancellationToken) => new(value);

    public ValueTask<string> StringAsync(string value, CancellationToken cancellationToken) => new(value);

    public ValueTask<Half> HalfAsync(Half value, CancellationToken cancellationToken) => new(value);

    public ValueTask<Int128> Int128Async(Int128 value, CancellationToken cancellationToken) => new(value);

    public ValueTask<UInt128> UInt128Async(UInt128 value, CancellationToken cancellationToken) => new(value);

    public ValueTask<Guid> GuidAsync(Guid value, CancellationToken cancellationToken) => new(value);

    public ValueTask<DateTime> DateTimeAsync(DateTime value, CancellationToken cancellationToken) => new(value);

    public ValueTask<DateTimeOffset> DateTimeOffsetAsync(DateTimeOffset value, CancellationToken cancellationToken) => new(value);

    public ValueTask<DateOnly> DateOnlyAsync(DateOnly value, CancellationToken cancellationToken) => new(value);

    public ValueTask<TimeOnly> TimeOnlyAsync(TimeOnly value, CancellationToken cancellationToken) => new(value);

    public ValueTask<TimeSpan> TimeSpanAsync(TimeSpan value, CancellationToken cancellationToken) => new(value);

    public ValueTask<Rune> RuneAsync(Rune value, CancellationToken cancellationToken) => new(value);

    public ValueTask<Complex> ComplexAsync(Complex value, CancellationToken cancellationToken) => new(value);

    public ValueTask<Vector3> Vector3Async(Vector3 value, CancellationToken cancellationToken) => new(value);

    public ValueTask<Matrix4x4> Matrix4x4Async(Matrix4x4 value, CancellationToken cancellationToken) => new(value);

    public ValueTask<DayOfWeek> DayOfWeekAsync(DayOfWeek value, CancellationToken cancellationToken) => new(value);

    public ValueTask<Uri> UriAsync(Uri value, CancellationToken cancellationToken) => new(value);

    public ValueTask<Version> VersionAsync(Version value, CancellationToken cancellationToken) => new(value);

    public ValueTask<BigInteger> BigIntegerAsync(BigInteger value, CancellationToken cancellationToken) => new(value);

    public ValueTask<BitArray> BitArrayAsync(BitArray value, CancellationToken cancellationToken) => new(value);

    public ValueTask<TimeZoneInfo> TimeZoneInfoAsync(TimeZoneInfo value, CancellationToken cancellationToken) => new(value);

    public ValueTask<CultureInfo> CultureInfoAsync(CultureInfo value, CancellationToken cancellationToken) => new(value);

    public ValueTask<StringBuilder> StringBuilderAsync(StringBuilder value, CancellationToken cancellationToken) => new(value);

    public ValueTask<int?> IntOrNullAsync(int? value, CancellationToken cancellationToken) => new(value);

    public ValueTask<decimal?> DecimalOrNullAsync(decimal? value, CancellationToken cancellationToken) => new(value);

    public ValueTask<bool?> BoolOrNullAsync(bool? value, CancellationToken cancellationToken) => new(value);

    public ValueTask<DateTime?> DateTimeOrNullAsync(DateTime? value, CancellationToken cancellationToken) => new(value);

    public ValueTask<DayOfWeek?> DayOfWeekOrNullAsync(DayOfWeek? value, CancellationToken cancellationToken) => new(value);

    public ValueTask<Money?> MoneyOrNullAsync(Money? value, CancellationToken cancellationToken) => new(value);

    public ValueTask<Pair?> PairOrNullAsync(Pair? value, CancellationToken cancellationToken) => new(value);

    public ValueTask<Flags?> FlagsOrNullAsync(Flags? value, CancellationToken cancellationToken) => new(value);

    public ValueTask<(int, bool)?> TupleIntBoolOrNullAsync((int, bool)? value, CancellationToken cancellationToken) => new(value);

    public ValueTask<Guid?> GuidOrNullAsync(Guid? value, CancellationToken cancellationToken) => new(value);

    public ValueTask<byte[]> ByteArrayAsync(byte[] value, CancellationToken cancellationToken) => new(value);

    public ValueTask<int[]> IntArrayAsync(int[] value, CancellationToken cancellationToken) => new(value);

    public ValueTask<bool[]> BoolArrayAsync(bool[] value, CancellationToken cancellationToken) => new(value);

    public ValueTask<decimal[]> DecimalArrayAsync(decimal[] value, CancellationToken cancellationToken) => new(value);

    public ValueTask<string[]> StringArrayAsync(string[] value, CancellationToken cancellationToken) => new(value);

    public ValueTask<string?[]> StringOrNullArrayAsync(string?[] value, CancellationToken cancellationToken) => new(value);

    public ValueTask<DateTime[]> DateTimeArrayAsync(DateTime[] value, CancellationToken cancellationToken) => new(value);

    public ValueTask<Flags[]> FlagsArrayAsync(Flags[] value, CancellationToken cancellationToken) => new(value);

    public ValueTask<int?[]> IntOrNullArrayAsync(int?[] value, CancellationToken cancellationToken) => new(value);

    public ValueTask<Person[]> PersonArrayAsync(Person[] value, CancellationToken cancellationToken) => new(value);

    public ValueTask<Person?[]> PersonOrNullArrayAsync(Person?[] value, CancellationToken cancellationToken) => new(value);

    public ValueTask<int[][]> IntArrayArrayAsync(int[][] value, CancellationToken cancellationToken) => new(value);

    public ValueTask<string[][]> StringArrayArrayAsync(string[][] value, CancellationToken cancellationToken) => new(value);

    public ValueTask<Empty[]> EmptyArrayAsync(Empty[] value, CancellationToken cancellationToken) => new(value);

    public ValueTask<char[]> CharArrayAsync(char[] value, CancellationToken cancellationToken) => new(value);

    public ValueTask<Rune[]> RuneArrayAsync(Rune[] value, CancellationToken cancellationToken) => new(value);

    public ValueTask<Money[]> MoneyArrayAsync(Money[] value, CancellationToken cancellationToken) => new(value);

    public ValueTask<BigInteger[]> BigIntegerArrayAsync(BigInteger[] value, CancellationToken cancellationToken) => new(value);

    public ValueTask<BitArray[]> BitArrayArrayAsync(BitArray[] value, CancellationToken cancellationToken) => new(value);

    public ValueTask<int[,]> IntGridAsync(int[,] value, CancellationToken cancellationToken) => new(value);

    public ValueTask<string[,]> StringGridAsync(string[,] value, CancellationToken cancellationToken) => new(value);

    public ValueTask<bool[,]> BoolGridAsync(bool[,] value, CancellationToken cancellationToken) => new(value);

    public ValueTask<byte[,,]> ByteCubeAsync(byte[,,] value, CancellationToken cancellationToken) => new(value);

    public ValueTask<Person[,,,]> PersonTesseractAsync(Person[,,,] value, CancellationToken cancellationToken) => new(value);

    public ValueTask<decimal[,]> DecimalGridAsync(decimal[,] value, CancellationToken cancellationToken) => new(value);

    public ValueTask<List<int>> ListIntAsync(List<int> value, CancellationToken cancellationToken) => new(value);

    public ValueTask<List<string>> ListStringAsync(List<string> value, CancellationToken cancellationToken) => new(value);

    public ValueTask<List<string?>> ListStringOrNullAsync(List<string?> value, CancellationToken cancellationToken) => new(value);

    public ValueTask<List<Person>> ListPersonAsync(List<Person> value, CancellationToken cancellationToken) => new(value);

    public ValueTask<List<bool>> ListBoolAsync(List<bool> value, CancellationToken cancellationToken) => new(value);

    public ValueTask<List<List<int>>> ListListIntAsync(List<List<int>> value, CancellationToken cancellationToken) => new(value);

    public ValueTask<List<Money>> ListMoneyAsync(List<Money> value, CancellationToken cancellationToken) => new(value);

    public ValueTask<List<(int, string)>> ListIntStringAsync(List<(int, string)> value, CancellationToken cancellationToken) => new(value);

    public ValueTask<List<DateTime?>> ListDateTimeOrNullAsync(List<DateTime?> value, CancellationToken cancellationToken) => new(value);

    public ValueTask<List<Pair?>> ListPairOrNullAsync(List<Pair?> value, CancellationToken cancellationToken) => new(value);

    public ValueTask<LinkedList<byte>> LinkedListByteAsync(LinkedList<byte> value, CancellationToken cancellationToken) => new(value);

    public ValueTask<LinkedList<string>> LinkedListStringAsync(LinkedList<string> value, CancellationToken cancellationToken) => new(value);

    public ValueTask<Queue<int>> QueueIntAsync(Queue<int> value, CancellationToken cancellationToken) => new(value);

    public ValueTask<Queue<string>> QueueStringAsync(Queue<string> value, CancellationToken cancellationToken) => new(value);

    public ValueTask<Stack<int>> StackIntAsync(Stack<int> value, CancellationToken cancellationToken) => new(value);

    public ValueTask<Stack<string>> StackStringAsync(Stack<string> value, CancellationToken cancellationToken) => new(value);

    public ValueTask<HashSet<long>> HashSetLongAsync(HashSet<long> value, CancellationToken cancellationToken) => new(value);

    public ValueTask<HashSet<string>> HashSetStringAsync(HashSet<string> value, CancellationToken cancellationToken) => new(value);

    public ValueTask<HashSet<Guid>> HashSetGuidAsync(HashSet<Guid> value, CancellationToken cancellationToken) => new(value);

    public ValueTask<SortedSet<int>> SortedSetIntAsync(SortedSet<int> value, CancellationToken cancellationToken) => new(value);

    public ValueTask<SortedSet<string>> SortedSetStringAsync(SortedSet<string> value, CancellationToken cancellationToken) => new(value);

    public ValueTask<IEnumerable<int>> IEnumerableIntAsync(IEnumerable<int> value, CancellationToken cancellationToken) => new(value);

    public ValueTask<IEnumerable<string>> IEnumerableStringAsync(IEnumerable<string> value, CancellationToken cancellationToken) => new(value);

    public ValueTask<ICollection<int>> ICollectionIntAsync(ICollection<int> value, CancellationToken cancellationToken) => new(value);

    public ValueTask<IList<string>> IListStringAsync(IList<string> value, CancellationToken cancellationToken) => new(value);

    public ValueTask<IReadOnlyCollection<int>> IReadOnlyCollectionIntAsync(IReadOnlyCollection<int> value, CancellationToken cancellationToken) => new(value);

    public ValueTask<IReadOnlyList<Person>> IReadOnlyListPersonAsync(IReadOnlyList<Person> value, CancellationToken cancellationToken) => new(value);

    public ValueTask<ISet<long>> ISetLongAsync(ISet<long> value, CancellationToken cancellationToken) => new(value);

    public ValueTask<IReadOnlySet<int>> IReadOnlySetIntAsync(IReadOnlySet<int> value, CancellationToken cancellationToken) => new(value);

    public ValueTask<Collection<int>> CollectionIntAsync(Collection<int> value, CancellationToken cancellationToken) => new(value);

    public ValueTask<ObservableCollection<string>> ObservableCollectionStringAsync(ObservableCollection<string> value, CancellationToken cancellationToken) => new(value);

    public ValueTask<ReadOnlyCollection<int>> ReadOnlyCollectionIntAsync(ReadOnlyCollection<int> value, CancellationToken cancellationToken) => new(value);

    public ValueTask<ReadOnlyObservableCollection<string>> ReadOnlyObservableCollectionStringAsync(ReadOnlyObservableCollection<string> value, CancellationToken cancellationToken) => new(value);

    public ValueTask<BlockingCollection<int>> BlockingCollectionIntAsync(BlockingCollection<int> value, CancellationToken cancellationToken) => new(value);

    public ValueTask<ConcurrentBag<int>> ConcurrentBagIntAsync(ConcurrentBag<int> value, CancellationToken cancellationToken) => new(value);

    public ValueTask<ConcurrentQueue<string>> ConcurrentQueueStringAsync(ConcurrentQueue<string> value, CancellationToken cancellationToken) => new(value);

    public ValueTask<ConcurrentStack<int>> ConcurrentStackIntAsync(ConcurrentStack<int> value, CancellationToken cancellationToken) => new(value);

    public ValueTask<ImmutableArray<int>> ImmutableArrayIntAsync(ImmutableArray<int> value, CancellationToken cancellationToken) => new(value);

    public ValueTask<ImmutableArray<string>> ImmutableArrayStringAsync(ImmutableArray<string> value, CancellationToken cancellationToken) => new(value);

    public ValueTask<ImmutableList<byte>> ImmutableListByteAsync(ImmutableList<byte> value, CancellationToken cancellationToken) => new(value);

    public ValueTask<ImmutableList<string>> ImmutableListStringAsync(ImmutableList<string> value, CancellationToken cancellationToken) => new(value);

    public ValueTask<ImmutableQueue<int>> ImmutableQueueIntAsync(ImmutableQueue<int> value, CancellationToken cancellationToken) => new(value);

    public ValueTask<ImmutableStack<string>> ImmutableStackStringAsync(ImmutableStack<string> value, CancellationToken cancellationToken) => new(value);

    public ValueTask<ImmutableHashSet<long>> ImmutableHashSetLongAsync(ImmutableHashSet<long> value, CancellationToken cancellationToken) => new(value);

    public ValueTask<ImmutableSortedSet<int>> ImmutableSortedSetIntAsync(ImmutableSortedSet<int> value, CancellationToken cancellationToken) => new(value);

    public ValueTask<IImmutableList<int>> IImmutableListIntAsync(IImmutableList<int> value, CancellationToken cancellationToken) => new(value);

    public ValueTask<IImmutableQueue<string>> IImmutableQueueStringAsync(IImmutableQueue<string> value, CancellationToken cancellationToken) => new(value);

    public ValueTask<IImmutableStack<int>> IImmutableStackIntAsync(IImmutableStack<int> value, CancellationToken cancellationToken) => new(value);

    public ValueTask<IImmutableSet<long>> IImmutableSetLongAsync(IImmutableSet<long> value, CancellationToken cancellationToken) => new(value);

    public ValueTask<FrozenSet<long>> FrozenSetLongAsync(FrozenSet<long> value, CancellationToken cancellationToken) => new(value);

    public ValueTask<FrozenSet<string>> FrozenSetStringAsync(FrozenSet<string> value, CancellationToken cancellationToken) => new(value);

    public ValueTask<Dictionary<int, int>> DictionaryIntIntAsync(Dictionary<int, int> value, CancellationToken cancellationToken) => new(value);

    public ValueTask<Dictionary<long, string>> DictionaryLongStringAsync(Dictionary<long, string> value, CancellationToken cancellationToken) => new(value);

    public ValueTask<Dictionary<string, Person>> DictionaryStringPersonAsync(Dictionary<string, Person> value, CancellationToken cancellationToken) => new(value);

    public ValueTask<Dictionary<string, string>> DictionaryStringStringAsync(Dictionary<string, string> value, CancellationToken cancellationToken) => new(value);

    public ValueTask<Dictionary<Guid, bool>> DictionaryGuidBoolAsync(Dictionary<Guid, bool> value, CancellationToken cancellationToken) => new(value);

    public ValueTask<Dictionary<(long, long), int>> DictionaryLongLongIntAsync(Dictionary<(long, long), int> value, CancellationToken cancellationToken) => new(value);

    public ValueTask<Dictionary<Key, int>> DictionaryKeyIntAsync(Dictionary<Key, int> value, CancellationToken cancellationToken) => new(value);

    public ValueTask<Dictionary<DayOfWeek, decimal>> DictionaryDayOfWeekDecimalAsync(Dictionary<DayOfWeek, decimal> value, CancellationToken cancellationToken) => new(value);

    public ValueTask<Dictionary<double, int>> DictionaryDoubleIntAsync(Dictionary<double, int> value, CancellationToken cancellationToken) => new(value);

    public ValueTask<IDictionary<long, int>> IDictionaryLongIntAsync(IDictionary<long, int> value, CancellationToken cancellationToken) => new(value);

    public ValueTask<IReadOnlyDictionary<string, int>> IReadOnlyDictionaryStringIntAsync(IReadOnlyDictionary<string, int> value, CancellationToken cancellationToken) => new(value);

    public ValueTask<IReadOnlyDictionary<long, long>> IReadOnlyDictionaryLongLongAsync(IReadOnlyDictionary<long, long> value, CancellationToken cancellationToken) => new(value);

    public ValueTask<SortedDictionary<int, string>> SortedDictionaryIntStringAsync(SortedDictionary<int, string> value, CancellationToken cancellationToken) => new(value);

    public ValueTask<SortedList<long, int>> SortedListLongIntAsync(SortedList<long, int> value, CancellationToken cancellationToken) => new(value);

    public ValueTask<SortedList<string, string>> SortedListStringStringAsync(SortedList<string, string> value, CancellationToken cancellationToken) => new(value);

    public ValueTask<ConcurrentDictionary<long, int>> ConcurrentDictionaryLongIntAsync(ConcurrentDictionary<long, int> value, CancellationToken cancellationToken) => new(value);

    public ValueTask<ImmutableDictionary<long, int>> ImmutableDictionaryLongIntAsync(ImmutableDictionary<long, int> value, CancellationToken cancellationToken) => new(value);

    public ValueTask<ImmutableSortedDictionary<int, string>> ImmutableSortedDictionaryIntStringAsync(ImmutableSortedDictionary<int, string> value, CancellationToken cancellationToken) => new(value);

    public ValueTask<IImmutableDictionary<long, int>> IImmutableDictionaryLongIntAsync(IImmutableDictionary<long, int> value, CancellationToken cancellationToken) => new(value);

    public ValueTask<FrozenDictionary<long, int>> FrozenDictionaryLongIntAsync(FrozenDictionary<long, int> value, CancellationToken cancellationToken) => new(value);

    public ValueTask<FrozenDictionary<string, string>> FrozenDictionaryStringStringAsync(FrozenDictionary<string, string> value, CancellationToken cancellationToken) => new(value);

    public ValueTask<PriorityQueue<int, long>> PriorityQueueIntLongAsync(PriorityQueue<int, long> value, CancellationToken cancellationToken) => new(value);

    public ValueTask<PriorityQueue<string, int>> PriorityQueueStringIntAsync(PriorityQueue<string, int> value, CancellationToken cancellationToken) => new(value);

    public ValueTask<Lazy<int>> LazyIntAsync(Lazy<int> value, CancellationToken cancellationToken) => new(value);

    public ValueTask<Lazy<string>> LazyStringAsync(Lazy<string> value, CancellationToken cancellationToken) => new(value);

    public ValueTask<IGrouping<int, string>> IGroupingIntStringAsync(IGrouping<int, string> value, CancellationToken cancellationToken) => new(value);

    public ValueTask<ILookup<long, int>> ILookupLongIntAsync(ILookup<long, int> value, CancellationToken cancellationToken) => new(value);

    public ValueTask<KeyValuePair<int, bool>> KeyValuePairIntBoolAsync(KeyValuePair<int, bool> value, CancellationToken cancellationToken) => new(value);

    public ValueTask<KeyValuePair<string, int>> KeyValuePairStringIntAsync(KeyValuePair<string, int> value, CancellationToken cancellationToken) => new(value);

    public ValueTask<Memory<int>> MemoryIntAsync(Memory<int> value, CancellationToken cancellationToken) => new(value);

    public ValueTask<ReadOnlyMemory<byte>> ReadOnlyMemoryByteAsync(ReadOnlyMemory<byte> value, CancellationToken cancellationToken) => new(value);

    public ValueTask<ArraySegment<int>> ArraySegmentIntAsync(ArraySegment<int> value, CancellationToken cancellationToken) => new(value);

    public ValueTask<ReadOnlySequence<byte>> ReadOnlySequenceByteAsync(ReadOnlySequence<byte> value, CancellationToken cancellationToken) => new(value);

    public ValueTask<Memory<string>> MemoryStringAsync(Memory<string> value, CancellationToken cancellationToken) => new(value);

    public ValueTask<ReadOnlyMemory<Person>> ReadOnlyMemoryPersonAsync(ReadOnlyMemory<Person> value, CancellationToken cancellationToken) => new(value);

    public ValueTask<(int, bool)> TupleIntBoolAsync((int, bool) value, CancellationToken cancellationToken) => new(value);

    public ValueTask<(string, decimal)> TupleStringDecimalAsync((string, decimal) value, CancellationToken cancellationToken) => new(value);

    public ValueTask<(int, string, Person)> TupleIntStringPersonAsync((int, string, Person) value, CancellationToken cancellationToken) => new(value);

    public ValueTask<(int, int, int, int, int, int, int, int, bool)> TupleIntIntIntIntIntIntIntIntBoolAsync((int, int, int, int, int, int, int, int, bool) value, CancellationToken cancellationToken) => new(value);

    public ValueTask<(string, string, string, string, string, string, string, string)> TupleStringStringStringStringStringStringStringStringAsync((string, string, string, string, string, string, string, string) value, CancellationToken cancellationToken) => new(value);

    public ValueTask<Tuple<int>> TupleIntAsync(Tuple<int> value, CancellationToken cancellationToken) => new(value);

    public ValueTask<Tuple<string, bool>> TupleStringBoolAsync(Tuple<string, bool> value, CancellationToken cancellationToken) => new(value);

    public ValueTask<Tuple<int, int, int, int, int, int, int, Tuple<string>>> TupleIntIntIntIntIntIntIntTupleStringAsync(Tuple<int, int, int, int, int, int, int, Tuple<string>> value, CancellationToken cancellationToken) => new(value);

    public ValueTask<Empty> EmptyAsync(Empty value, CancellationToken cancellationToken) => new(value);

    public ValueTask<Person> PersonAsync(Person value, CancellationToken cancellationToken) => new(value);

    public ValueTask<Order> OrderAsync(Order value, CancellationToken cancellationToken) => new(value);

    public ValueTask<Money> MoneyAsync(Money value, CancellationToken cancellationToken) => new(value);

    public ValueTask<Pair> PairAsync(Pair value, CancellationToken cancellationToken) => new(value);

    public ValueTask<Flags> FlagsAsync(Flags value, CancellationToken cancellationToken) => new(value);

    public ValueTask<Wide> WideAsync(Wide value, CancellationToken cancellationToken) => new(value);

    public ValueTask<Packed> PackedAsync(Packed value, CancellationToken cancellationToken) => new(value);

    public ValueTask<Overlap> OverlapAsync(Overlap value, CancellationToken cancellationToken) => new(value);

    public ValueTask<Buffers> BuffersAsync(Buffers value, CancellationToken cancellationToken) => new(value);

    public ValueTask<Numbers> NumbersAsync(Numbers value, CancellationToken cancellationToken) => new(value);

    public ValueTask<Node> NodeAsync(Node value, CancellationToken cancellationToken) => new(value);

    public ValueTask<Tree> TreeAsync(Tree value, CancellationToken cancellationToken) => new(value);

    public ValueTask<Tolerant> TolerantAsync(Tolerant value, CancellationToken cancellationToken) => new(value);

    public ValueTask<TolerantTree> TolerantTreeAsync(TolerantTree value, CancellationToken cancellationToken) => new(value);

    public ValueTask<TolerantPoint> TolerantPointAsync(TolerantPoint value, CancellationToken cancellationToken) => new(value);

    public ValueTask<Graph> GraphAsync(Graph value, CancellationToken cancellationToken) => new(value);

    public ValueTask<IShape> IShapeAsync(IShape value, CancellationToken cancellationToken) => new(value);

    public ValueTask<Box<int>> BoxIntAsync(Box<int> value, CancellationToken cancellationToken) => new(value);

    public ValueTask<Box<string>> BoxStringAsync(Box<string> value, CancellationToken cancellationToken) => new(value);

    public ValueTask<Box<Person>> BoxPersonAsync(Box<Person> value, CancellationToken cancellationToken) => new(value);

    public ValueTask<Shelf> ShelfAsync(Shelf value, CancellationToken cancellationToken) => new(value);

    public ValueTask<Balances> BalancesAsync(Balances value, CancellationToken cancellationToken) => new(value);

    public ValueTask<Accounts> AccountsAsync(Accounts value, CancellationToken cancellationToken) => new(value);

    public ValueTask<Ids> IdsAsync(Ids value, CancellationToken cancellationToken) => new(value);

    public ValueTask<Annotated> AnnotatedAsync(Annotated value, CancellationToken cancellationToken) => new(value);

    public ValueTask<Secret> SecretAsync(Secret value, CancellationToken cancellationToken) => new(value);

    public ValueTask<Outer> OuterAsync(Outer value, CancellationToken cancellationToken) => new(value);

    public ValueTask<Temperature> TemperatureAsync(Temperature value, CancellationToken cancellationToken) => new(value);

    public ValueTask<Members[]> MembersArrayAsync(Members[] value, CancellationToken cancellationToken) => new(value);

    public ValueTask<List<Tree>> ListTreeAsync(List<Tree> value, CancellationToken cancellationToken) => new(value);

    public ValueTask<List<Tolerant>> ListTolerantAsync(List<Tolerant> value, CancellationToken cancellationToken) => new(value);

    public ValueTask<List<Graph>> ListGraphAsync(List<Graph> value, CancellationToken cancellationToken) => new(value);

    public ValueTask<List<IShape>> ListIShapeAsync(List<IShape> value, CancellationToken cancellationToken) => new(value);

    public ValueTask<Dictionary<string, List<Tree>>> DictionaryStringListTreeAsync(Dictionary<string, List<Tree>> value, CancellationToken cancellationToken) => new(value);

    public ValueTask<IReadOnlyList<Tolerant>> IReadOnlyListTolerantAsync(IReadOnlyList<Tolerant> value, CancellationToken cancellationToken) => new(value);

    public ValueTask<Dictionary<int, IShape>> DictionaryIntIShapeAsync(Dictionary<int, IShape> value, CancellationToken cancellationToken) => new(value);

    public ValueTask<Node[]> NodeArrayAsync(Node[] value, CancellationToken cancellationToken) => new(value);

    public ValueTask<Graph[]> GraphArrayAsync(Graph[] value, CancellationToken cancellationToken) => new(value);

    public ValueTask<ConcurrentQueue<int>[]> ConcurrentQueueIntArrayAsync(ConcurrentQueue<int>[] value, CancellationToken cancellationToken) => new(value);

    public ValueTask<ConcurrentDictionary<int, int>[]> ConcurrentDictionaryIntIntArrayAsync(ConcurrentDictionary<int, int>[] value, CancellationToken cancellationToken) => new(value);

    public ValueTask<HashSet<int>[]> HashSetIntArrayAsync(HashSet<int>[] value, CancellationToken cancellationToken) => new(value);

    public ValueTask<BlockingCollection<byte>[]> BlockingCollectionByteArrayAsync(BlockingCollection<byte>[] value, CancellationToken cancellationToken) => new(value);

    public ValueTask<Lazy<bool>[]> LazyBoolArrayAsync(Lazy<bool>[] value, CancellationToken cancellationToken) => new(value);

    public ValueTask<Uri[]> UriArrayAsync(Uri[] value, CancellationToken cancellationToken) => new(value);

    public ValueTask<Version[]> VersionArrayAsync(Version[] value, CancellationToken cancellationToken) => new(value);

    public ValueTask<StringBuilder[]> StringBuilderArrayAsync(StringBuilder[] value, CancellationToken cancellationToken) => new(value);

    public ValueTask<Wide?[]> WideOrNullArrayAsync(Wide?[] value, CancellationToken cancellationToken) => new(value);

    public ValueTask<Wide[]> WideArrayAsync(Wide[] value, CancellationToken cancellationToken) => new(value);

    public ValueTask<Holder?[]> HolderOrNullArrayAsync(Holder?[] value, CancellationToken cancellationToken) => new(value);

    public ValueTask<Narrow> NarrowAsync(Narrow value, CancellationToken cancellationToken) => new(value);

    public ValueTask<Narrow?> NarrowOrNullAsync(Narrow? value, CancellationToken cancellationToken) => new(value);

    public ValueTask<Narrow[]> NarrowArrayAsync(Narrow[] value, CancellationToken cancellationToken) => new(value);

    public ValueTask<(Narrow?, string?)> TupleNarrowOrNullStringOrNullAsync((Narrow?, string?) value, CancellationToken cancellationToken) => new(value);

    public ValueTask<Box<Box<List<int?>>>> BoxBoxListIntOrNullAsync(Box<Box<List<int?>>> value, CancellationToken cancellationToken) => new(value);

    public ValueTask<Box<IShape?>> BoxIShapeOrNullAsync(Box<IShape?> value, CancellationToken cancellationToken) => new(value);

    public ValueTask<Dictionary<string, IShape?>> DictionaryStringIShapeOrNullAsync(Dictionary<string, IShape?> value, CancellationToken cancellationToken) => new(value);

    public ValueTask<Memory<IShape>> MemoryIShapeAsync(Memory<IShape> value, CancellationToken cancellationToken) => new(value);

    public ValueTask<ReadOnlySequence<Narrow>> ReadOnlySequenceNarrowAsync(ReadOnlySequence<Narrow> value, CancellationToken cancellationToken) => new(value);

    public ValueTask<List<(Money?, bool?)>> ListTupleMoneyOrNullBoolOrNullAsync(List<(Money?, bool?)> value, CancellationToken cancellationToken) => new(value);

    public ValueTask<Tolerant?[]> TolerantOrNullArrayAsync(Tolerant?[] value, CancellationToken cancellationToken) => new(value);

    public ValueTask<Required> RequiredAsync(Required value, CancellationToken cancellationToken) => new(value);

    public ValueTask<Required[]> RequiredArrayAsync(Required[] value, CancellationToken cancellationToken) => new(value);

    public ValueTask<Small[]> SmallArrayAsync(Small[] value, CancellationToken cancellationToken) => new(value);

    public ValueTask<Huge> HugeAsync(Huge value, CancellationToken cancellationToken) => new(value);

    public ValueTask<Dictionary<Small, Huge?>> DictionarySmallHugeOrNullAsync(Dictionary<Small, Huge?> value, CancellationToken cancellationToken) => new(value);

    public ValueTask<Dictionary<Rune, Half?>> DictionaryRuneHalfOrNullAsync(Dictionary<Rune, Half?> value, CancellationToken cancellationToken) => new(value);

    public ValueTask<HashSet<DateTimeOffset>> HashSetDateTimeOffsetAsync(HashSet<DateTimeOffset> value, CancellationToken cancellationToken) => new(value);

    public ValueTask<KeyValuePair<Narrow, bool>[]> KeyValuePairNarrowBoolArrayAsync(KeyValuePair<Narrow, bool>[] value, CancellationToken cancellationToken) => new(value);

    public ValueTask<Lazy<List<IShape>>> LazyListIShapeAsync(Lazy<List<IShape>> value, CancellationToken cancellationToken) => new(value);

    public ValueTask<Tuple<Graph, Graph?>> TupleGraphGraphOrNullAsync(Tuple<Graph, Graph?> value, CancellationToken cancellationToken) => new(value);

    public ValueTask<ConcurrentDictionary<string, Tree>> ConcurrentDictionaryStringTreeAsync(ConcurrentDictionary<string, Tree> value, CancellationToken cancellationToken) => new(value);

    public ValueTask<ImmutableSortedDictionary<DateOnly, Uri>> ImmutableSortedDictionaryDateOnlyUriAsync(ImmutableSortedDictionary<DateOnly, Uri> value, CancellationToken cancellationToken) => new(value);

    public ValueTask<FrozenDictionary<Guid, Person>> FrozenDictionaryGuidPersonAsync(FrozenDictionary<Guid, Person> value, CancellationToken cancellationToken) => new(value);

    public ValueTask<PriorityQueue<Person, DateTime>> PriorityQueuePersonDateTimeAsync(PriorityQueue<Person, DateTime> value, CancellationToken cancellationToken) => new(value);

    public ValueTask<ILookup<string, Person>> ILookupStringPersonAsync(ILookup<string, Person> value, CancellationToken cancellationToken) => new(value);

    public ValueTask<Int128[]> Int128ArrayAsync(Int128[] value, CancellationToken cancellationToken) => new(value);

    public ValueTask<Complex?[]> ComplexOrNullArrayAsync(Complex?[] value, CancellationToken cancellationToken) => new(value);

    public ValueTask<Version?[]> VersionOrNullArrayAsync(Version?[] value, CancellationToken cancellationToken) => new(value);

    public ValueTask<List<byte[]?>> ListByteArrayOrNullAsync(List<byte[]?> value, CancellationToken cancellationToken) => new(value);

    public ValueTask<IReadOnlyDictionary<string, IReadOnlyList<Person?>>> IReadOnlyDictionaryStringIReadOnlyListPersonOrNullAsync(IReadOnlyDictionary<string, IReadOnlyList<Person?>> value, CancellationToken cancellationToken) => new(value);

    public ValueTask<TolerantGraph> TolerantGraphAsync(TolerantGraph value, CancellationToken cancellationToken) => new(value);

    public ValueTask<ImmutableArray<Money?>> ImmutableArrayMoneyOrNullAsync(ImmutableArray<Money?> value, CancellationToken cancellationToken) => new(value);

    public ValueTask<Both<string?, Both<int, Person>>> BothStringOrNullBothIntPersonAsync(Both<string?, Both<int, Person>> value, CancellationToken cancellationToken) => new(value);

    public ValueTask<char?[]> CharOrNullArrayAsync(char?[] value, CancellationToken cancellationToken) => new(value);

    public ValueTask<StringBuilder?> StringBuilderOrNullAsync(StringBuilder? value, CancellationToken cancellationToken) => new(value);

    public ValueTask<AroundNothing[]> AroundNothingArrayAsync(AroundNothing[] value, CancellationToken cancellationToken) => new(value);

    public ValueTask<TimeZoneInfo.TransitionTime> TransitionTimeAsync(TimeZoneInfo.TransitionTime value, CancellationToken cancellationToken) => new(value);

    public ValueTask<TimeZoneInfo.TransitionTime?[]> ArrayTransitionTimeAsync(TimeZoneInfo.TransitionTime?[] value, CancellationToken cancellationToken) => new(value);

    public ValueTask<System.Data.SqlTypes.SqlInt32> SqlInt32Async(System.Data.SqlTypes.SqlInt32 value, CancellationToken cancellationToken) => new(value);

    public ValueTask<List<System.Data.SqlTypes.SqlBoolean>> ListSqlBooleanAsync(List<System.Data.SqlTypes.SqlBoolean> value, CancellationToken cancellationToken) => new(value);

    public ValueTask<System.Runtime.CompilerServices.InlineArray4<bool>> InlineBoolsAsync(System.Runtime.CompilerServices.InlineArray4<bool> value, CancellationToken cancellationToken) => new(value);

    public ValueTask<System.Text.Json.JsonReaderOptions> JsonReaderOptionsAsync(System.Text.Json.JsonReaderOptions value, CancellationToken cancellationToken) => new(value);

    public ValueTask<Captured> CapturedAsync(Captured value, CancellationToken cancellationToken) => new(value);

    public ValueTask<Captured[]> ArrayCapturedAsync(Captured[] value, CancellationToken cancellationToken) => new(value);

    public ValueTask<Dictionary<byte, Captured>> DictionaryByteCapturedAsync(Dictionary<byte, Captured> value, CancellationToken cancellationToken) => new(value);

    public ValueTask<Wrapped<int>> WrappedIntAsync(Wrapped<int> value, CancellationToken cancellationToken) => new(value);

    public ValueTask<List<Wrapped<bool>>> ListWrappedBoolAsync(List<Wrapped<bool>> value, CancellationToken cancellationToken) => new(value);

    public ValueTask<Wrapped<string>> WrappedStringAsync(Wrapped<string> value, CancellationToken cancellationToken) => new(value);

    public ValueTask<Wrapped<Wrapped<bool>>?> WrappedWrappedAsync(Wrapped<Wrapped<bool>>? value, CancellationToken cancellationToken) => new(value);

    public ValueTask<Dictionary<Wrapped<byte>, Wrapped<bool>>> DictionaryWrappedAsync(Dictionary<Wrapped<byte>, Wrapped<bool>> value, CancellationToken cancellationToken) => new(value);

    public ValueTask<List<Between<DateOnly>?>> BetweenDatesAsync(List<Between<DateOnly>?> value, CancellationToken cancellationToken) => new(value);

    public ValueTask<WrappedHolder> WrappedHolderAsync(WrappedHolder value, CancellationToken cancellationToken) => new(value);

    public ValueTask<List<WrappedHolder?>> ListWrappedHolderAsync(List<WrappedHolder?> value, CancellationToken cancellationToken) => new(value);

    public ValueTask<Placed> PlacedAsync(Placed value, CancellationToken cancellationToken) => new(value);

    public ValueTask<(Placed?, bool)> PlacedPairAsync((Placed?, bool) value, CancellationToken cancellationToken) => new(value);

    public ValueTask<Outside> OutsideAsync(Outside value, CancellationToken cancellationToken) => new(value);

    public ValueTask<List<Outside?>> ListOutsideAsync(List<Outside?> value, CancellationToken cancellationToken) => new(value);

    public ValueTask<Foreign> ForeignAsync(Foreign value, CancellationToken cancellationToken) => new(value);

    public ValueTask<Foreign[]> ArrayForeignAsync(Foreign[] value, CancellationToken cancellationToken) => new(value);

    public ValueTask<IWideUnion> WideUnionAsync(IWideUnion value, CancellationToken cancellationToken) => new(value);

    public ValueTask<List<IWideUnion?>> ListWideUnionAsync(List<IWideUnion?> value, CancellationToken cancellationToken) => new(value);

    public ValueTask<Lazy<Lazy<IWideUnion>>> LazyWideUnionAsync(Lazy<Lazy<IWideUnion>> value, CancellationToken cancellationToken) => new(value);

    public ValueTask<PairMap> PairMapAsync(PairMap value, CancellationToken cancellationToken) => new(value);

    public ValueTask<FrozenDictionary<(byte, bool), List<decimal>>> FrozenDictionaryPairAsync(FrozenDictionary<(byte, bool), List<decimal>> value, CancellationToken cancellationToken) => new(value);

    public ValueTask<IReadOnlySet<(bool, DateTime)>> ReadOnlySetPairAsync(IReadOnlySet<(bool, DateTime)> value, CancellationToken cancellationToken) => new(value);

    public ValueTask<IGrouping<DateOnly, Person?>> GroupingPersonAsync(IGrouping<DateOnly, Person?> value, CancellationToken cancellationToken) => new(value);

    public ValueTask<string?[,,,]> TextGridFourAsync(string?[,,,] value, CancellationToken cancellationToken) => new(value);

    public ValueTask<Half?[,]> HalfGridAsync(Half?[,] value, CancellationToken cancellationToken) => new(value);

    public ValueTask<Dictionary<string, Dictionary<string, Dictionary<string, bool>>>> MapOfMapsAsync(Dictionary<string, Dictionary<string, Dictionary<string, bool>>> value, CancellationToken cancellationToken) => new(value);

    public ValueTask<Dictionary<Version, BigInteger>> DictionaryVersionAsync(Dictionary<Version, BigInteger> value, CancellationToken cancellationToken) => new(value);

    public ValueTask<HashSet<Uri>> UriSetAsync(HashSet<Uri> value, CancellationToken cancellationToken) => new(value);
}
