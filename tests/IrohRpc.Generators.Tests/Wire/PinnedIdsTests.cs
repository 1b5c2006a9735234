using IrohRpc.Generators.Tests.Compiling;
using Microsoft.CodeAnalysis;

namespace IrohRpc.Generators.Tests.Wire;

/// <summary>
/// Ids are a promise to peers that are out there: those of Wire/PinnedIds.txt were recorded before metadata, inline arrays and wire names of types counted,
/// and stay.
/// </summary>
public class PinnedIdsTests
{
    private const string Contract = """
        using System.Buffers; using System.Collections; using System.Collections.Concurrent; using System.Collections.Frozen;
        using System.Collections.Immutable; using System.Collections.ObjectModel; using System.Globalization;
        using System.Numerics; using System.Runtime.InteropServices; using System.Text;
        namespace Pinned;

        public enum Level : byte { Low = 1, High = 200 }
        [Flags] public enum Wide : ulong { None, All = ulong.MaxValue }
        public struct Raw { public int X; private readonly byte _y; public Level Z { get; set; } public int Y => _y; }
        [StructLayout(LayoutKind.Sequential, Pack = 1)] public struct Packed { public byte A; public long B; }
        [StructLayout(LayoutKind.Sequential, Size = 32)] public struct Sized { public byte A; }
        [StructLayout(LayoutKind.Auto)] public struct Loose { public byte A; public long B; public byte C; }
        [StructLayout(LayoutKind.Explicit)] public struct Explicit { [FieldOffset(4)] public int A; [FieldOffset(0)] public int B; }
        public unsafe struct Buffer { public fixed byte Data[16]; public int Length; }
        public struct Empty;
        public struct Cell<T> where T : unmanaged { public T Value; public int Row; }
        public readonly record struct Spot(int X, double Y);

        [MemoryPackable] public partial record Person(string Name, int? Age, Person? Friend) { public string? Note { get; set; } }
        [MemoryPackable] public partial record struct Tag(string Key, string? Value);
        [MemoryPackable] public partial class Mixed { public string? A { get; set; } public int B; public string? C { get; init; } [MemoryPackInclude] private long _d; [MemoryPackIgnore] public int E; public long D() => _d; }
        [MemoryPackable] public partial class Animal { public string? Name { get; set; } }
        [MemoryPackable] public partial class Cat : Animal { public int Lives; public bool Indoors { get; set; } }
        [MemoryPackable] public partial class Box<T> { public T? Value { get; set; } public Box<List<T>>? Unused() => null; }
        [MemoryPackable] public partial record Pair<L, R>(L Left, R Right);
        [MemoryPackable(SerializeLayout.Explicit)] public partial class Ordered { [MemoryPackOrder(1)] public int X; [MemoryPackOrder(0)] public string? Y { get; set; } }
        [MemoryPackable(GenerateType.VersionTolerant)] public partial class Growing { [MemoryPackOrder(0)] public int A { get; set; } [MemoryPackOrder(2)] public Person? B { get; set; } }
        [MemoryPackable(GenerateType.CircularReference)] public partial class Node { [MemoryPackOrder(0)] public Node? Next { get; set; } [MemoryPackOrder(1)] public List<Node>? All { get; set; } }
        [MemoryPackable(GenerateType.Collection)] public partial class Names : List<string>;
        [MemoryPackable(GenerateType.Collection)] public partial class Ages : Dictionary<string, int>;
        [MemoryPackable, MemoryPackUnion(0, typeof(Disc)), MemoryPackUnion(300, typeof(Square))] public partial interface IShape;
        [MemoryPackable] public partial record Disc(double Radius) : IShape;
        [MemoryPackable] public partial record Square(double Side, IShape? Inner) : IShape;
        [MemoryPackable, MemoryPackUnion(1, typeof(Leaf))] public abstract partial class Tree;
        [MemoryPackable] public partial class Leaf : Tree { public int Size { get; set; } }
        [MemoryPackable] public partial struct RawPackable { [MemoryPackIgnore] public int Ignored; public int X; }
        public static partial class Outer { [MemoryPackable] public partial record Person(int Id); public struct Inner { public short S; } }

        [Alpn("pinned/2"), Alpn("pinned/1")]
        public partial interface IPinned
        {
            Task<int> NumbersAsync(bool a, sbyte b, byte c, short d, ushort e, int f, uint g, long h, ulong i, float j, double k, decimal l, char m, CancellationToken t);
            Task Framework(Guid a, DateTime b, DateTimeOffset c, DateOnly d, TimeOnly e, TimeSpan f, Half g, Int128 h, UInt128 i, Rune j, Complex k, Plane l, Quaternion m, Matrix3x2 n, Matrix4x4 o, Vector2 p, Vector3 q, Vector4 r, Index s, Range u, DayOfWeek v, System.Drawing.Point w, CancellationToken t);
            Task References(string a, Uri b, Version c, StringBuilder d, string? e, CultureInfo f, TimeZoneInfo g, BitArray h, BigInteger i, CancellationToken t);
            Task Lists(int[] a, List<string> b, IEnumerable<int?> c, HashSet<Level> d, ImmutableArray<Person> e, Memory<byte> f, ReadOnlySequence<byte> g, Queue<int> h, Stack<int> i, FrozenSet<string> j, ReadOnlyCollection<long> k, ConcurrentBag<int> l, int[][] m, int[,] n, string[,,] o, CancellationToken t);
            Task Maps(Dictionary<string, int> a, IReadOnlyDictionary<int, List<Person>> b, SortedList<string, Raw> c, ConcurrentDictionary<Guid, Level> d, ImmutableSortedDictionary<string, int> e, FrozenDictionary<string, int> f, CancellationToken t);
            Task Others((int A, string B) a, Tuple<int, string> b, KeyValuePair<byte, long> c, PriorityQueue<string, int> d, Lazy<int> e, ILookup<int, string> f, IGrouping<int, string> g, int? h, (int, int, int, int, int, int, int, string) i, CancellationToken t);
            Task Structs(Raw a, Packed b, Sized c, Loose d, Explicit e, Buffer f, Empty g, Cell<int> h, Cell<Cell<Level>> i, Spot j, Raw? k, Outer.Inner l, Wide m, CancellationToken t);
            Task Objects(Person a, Tag b, Mixed c, Cat d, Box<int> e, Box<Box<string>> f, Pair<Person, Outer.Person> g, Ordered h, RawPackable i, Tag? j, Outer.Person k, CancellationToken t);
            Task<Growing> Special(Growing a, Node b, Names c, Ages d, IShape e, Tree f, CancellationToken t);
            [Since("pinned/2")] IAsyncEnumerable<Person> StreamAsync(IAsyncEnumerable<Raw> a, IProgress<double> b, IPinned c, CancellationToken t);
            Task<Stream> BytesAsync(Stream a, CallContext c, CancellationToken t);
            Task<PipeWriter> BytesBackAsync(PipeWriter a, CancellationToken t);
            [WireName("notify")] void Notify(string text);
            [Fault<Person>, Fault<Level>] ValueTask<IPinned?> FaultyAsync(CancellationToken t);
        }
        """;

    private static readonly string Path = System.IO.Path.Combine(References.ProjectProperty("ProjectDirectory"), "Wire", "PinnedIds.txt");

    [Fact]
    public async Task Ids_and_records_are_as_they_were()
    {
        INamedTypeSymbol contract = ContractProject.Compile(ContractProject.Usings + Contract).GetTypeByMetadataName("Pinned.IPinned")!;
        string text = ShippedWriter.Write(DescribedVersion.Of(contract, TestContext.Current.CancellationToken).Select(version => version.Version));
        Assert.Equal(await File.ReadAllTextAsync(Path, TestContext.Current.CancellationToken), text);
    }
}
