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

/// <summary>A method for each type that a contract may have, and for the combinations in which they are written differently. Each returns what it was given.</summary>
[Alpn("hostile/1")]
public partial interface IHostile
{
    ValueTask<bool> BoolAsync(bool value, CancellationToken cancellationToken = default);

    ValueTask<sbyte> SbyteAsync(sbyte value, CancellationToken cancellationToken = default);

    ValueTask<byte> ByteAsync(byte value, CancellationToken cancellationToken = default);

    ValueTask<short> ShortAsync(short value, CancellationToken cancellationToken = default);

    ValueTask<ushort> UshortAsync(ushort value, CancellationToken cancellationToken = default);

    ValueTask<int> IntAsync(int value, CancellationToken cancellationToken = default);

    ValueTask<uint> UintAsync(uint value, CancellationToken cancellationToken = default);

    ValueTask<long> LongAsync(long value, CancellationToken cancellationToken = default);

    ValueTask<ulong> UlongAsync(ulong value, CancellationToken cancellationToken = default);

    ValueTask<float> FloatAsync(float value, CancellationToken cancellationToken = default);

    ValueTask<double> DoubleAsync(double value, CancellationToken cancellationToken = default);

    ValueTask<decimal> DecimalAsync(decimal value, CancellationToken cancellationToken = default);

    ValueTask<char> CharAsync(char value, CancellationToken cancellationToken = default);

    ValueTask<string> StringAsync(string value, CancellationToken cancellationToken = default);

    ValueTask<Half> HalfAsync(Half value, CancellationToken cancellationToken = default);

    ValueTask<Int128> Int128Async(Int128 value, CancellationToken cancellationToken = default);

    ValueTask<UInt128> UInt128Async(UInt128 value, CancellationToken cancellationToken = default);

    ValueTask<Guid> GuidAsync(Guid value, CancellationToken cancellationToken = default);

    ValueTask<DateTime> DateTimeAsync(DateTime value, CancellationToken cancellationToken = default);

    ValueTask<DateTimeOffset> DateTimeOffsetAsync(DateTimeOffset value, CancellationToken cancellationToken = default);

    ValueTask<DateOnly> DateOnlyAsync(DateOnly value, CancellationToken cancellationToken = default);

    ValueTask<TimeOnly> TimeOnlyAsync(TimeOnly value, CancellationToken cancellationToken = default);

    ValueTask<TimeSpan> TimeSpanAsync(TimeSpan value, CancellationToken cancellationToken = default);

    ValueTask<Rune> RuneAsync(Rune value, CancellationToken cancellationToken = default);

    ValueTask<Complex> ComplexAsync(Complex value, CancellationToken cancellationToken = default);

    ValueTask<Vector3> Vector3Async(Vector3 value, CancellationToken cancellationToken = default);

    ValueTask<Matrix4x4> Matrix4x4Async(Matrix4x4 value, CancellationToken cancellationToken = default);

    ValueTask<DayOfWeek> DayOfWeekAsync(DayOfWeek value, CancellationToken cancellationToken = default);

    ValueTask<Uri> UriAsync(Uri value, CancellationToken cancellationToken = default);

    ValueTask<Version> VersionAsync(Version value, CancellationToken cancellationToken = default);

    ValueTask<BigInteger> BigIntegerAsync(BigInteger value, CancellationToken cancellationToken = default);

    ValueTask<BitArray> BitArrayAsync(BitArray value, CancellationToken cancellationToken = default);

    ValueTask<TimeZoneInfo> TimeZoneInfoAsync(TimeZoneInfo value, CancellationToken cancellationToken = default);

    ValueTask<CultureInfo> CultureInfoAsync(CultureInfo value, CancellationToken cancellationToken = default);

    ValueTask<StringBuilder> StringBuilderAsync(StringBuilder value, CancellationToken cancellationToken = default);

    ValueTask<int?> IntOrNullAsync(int? value, CancellationToken cancellationToken = default);

    ValueTask<decimal?> DecimalOrNullAsync(decimal? value, CancellationToken cancellationToken = default);

    ValueTask<bool?> BoolOrNullAsync(bool? value, CancellationToken cancellationToken = default);

    ValueTask<DateTime?> DateTimeOrNullAsync(DateTime? value, CancellationToken cancellationToken = default);

    ValueTask<DayOfWeek?> DayOfWeekOrNullAsync(DayOfWeek? value, CancellationToken cancellationToken = default);

    ValueTask<Money?> MoneyOrNullAsync(Money? value, CancellationToken cancellationToken = default);

    ValueTask<Pair?> PairOrNullAsync(Pair? value, CancellationToken cancellationToken = default);

    ValueTask<Flags?> FlagsOrNullAsync(Flags? value, CancellationToken cancellationToken = default);

    ValueTask<(int, bool)?> TupleIntBoolOrNullAsync((int, bool)? value, CancellationToken cancellationToken = default);

    ValueTask<Guid?> GuidOrNullAsync(Guid? value, CancellationToken cancellationToken = default);

    ValueTask<byte[]> ByteArrayAsync(byte[] value, CancellationToken cancellationToken = default);

    ValueTask<int[]> IntArrayAsync(int[] value, CancellationToken cancellationToken = default);

    ValueTask<bool[]> BoolArrayAsync(bool[] value, CancellationToken cancellationToken = default);

    ValueTask<decimal[]> DecimalArrayAsync(decimal[] value, CancellationToken cancellationToken = default);

    ValueTask<string[]> StringArrayAsync(string[] value, CancellationToken cancellationToken = default);

    ValueTask<string?[]> StringOrNullArrayAsync(string?[] value, CancellationToken cancellationToken = default);

    ValueTask<DateTime[]> DateTimeArrayAsync(DateTime[] value, CancellationToken cancellationToken = default);

    ValueTask<Flags[]> FlagsArrayAsync(Flags[] value, CancellationToken cancellationToken = default);

    ValueTask<int?[]> IntOrNullArrayAsync(int?[] value, CancellationToken cancellationToken = default);

    ValueTask<Person[]> PersonArrayAsync(Person[] value, CancellationToken cancellationToken = default);

    ValueTask<Person?[]> PersonOrNullArrayAsync(Person?[] value, CancellationToken cancellationToken = default);

    ValueTask<int[][]> IntArrayArrayAsync(int[][] value, CancellationToken cancellationToken = default);

    ValueTask<string[][]> StringArrayArrayAsync(string[][] value, CancellationToken cancellationToken = default);

    ValueTask<Empty[]> EmptyArrayAsync(Empty[] value, CancellationToken cancellationToken = default);

    ValueTask<char[]> CharArrayAsync(char[] value, CancellationToken cancellationToken = default);

    ValueTask<Rune[]> RuneArrayAsync(Rune[] value, CancellationToken cancellationToken = default);

    ValueTask<Money[]> MoneyArrayAsync(Money[] value, CancellationToken cancellationToken = default);

    ValueTask<BigInteger[]> BigIntegerArrayAsync(BigInteger[] value, CancellationToken cancellationToken = default);

    ValueTask<BitArray[]> BitArrayArrayAsync(BitArray[] value, CancellationToken cancellationToken = default);

    ValueTask<int[,]> IntGridAsync(int[,] value, CancellationToken cancellationToken = default);

    ValueTask<string[,]> StringGridAsync(string[,] value, CancellationToken cancellationToken = default);

    ValueTask<bool[,]> BoolGridAsync(bool[,] value, CancellationToken cancellationToken = default);

    ValueTask<byte[,,]> ByteCubeAsync(byte[,,] value, CancellationToken cancellationToken = default);

    ValueTask<Person[,,,]> PersonTesseractAsync(Person[,,,] value, CancellationToken cancellationToken = default);

    ValueTask<decimal[,]> DecimalGridAsync(decimal[,] value, CancellationToken cancellationToken = default);

    ValueTask<List<int>> ListIntAsync(List<int> value, CancellationToken cancellationToken = default);

    ValueTask<List<string>> ListStringAsync(List<string> value, CancellationToken cancellationToken = default);

    ValueTask<List<string?>> ListStringOrNullAsync(List<string?> value, CancellationToken cancellationToken = default);

    ValueTask<List<Person>> ListPersonAsync(List<Person> value, CancellationToken cancellationToken = default);

    ValueTask<List<bool>> ListBoolAsync(List<bool> value, CancellationToken cancellationToken = default);

    ValueTask<List<List<int>>> ListListIntAsync(List<List<int>> value, CancellationToken cancellationToken = default);

    ValueTask<List<Money>> ListMoneyAsync(List<Money> value, CancellationToken cancellationToken = default);

    ValueTask<List<(int, string)>> ListIntStringAsync(List<(int, string)> value, CancellationToken cancellationToken = default);

    ValueTask<List<DateTime?>> ListDateTimeOrNullAsync(List<DateTime?> value, CancellationToken cancellationToken = default);

    ValueTask<List<Pair?>> ListPairOrNullAsync(List<Pair?> value, CancellationToken cancellationToken = default);

    ValueTask<LinkedList<byte>> LinkedListByteAsync(LinkedList<byte> value, CancellationToken cancellationToken = default);

    ValueTask<LinkedList<string>> LinkedListStringAsync(LinkedList<string> value, CancellationToken cancellationToken = default);

    ValueTask<Queue<int>> QueueIntAsync(Queue<int> value, CancellationToken cancellationToken = default);

    ValueTask<Queue<string>> QueueStringAsync(Queue<string> value, CancellationToken cancellationToken = default);

    ValueTask<Stack<int>> StackIntAsync(Stack<int> value, CancellationToken cancellationToken = default);

    ValueTask<Stack<string>> StackStringAsync(Stack<string> value, CancellationToken cancellationToken = default);

    ValueTask<HashSet<long>> HashSetLongAsync(HashSet<long> value, CancellationToken cancellationToken = default);

    ValueTask<HashSet<string>> HashSetStringAsync(HashSet<string> value, CancellationToken cancellationToken = default);

    ValueTask<HashSet<Guid>> HashSetGuidAsync(HashSet<Guid> value, CancellationToken cancellationToken = default);

    ValueTask<SortedSet<int>> SortedSetIntAsync(SortedSet<int> value, CancellationToken cancellationToken = default);

    ValueTask<SortedSet<string>> SortedSetStringAsync(SortedSet<string> value, CancellationToken cancellationToken = default);

    ValueTask<IEnumerable<int>> IEnumerableIntAsync(IEnumerable<int> value, CancellationToken cancellationToken = default);

    ValueTask<IEnumerable<string>> IEnumerableStringAsync(IEnumerable<string> value, CancellationToken cancellationToken = default);

    ValueTask<ICollection<int>> ICollectionIntAsync(ICollection<int> value, CancellationToken cancellationToken = default);

    ValueTask<IList<string>> IListStringAsync(IList<string> value, CancellationToken cancellationToken = default);

    ValueTask<IReadOnlyCollection<int>> IReadOnlyCollectionIntAsync(IReadOnlyCollection<int> value, CancellationToken cancellationToken = default);

    ValueTask<IReadOnlyList<Person>> IReadOnlyListPersonAsync(IReadOnlyList<Person> value, CancellationToken cancellationToken = default);

    ValueTask<ISet<long>> ISetLongAsync(ISet<long> value, CancellationToken cancellationToken = default);

    ValueTask<IReadOnlySet<int>> IReadOnlySetIntAsync(IReadOnlySet<int> value, CancellationToken cancellationToken = default);

    ValueTask<Collection<int>> CollectionIntAsync(Collection<int> value, CancellationToken cancellationToken = default);

    ValueTask<ObservableCollection<string>> ObservableCollectionStringAsync(ObservableCollection<string> value, CancellationToken cancellationToken = default);

    ValueTask<ReadOnlyCollection<int>> ReadOnlyCollectionIntAsync(ReadOnlyCollection<int> value, CancellationToken cancellationToken = default);

    ValueTask<ReadOnlyObservableCollection<string>> ReadOnlyObservableCollectionStringAsync(ReadOnlyObservableCollection<string> value, CancellationToken cancellationToken = default);

    ValueTask<BlockingCollection<int>> BlockingCollectionIntAsync(BlockingCollection<int> value, CancellationToken cancellationToken = default);

    ValueTask<ConcurrentBag<int>> ConcurrentBagIntAsync(ConcurrentBag<int> value, CancellationToken cancellationToken = default);

    ValueTask<ConcurrentQueue<string>> ConcurrentQueueStringAsync(ConcurrentQueue<string> value, CancellationToken cancellationToken = default);

    ValueTask<ConcurrentStack<int>> ConcurrentStackIntAsync(ConcurrentStack<int> value, CancellationToken cancellationToken = default);

    ValueTask<ImmutableArray<int>> ImmutableArrayIntAsync(ImmutableArray<int> value, CancellationToken cancellationToken = default);

    ValueTask<ImmutableArray<string>> ImmutableArrayStringAsync(ImmutableArray<string> value, CancellationToken cancellationToken = default);

    ValueTask<ImmutableList<byte>> ImmutableListByteAsync(ImmutableList<byte> value, CancellationToken cancellationToken = default);

    ValueTask<ImmutableList<string>> ImmutableListStringAsync(ImmutableList<string> value, CancellationToken cancellationToken = default);

    ValueTask<ImmutableQueue<int>> ImmutableQueueIntAsync(ImmutableQueue<int> value, CancellationToken cancellationToken = default);

    ValueTask<ImmutableStack<string>> ImmutableStackStringAsync(ImmutableStack<string> value, CancellationToken cancellationToken = default);

    ValueTask<ImmutableHashSet<long>> ImmutableHashSetLongAsync(ImmutableHashSet<long> value, CancellationToken cancellationToken = default);

    ValueTask<ImmutableSortedSet<int>> ImmutableSortedSetIntAsync(ImmutableSortedSet<int> value, CancellationToken cancellationToken = default);

    ValueTask<IImmutableList<int>> IImmutableListIntAsync(IImmutableList<int> value, CancellationToken cancellationToken = default);

    ValueTask<IImmutableQueue<string>> IImmutableQueueStringAsync(IImmutableQueue<string> value, CancellationToken cancellationToken = default);

    ValueTask<IImmutableStack<int>> IImmutableStackIntAsync(IImmutableStack<int> value, CancellationToken cancellationToken = default);

    ValueTask<IImmutableSet<long>> IImmutableSetLongAsync(IImmutableSet<long> value, CancellationToken cancellationToken = default);

    ValueTask<FrozenSet<long>> FrozenSetLongAsync(FrozenSet<long> value, CancellationToken cancellationToken = default);

    ValueTask<FrozenSet<string>> FrozenSetStringAsync(FrozenSet<string> value, CancellationToken cancellationToken = default);

    ValueTask<Dictionary<int, int>> DictionaryIntIntAsync(Dictionary<int, int> value, CancellationToken cancellationToken = default);

    ValueTask<Dictionary<long, string>> DictionaryLongStringAsync(Dictionary<long, string> value, CancellationToken cancellationToken = default);

    ValueTask<Dictionary<string, Person>> DictionaryStringPersonAsync(Dictionary<string, Person> value, CancellationToken cancellationToken = default);

    ValueTask<Dictionary<string, string>> DictionaryStringStringAsync(Dictionary<string, string> value, CancellationToken cancellationToken = default);

    ValueTask<Dictionary<Guid, bool>> DictionaryGuidBoolAsync(Dictionary<Guid, bool> value, CancellationToken cancellationToken = default);

    ValueTask<Dictionary<(long, long), int>> DictionaryLongLongIntAsync(Dictionary<(long, long), int> value, CancellationToken cancellationToken = default);

    ValueTask<Dictionary<Key, int>> DictionaryKeyIntAsync(Dictionary<Key, int> value, CancellationToken cancellationToken = default);

    ValueTask<Dictionary<DayOfWeek, decimal>> DictionaryDayOfWeekDecimalAsync(Dictionary<DayOfWeek, decimal> value, CancellationToken cancellationToken = default);

    ValueTask<Dictionary<double, int>> DictionaryDoubleIntAsync(Dictionary<double, int> value, CancellationToken cancellationToken = default);

    ValueTask<IDictionary<long, int>> IDictionaryLongIntAsync(IDictionary<long, int> value, CancellationToken cancellationToken = default);

    ValueTask<IReadOnlyDictionary<string, int>> IReadOnlyDictionaryStringIntAsync(IReadOnlyDictionary<string, int> value, CancellationToken cancellationToken = default);

    ValueTask<IReadOnlyDictionary<long, long>> IReadOnlyDictionaryLongLongAsync(IReadOnlyDictionary<long, long> value, CancellationToken cancellationToken = default);

    ValueTask<SortedDictionary<int, string>> SortedDictionaryIntStringAsync(SortedDictionary<int, string> value, CancellationToken cancellationToken = default);

    ValueTask<SortedList<long, int>> SortedListLongIntAsync(SortedList<long, int> value, CancellationToken cancellationToken = default);

    ValueTask<SortedList<string, string>> SortedListStringStringAsync(SortedList<string, string> value, CancellationToken cancellationToken = default);

    ValueTask<ConcurrentDictionary<long, int>> ConcurrentDictionaryLongIntAsync(ConcurrentDictionary<long, int> value, CancellationToken cancellationToken = default);

    ValueTask<ImmutableDictionary<long, int>> ImmutableDictionaryLongIntAsync(ImmutableDictionary<long, int> value, CancellationToken cancellationToken = default);

    ValueTask<ImmutableSortedDictionary<int, string>> ImmutableSortedDictionaryIntStringAsync(ImmutableSortedDictionary<int, string> value, CancellationToken cancellationToken = default);

    ValueTask<IImmutableDictionary<long, int>> IImmutableDictionaryLongIntAsync(IImmutableDictionary<long, int> value, CancellationToken cancellationToken = default);

    ValueTask<FrozenDictionary<long, int>> FrozenDictionaryLongIntAsync(FrozenDictionary<long, int> value, CancellationToken cancellationToken = default);

    ValueTask<FrozenDictionary<string, string>> FrozenDictionaryStringStringAsync(FrozenDictionary<string, string> value, CancellationToken cancellationToken = default);

    ValueTask<PriorityQueue<int, long>> PriorityQueueIntLongAsync(PriorityQueue<int, long> value, CancellationToken cancellationToken = default);

    ValueTask<PriorityQueue<string, int>> PriorityQueueStringIntAsync(PriorityQueue<string, int> value, CancellationToken cancellationToken = default);

    ValueTask<Lazy<int>> LazyIntAsync(Lazy<int> value, CancellationToken cancellationToken = default);

    ValueTask<Lazy<string>> LazyStringAsync(Lazy<string> value, CancellationToken cancellationToken = default);

    ValueTask<IGrouping<int, string>> IGroupingIntStringAsync(IGrouping<int, string> value, CancellationToken cancellationToken = default);

    ValueTask<ILookup<long, int>> ILookupLongIntAsync(ILookup<long, int> value, CancellationToken cancellationToken = default);

    ValueTask<KeyValuePair<int, bool>> KeyValuePairIntBoolAsync(KeyValuePair<int, bool> value, CancellationToken cancellationToken = default);

    ValueTask<KeyValuePair<string, int>> KeyValuePairStringIntAsync(KeyValuePair<string, int> value, CancellationToken cancellationToken = default);

    ValueTask<Memory<int>> MemoryIntAsync(Memory<int> value, CancellationToken cancellationToken = default);

    ValueTask<ReadOnlyMemory<byte>> ReadOnlyMemoryByteAsync(ReadOnlyMemory<byte> value, CancellationToken cancellationToken = default);

    ValueTask<ArraySegment<int>> ArraySegmentIntAsync(ArraySegment<int> value, CancellationToken cancellationToken = default);

    ValueTask<ReadOnlySequence<byte>> ReadOnlySequenceByteAsync(ReadOnlySequence<byte> value, CancellationToken cancellationToken = default);

    ValueTask<Memory<string>> MemoryStringAsync(Memory<string> value, CancellationToken cancellationToken = default);

    ValueTask<ReadOnlyMemory<Person>> ReadOnlyMemoryPersonAsync(ReadOnlyMemory<Person> value, CancellationToken cancellationToken = default);

    ValueTask<(int, bool)> TupleIntBoolAsync((int, bool) value, CancellationToken cancellationToken = default);

    ValueTask<(string, decimal)> TupleStringDecimalAsync((string, decimal) value, CancellationToken cancellationToken = default);

    ValueTask<(int, string, Person)> TupleIntStringPersonAsync((int, string, Person) value, CancellationToken cancellationToken = default);

    ValueTask<(int, int, int, int, int, int, int, int, bool)> TupleIntIntIntIntIntIntIntIntBoolAsync((int, int, int, int, int, int, int, int, bool) value, CancellationToken cancellationToken = default);

    ValueTask<(string, string, string, string, string, string, string, string)> TupleStringStringStringStringStringStringStringStringAsync((string, string, string, string, string, string, string, string) value, CancellationToken cancellationToken = default);

    ValueTask<Tuple<int>> TupleIntAsync(Tuple<int> value, CancellationToken cancellationToken = default);

    ValueTask<Tuple<string, bool>> TupleStringBoolAsync(Tuple<string, bool> value, CancellationToken cancellationToken = default);

    ValueTask<Tuple<int, int, int, int, int, int, int, Tuple<string>>> TupleIntIntIntIntIntIntIntTupleStringAsync(Tuple<int, int, int, int, int, int, int, Tuple<string>> value, CancellationToken cancellationToken = default);

    ValueTask<Empty> EmptyAsync(Empty value, CancellationToken cancellationToken = default);

    ValueTask<Person> PersonAsync(Person value, CancellationToken cancellationToken = default);

    ValueTask<Order> OrderAsync(Order value, CancellationToken cancellationToken = default);

    ValueTask<Money> MoneyAsync(Money value, CancellationToken cancellationToken = default);

    ValueTask<Pair> PairAsync(Pair value, CancellationToken cancellationToken = default);

    ValueTask<Flags> FlagsAsync(Flags value, CancellationToken cancellationToken = default);

    ValueTask<Wide> WideAsync(Wide value, CancellationToken cancellationToken = default);

    ValueTask<Packed> PackedAsync(Packed value, CancellationToken cancellationToken = default);

    ValueTask<Overlap> OverlapAsync(Overlap value, CancellationToken cancellationToken = default);

    ValueTask<Buffers> BuffersAsync(Buffers value, CancellationToken cancellationToken = default);

    ValueTask<Numbers> NumbersAsync(Numbers value, CancellationToken cancellationToken = default);

    ValueTask<Node> NodeAsync(Node value, CancellationToken cancellationToken = default);

    ValueTask<Tree> TreeAsync(Tree value, CancellationToken cancellationToken = default);

    ValueTask<Tolerant> TolerantAsync(Tolerant value, CancellationToken cancellationToken = default);

    ValueTask<TolerantTree> TolerantTreeAsync(TolerantTree value, CancellationToken cancellationToken = default);

    ValueTask<TolerantPoint> TolerantPointAsync(TolerantPoint value, CancellationToken cancellationToken = default);

    ValueTask<Graph> GraphAsync(Graph value, CancellationToken cancellationToken = default);

    ValueTask<IShape> IShapeAsync(IShape value, CancellationToken cancellationToken = default);

    ValueTask<Box<int>> BoxIntAsync(Box<int> value, CancellationToken cancellationToken = default);

    ValueTask<Box<string>> BoxStringAsync(Box<string> value, CancellationToken cancellationToken = default);

    ValueTask<Box<Person>> BoxPersonAsync(Box<Person> value, CancellationToken cancellationToken = default);

    ValueTask<Shelf> ShelfAsync(Shelf value, CancellationToken cancellationToken = default);

    ValueTask<Balances> BalancesAsync(Balances value, CancellationToken cancellationToken = default);

    ValueTask<Accounts> AccountsAsync(Accounts value, CancellationToken cancellationToken = default);

    ValueTask<Ids> IdsAsync(Ids value, CancellationToken cancellationToken = default);

    ValueTask<Annotated> AnnotatedAsync(Annotated value, CancellationToken cancellationToken = default);

    ValueTask<Secret> SecretAsync(Secret value, CancellationToken cancellationToken = default);

    ValueTask<Outer> OuterAsync(Outer value, CancellationToken cancellationToken = default);

    ValueTask<Temperature> TemperatureAsync(Temperature value, CancellationToken cancellationToken = default);

    ValueTask<Members[]> MembersArrayAsync(Members[] value, CancellationToken cancellationToken = default);

    ValueTask<List<Tree>> ListTreeAsync(List<Tree> value, CancellationToken cancellationToken = default);

    ValueTask<List<Tolerant>> ListTolerantAsync(List<Tolerant> value, CancellationToken cancellationToken = default);

    ValueTask<List<Graph>> ListGraphAsync(List<Graph> value, CancellationToken cancellationToken = default);

    ValueTask<List<IShape>> ListIShapeAsync(List<IShape> value, CancellationToken cancellationToken = default);

    ValueTask<Dictionary<string, List<Tree>>> DictionaryStringListTreeAsync(Dictionary<string, List<Tree>> value, CancellationToken cancellationToken = default);

    ValueTask<IReadOnlyList<Tolerant>> IReadOnlyListTolerantAsync(IReadOnlyList<Tolerant> value, CancellationToken cancellationToken = default);

    ValueTask<Dictionary<int, IShape>> DictionaryIntIShapeAsync(Dictionary<int, IShape> value, CancellationToken cancellationToken = default);

    ValueTask<Node[]> NodeArrayAsync(Node[] value, CancellationToken cancellationToken = default);

    ValueTask<Graph[]> GraphArrayAsync(Graph[] value, CancellationToken cancellationToken = default);

    ValueTask<ConcurrentQueue<int>[]> ConcurrentQueueIntArrayAsync(ConcurrentQueue<int>[] value, CancellationToken cancellationToken = default);

    ValueTask<ConcurrentDictionary<int, int>[]> ConcurrentDictionaryIntIntArrayAsync(ConcurrentDictionary<int, int>[] value, CancellationToken cancellationToken = default);

    ValueTask<HashSet<int>[]> HashSetIntArrayAsync(HashSet<int>[] value, CancellationToken cancellationToken = default);

    ValueTask<BlockingCollection<byte>[]> BlockingCollectionByteArrayAsync(BlockingCollection<byte>[] value, CancellationToken cancellationToken = default);

    ValueTask<Lazy<bool>[]> LazyBoolArrayAsync(Lazy<bool>[] value, CancellationToken cancellationToken = default);

    ValueTask<Uri[]> UriArrayAsync(Uri[] value, CancellationToken cancellationToken = default);

    ValueTask<Version[]> VersionArrayAsync(Version[] value, CancellationToken cancellationToken = default);

    ValueTask<StringBuilder[]> StringBuilderArrayAsync(StringBuilder[] value, CancellationToken cancellationToken = default);

    ValueTask<Wide?[]> WideOrNullArrayAsync(Wide?[] value, CancellationToken cancellationToken = default);

    ValueTask<Wide[]> WideArrayAsync(Wide[] value, CancellationToken cancellationToken = default);

    ValueTask<Holder?[]> HolderOrNullArrayAsync(Holder?[] value, CancellationToken cancellationToken = default);

    ValueTask<Narrow> NarrowAsync(Narrow value, CancellationToken cancellationToken = default);

    ValueTask<Narrow?> NarrowOrNullAsync(Narrow? value, CancellationToken cancellationToken = default);

    ValueTask<Narrow[]> NarrowArrayAsync(Narrow[] value, CancellationToken cancellationToken = default);

    ValueTask<(Narrow?, string?)> TupleNarrowOrNullStringOrNullAsync((Narrow?, string?) value, CancellationToken cancellationToken = default);

    ValueTask<Box<Box<List<int?>>>> BoxBoxListIntOrNullAsync(Box<Box<List<int?>>> value, CancellationToken cancellationToken = default);

    ValueTask<Box<IShape?>> BoxIShapeOrNullAsync(Box<IShape?> value, CancellationToken cancellationToken = default);

    ValueTask<Dictionary<string, IShape?>> DictionaryStringIShapeOrNullAsync(Dictionary<string, IShape?> value, CancellationToken cancellationToken = default);

    ValueTask<Memory<IShape>> MemoryIShapeAsync(Memory<IShape> value, CancellationToken cancellationToken = default);

    ValueTask<ReadOnlySequence<Narrow>> ReadOnlySequenceNarrowAsync(ReadOnlySequence<Narrow> value, CancellationToken cancellationToken = default);

    ValueTask<List<(Money?, bool?)>> ListTupleMoneyOrNullBoolOrNullAsync(List<(Money?, bool?)> value, CancellationToken cancellationToken = default);

    ValueTask<Tolerant?[]> TolerantOrNullArrayAsync(Tolerant?[] value, CancellationToken cancellationToken = default);

    ValueTask<Required> RequiredAsync(Required value, CancellationToken cancellationToken = default);

    ValueTask<Required[]> RequiredArrayAsync(Required[] value, CancellationToken cancellationToken = default);

    ValueTask<Small[]> SmallArrayAsync(Small[] value, CancellationToken cancellationToken = default);

    ValueTask<Huge> HugeAsync(Huge value, CancellationToken cancellationToken = default);

    ValueTask<Dictionary<Small, Huge?>> DictionarySmallHugeOrNullAsync(Dictionary<Small, Huge?> value, CancellationToken cancellationToken = default);

    ValueTask<Dictionary<Rune, Half?>> DictionaryRuneHalfOrNullAsync(Dictionary<Rune, Half?> value, CancellationToken cancellationToken = default);

    ValueTask<HashSet<DateTimeOffset>> HashSetDateTimeOffsetAsync(HashSet<DateTimeOffset> value, CancellationToken cancellationToken = default);

    ValueTask<KeyValuePair<Narrow, bool>[]> KeyValuePairNarrowBoolArrayAsync(KeyValuePair<Narrow, bool>[] value, CancellationToken cancellationToken = default);

    ValueTask<Lazy<List<IShape>>> LazyListIShapeAsync(Lazy<List<IShape>> value, CancellationToken cancellationToken = default);

    ValueTask<Tuple<Graph, Graph?>> TupleGraphGraphOrNullAsync(Tuple<Graph, Graph?> value, CancellationToken cancellationToken = default);

    ValueTask<ConcurrentDictionary<string, Tree>> ConcurrentDictionaryStringTreeAsync(ConcurrentDictionary<string, Tree> value, CancellationToken cancellationToken = default);

    ValueTask<ImmutableSortedDictionary<DateOnly, Uri>> ImmutableSortedDictionaryDateOnlyUriAsync(ImmutableSortedDictionary<DateOnly, Uri> value, CancellationToken cancellationToken = default);

    ValueTask<FrozenDictionary<Guid, Person>> FrozenDictionaryGuidPersonAsync(FrozenDictionary<Guid, Person> value, CancellationToken cancellationToken = default);

    ValueTask<PriorityQueue<Person, DateTime>> PriorityQueuePersonDateTimeAsync(PriorityQueue<Person, DateTime> value, CancellationToken cancellationToken = default);

    ValueTask<ILookup<string, Person>> ILookupStringPersonAsync(ILookup<string, Person> value, CancellationToken cancellationToken = default);

    ValueTask<Int128[]> Int128ArrayAsync(Int128[] value, CancellationToken cancellationToken = default);

    ValueTask<Complex?[]> ComplexOrNullArrayAsync(Complex?[] value, CancellationToken cancellationToken = default);

    ValueTask<Version?[]> VersionOrNullArrayAsync(Version?[] value, CancellationToken cancellationToken = default);

    ValueTask<List<byte[]?>> ListByteArrayOrNullAsync(List<byte[]?> value, CancellationToken cancellationToken = default);

    ValueTask<IReadOnlyDictionary<string, IReadOnlyList<Person?>>> IReadOnlyDictionaryStringIReadOnlyListPersonOrNullAsync(IReadOnlyDictionary<string, IReadOnlyList<Person?>> value, CancellationToken cancellationToken = default);

    ValueTask<TolerantGraph> TolerantGraphAsync(TolerantGraph value, CancellationToken cancellationToken = default);

    ValueTask<ImmutableArray<Money?>> ImmutableArrayMoneyOrNullAsync(ImmutableArray<Money?> value, CancellationToken cancellationToken = default);

    ValueTask<Both<string?, Both<int, Person>>> BothStringOrNullBothIntPersonAsync(Both<string?, Both<int, Person>> value, CancellationToken cancellationToken = default);

    ValueTask<char?[]> CharOrNullArrayAsync(char?[] value, CancellationToken cancellationToken = default);

    ValueTask<StringBuilder?> StringBuilderOrNullAsync(StringBuilder? value, CancellationToken cancellationToken = default);

    ValueTask<AroundNothing[]> AroundNothingArrayAsync(AroundNothing[] value, CancellationToken cancellationToken = default);

    ValueTask<TimeZoneInfo.TransitionTime> TransitionTimeAsync(TimeZoneInfo.TransitionTime value, CancellationToken cancellationToken = default);

    ValueTask<TimeZoneInfo.TransitionTime?[]> ArrayTransitionTimeAsync(TimeZoneInfo.TransitionTime?[] value, CancellationToken cancellationToken = default);

    ValueTask<System.Data.SqlTypes.SqlInt32> SqlInt32Async(System.Data.SqlTypes.SqlInt32 value, CancellationToken cancellationToken = default);

    ValueTask<List<System.Data.SqlTypes.SqlBoolean>> ListSqlBooleanAsync(List<System.Data.SqlTypes.SqlBoolean> value, CancellationToken cancellationToken = default);

    ValueTask<System.Runtime.CompilerServices.InlineArray4<bool>> InlineBoolsAsync(System.Runtime.CompilerServices.InlineArray4<bool> value, CancellationToken cancellationToken = default);

    ValueTask<System.Text.Json.JsonReaderOptions> JsonReaderOptionsAsync(System.Text.Json.JsonReaderOptions value, CancellationToken cancellationToken = default);

    ValueTask<Captured> CapturedAsync(Captured value, CancellationToken cancellationToken = default);

    ValueTask<Captured[]> ArrayCapturedAsync(Captured[] value, CancellationToken cancellationToken = default);

    ValueTask<Dictionary<byte, Captured>> DictionaryByteCapturedAsync(Dictionary<byte, Captured> value, CancellationToken cancellationToken = default);

    ValueTask<Wrapped<int>> WrappedIntAsync(Wrapped<int> value, CancellationToken cancellationToken = default);

    ValueTask<List<Wrapped<bool>>> ListWrappedBoolAsync(List<Wrapped<bool>> value, CancellationToken cancellationToken = default);

    ValueTask<Wrapped<string>> WrappedStringAsync(Wrapped<string> value, CancellationToken cancellationToken = default);

    ValueTask<Wrapped<Wrapped<bool>>?> WrappedWrappedAsync(Wrapped<Wrapped<bool>>? value, CancellationToken cancellationToken = default);

    ValueTask<Dictionary<Wrapped<byte>, Wrapped<bool>>> DictionaryWrappedAsync(Dictionary<Wrapped<byte>, Wrapped<bool>> value, CancellationToken cancellationToken = default);

    ValueTask<List<Between<DateOnly>?>> BetweenDatesAsync(List<Between<DateOnly>?> value, CancellationToken cancellationToken = default);

    ValueTask<WrappedHolder> WrappedHolderAsync(WrappedHolder value, CancellationToken cancellationToken = default);

    ValueTask<List<WrappedHolder?>> ListWrappedHolderAsync(List<WrappedHolder?> value, CancellationToken cancellationToken = default);

    ValueTask<Placed> PlacedAsync(Placed value, CancellationToken cancellationToken = default);

    ValueTask<(Placed?, bool)> PlacedPairAsync((Placed?, bool) value, CancellationToken cancellationToken = default);

    ValueTask<Outside> OutsideAsync(Outside value, CancellationToken cancellationToken = default);

    ValueTask<List<Outside?>> ListOutsideAsync(List<Outside?> value, CancellationToken cancellationToken = default);

    ValueTask<Foreign> ForeignAsync(Foreign value, CancellationToken cancellationToken = default);

    ValueTask<Foreign[]> ArrayForeignAsync(Foreign[] value, CancellationToken cancellationToken = default);

    ValueTask<IWideUnion> WideUnionAsync(IWideUnion value, CancellationToken cancellationToken = default);

    ValueTask<List<IWideUnion?>> ListWideUnionAsync(List<IWideUnion?> value, CancellationToken cancellationToken = default);

    ValueTask<Lazy<Lazy<IWideUnion>>> LazyWideUnionAsync(Lazy<Lazy<IWideUnion>> value, CancellationToken cancellationToken = default);

    ValueTask<PairMap> PairMapAsync(PairMap value, CancellationToken cancellationToken = default);

    ValueTask<FrozenDictionary<(byte, bool), List<decimal>>> FrozenDictionaryPairAsync(FrozenDictionary<(byte, bool), List<decimal>> value, CancellationToken cancellationToken = default);

    ValueTask<IReadOnlySet<(bool, DateTime)>> ReadOnlySetPairAsync(IReadOnlySet<(bool, DateTime)> value, CancellationToken cancellationToken = default);

    ValueTask<IGrouping<DateOnly, Person?>> GroupingPersonAsync(IGrouping<DateOnly, Person?> value, CancellationToken cancellationToken = default);

    ValueTask<string?[,,,]> TextGridFourAsync(string?[,,,] value, CancellationToken cancellationToken = default);

    ValueTask<Half?[,]> HalfGridAsync(Half?[,] value, CancellationToken cancellationToken = default);

    ValueTask<Dictionary<string, Dictionary<string, Dictionary<string, bool>>>> MapOfMapsAsync(Dictionary<string, Dictionary<string, Dictionary<string, bool>>> value, CancellationToken cancellationToken = default);

    ValueTask<Dictionary<Version, BigInteger>> DictionaryVersionAsync(Dictionary<Version, BigInteger> value, CancellationToken cancellationToken = default);

    ValueTask<HashSet<Uri>> UriSetAsync(HashSet<Uri> value, CancellationToken cancellationToken = default);
}
