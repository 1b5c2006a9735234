using System.Buffers;
using System.Collections;
using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Collections.ObjectModel;
using System.Globalization;
using System.Numerics;
using System.Text;
using IrohRpc.CompilerServices;
using IrohRpc.Generators.Tests.Compiling;
using IrohRpc.Generators.Tests.Wire.Values;
using MemoryPack;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace IrohRpc.Generators.Tests.Wire;

/// <summary>
/// What the generator says of a type, without running it, is what MemoryPack does with it: it serializes where a description is given, and fails
/// where none is.
/// </summary>
public class MemoryPackAgreementTests
{
    private static readonly ImmutableArray<Sample> Samples =
    [
        Sample.Of("int", "i32", 1), Sample.Of("char", "char", 'x'), Sample.Of("bool", "bool", true),
        Sample.Of("decimal", "decimal", 1m), Sample.Of("string", "string", "x"), Sample.Of("Guid", "guid", Guid.Empty),
        Sample.Of("DateTime", "datetime", default(DateTime)), Sample.Of("DateTimeOffset", "datetimeoffset", default(DateTimeOffset)),
        Sample.Of("DateOnly", "dateonly", default(DateOnly)), Sample.Of("TimeOnly", "timeonly", default(TimeOnly)),
        Sample.Of("TimeSpan", "timespan", default(TimeSpan)), Sample.Of("Half", "f16", (Half)1), Sample.Of("Int128", "i128", (Int128)1),
        Sample.Of("Rune", "rune", new Rune('x')), Sample.Of("BigInteger", "bigint", BigInteger.One), Sample.Of("Complex", "complex", Complex.One),
        Sample.Of("Vector3", "vector3", Vector3.One), Sample.Of("Uri", "uri", new Uri("http://localhost/")), Sample.Of("Version", "version", new Version(1, 2)),
        Sample.Of("TimeZoneInfo", "timezone", TimeZoneInfo.Utc), Sample.Of("CultureInfo", "culture", CultureInfo.InvariantCulture),
        Sample.Of("StringBuilder", "stringbuilder", new StringBuilder("x")), Sample.Of("BitArray", "bits", new BitArray(3)),
        Sample.Of("Range", "System.Range()", default(Range)),
        Sample.Of("DayOfWeek", "System.DayOfWeek()", DayOfWeek.Friday),

        Sample.Of("int?", "opt<i32>", (int?)1), Sample.Of("Textual?", null, (Textual?)new Textual()),
        Sample.Of("TextualPackable?", "opt<TextualPackable{Text:string}>", (TextualPackable?)new TextualPackable()),

        Sample.Of("int[]", "list<i32>", new[] { 1 }), Sample.Of("string[][]", "list<list<string>>", new[] { new[] { "x" } }),
        Sample.Of("int[,]", "array2<i32>", new int[1, 1]), Sample.Of("string[,,,]", "array4<string>", new string[1, 1, 1, 1]),
        Sample.Of("int[,,,,]", null, new int[1, 1, 1, 1, 1]),
        Sample.Of("Memory<byte>", "list<u8>", new Memory<byte>([1])), Sample.Of("ReadOnlyMemory<byte>", "list<u8>", new ReadOnlyMemory<byte>([1])),
        Sample.Of("ArraySegment<int>", "list<i32>", new ArraySegment<int>([1])),
        Sample.Of("ReadOnlySequence<byte>", "list<u8>", new ReadOnlySequence<byte>([1])),

        Sample.Of("(int, string)", "tuple<i32,string>", (1, "x")), Sample.Of("(byte, long)", "tuple<u8,i64>", ((byte)1, 2L)),
        Sample.Of("ValueTuple<int>", "tuple<i32>", new ValueTuple<int>(1)),
        Sample.Of("(int, int, int, int, int, int, int, string)", "tuple<i32,i32,i32,i32,i32,i32,i32,string>", (1, 2, 3, 4, 5, 6, 7, "x")),
        Sample.Of("Tuple<int, string>", "tupleobject<i32,string>", Tuple.Create(1, "x")),
        Sample.Of("Tuple<int, int, int, int, int, int, int, Tuple<int>>", "tupleobject<i32,i32,i32,i32,i32,i32,i32,tupleobject<i32>>", Tuple.Create(1, 2, 3, 4, 5, 6, 7, 8)),
        Sample.Of("KeyValuePair<byte, long>", "pair<u8,i64>", KeyValuePair.Create((byte)1, 2L)),

        Sample.Of("List<int>", "list<i32>", new List<int> { 1 }), Sample.Of("LinkedList<int>", "list<i32>", new LinkedList<int>([1])),
        Sample.Of("Queue<int>", "list<i32>", new Queue<int>([1])), Sample.Of("Stack<int>", "list<i32>", new Stack<int>([1])),
        Sample.Of("HashSet<int>", "list<i32>", new HashSet<int> { 1 }), Sample.Of("SortedSet<int>", "list<i32>", new SortedSet<int> { 1 }),
        Sample.Of<IEnumerable<int>>("IEnumerable<int>", "list<i32>", [1]), Sample.Of<ICollection<int>>("ICollection<int>", "list<i32>", [1]),
        Sample.Of<IReadOnlyCollection<int>>("IReadOnlyCollection<int>", "list<i32>", [1]), Sample.Of<IList<int>>("IList<int>", "list<i32>", [1]),
        Sample.Of<IReadOnlyList<int>>("IReadOnlyList<int>", "list<i32>", [1]), Sample.Of<ISet<int>>("ISet<int>", "list<i32>", new HashSet<int> { 1 }),
        Sample.Of<IReadOnlySet<int>>("IReadOnlySet<int>", "list<i32>", new HashSet<int> { 1 }),
        Sample.Of("Collection<int>", "list<i32>", new Collection<int> { 1 }),
        Sample.Of("ObservableCollection<int>", "list<i32>", new ObservableCollection<int> { 1 }),
        Sample.Of("ReadOnlyCollection<int>", "list<i32>", new ReadOnlyCollection<int>([1])),
        Sample.Of("ReadOnlyObservableCollection<int>", "list<i32>", new ReadOnlyObservableCollection<int>([])),
        Sample.Of("BlockingCollection<int>", "list<i32>", new BlockingCollection<int>()), Sample.Of("ConcurrentBag<int>", "list<i32>", new ConcurrentBag<int>()),
        Sample.Of("ConcurrentQueue<int>", "list<i32>", new ConcurrentQueue<int>()), Sample.Of("ConcurrentStack<int>", "list<i32>", new ConcurrentStack<int>()),
        Sample.Of("ImmutableArray<int>", "list<i32>", ImmutableArray.Create(1)), Sample.Of("ImmutableList<int>", "list<i32>", ImmutableList.Create(1)),
        Sample.Of("ImmutableQueue<int>", "list<i32>", ImmutableQueue.Create(1)), Sample.Of("ImmutableStack<int>", "list<i32>", ImmutableStack.Create(1)),
        Sample.Of("ImmutableHashSet<int>", "list<i32>", ImmutableHashSet.Create(1)), Sample.Of("ImmutableSortedSet<int>", "list<i32>", ImmutableSortedSet.Create(1)),
        Sample.Of<IImmutableList<int>>("IImmutableList<int>", "list<i32>", ImmutableList.Create(1)),
        Sample.Of<IImmutableSet<int>>("IImmutableSet<int>", "list<i32>", ImmutableHashSet.Create(1)),
        Sample.Of("FrozenSet<int>", "list<i32>", FrozenSet.ToFrozenSet([1])), Sample.Of("PlainList", null, new PlainList { 1 }),

        Sample.Of("Dictionary<string, int>", "map<string,i32>", new Dictionary<string, int> { ["x"] = 1 }),
        Sample.Of("SortedDictionary<string, int>", "map<string,i32>", new SortedDictionary<string, int> { ["x"] = 1 }),
        Sample.Of("SortedList<string, int>", "map<string,i32>", new SortedList<string, int> { ["x"] = 1 }),
        Sample.Of<IDictionary<string, int>>("IDictionary<string, int>", "map<string,i32>", new Dictionary<string, int> { ["x"] = 1 }),
        Sample.Of<IReadOnlyDictionary<string, int>>("IReadOnlyDictionary<string, int>", "map<string,i32>", new Dictionary<string, int> { ["x"] = 1 }),
        Sample.Of("ReadOnlyDictionary<string, int>", null, new ReadOnlyDictionary<string, int>(new Dictionary<string, int>())),
        Sample.Of("ConcurrentDictionary<string, int>", "map<string,i32>", new ConcurrentDictionary<string, int>()),
        Sample.Of("ImmutableDictionary<string, int>", "map<string,i32>", ImmutableDictionary<string, int>.Empty),
        Sample.Of("ImmutableSortedDictionary<string, int>", "map<string,i32>", ImmutableSortedDictionary<string, int>.Empty),
        Sample.Of<IImmutableDictionary<string, int>>("IImmutableDictionary<string, int>", "map<string,i32>", ImmutableDictionary<string, int>.Empty),
        Sample.Of("FrozenDictionary<string, int>", "map<string,i32>", new Dictionary<string, int> { ["x"] = 1 }.ToFrozenDictionary()),
        Sample.Of("PriorityQueue<string, int>", "priorityqueue<string,i32>", new PriorityQueue<string, int>([("x", 1)])),
        Sample.Of("Lazy<int>", "lazy<i32>", new Lazy<int>(1)),
        Sample.Of("ILookup<int, int>", "lookup<i32,i32>", new[] { 1 }.ToLookup(x => x)),
        Sample.Of("IGrouping<int, int>", "group<i32,i32>", new[] { 1 }.GroupBy(x => x).First()),

        Sample.Of("object", null, new object()), Sample.Of("Action", null, new Action(() => { })), Sample.Of<Exception>("Exception", null, new InvalidOperationException()),
        Sample.Of("CancellationToken", null, CancellationToken.None), Sample.Of("Task", null, Task.CompletedTask),
        Sample.Of("List<object>", null, new List<object> { new() }), Sample.Of("Dictionary<string, Plain>", null, new Dictionary<string, Plain> { ["x"] = new() }),
        Sample.Of<IEnumerable>("IEnumerable", null, new[] { 1 }), Sample.Of<INobody?>("INobody", null, null),
        Sample.Of("System.Text.Json.JsonElement", null, default(System.Text.Json.JsonElement)),

        Sample.Of("Small", "Small:u8{A=1,B=200}", Small.A), Sample.Of("Raw", "Raw(X:i32,Y:Small:u8{A=1,B=200})", new Raw()),
        Sample.Of("Textual", null, new Textual()), Sample.Of("Plain", null, new Plain()),
        Sample.Of("RawPackable", "RawPackable(Ignored:i32,X:i32)", new RawPackable()),
        Sample.Of("TextualPackable", "TextualPackable{Text:string}", new TextualPackable()),
        Sample.Of("Person", "Person{Name:string,Age:opt<i32>,Friend:Person}", new Person("x", 1, new Person("y", null, null))),
        Sample.Of("Box<Box<Small>>", "Box<Box<Small:u8{A=1,B=200}>{Value:Small}>{Value:Box<Small>}", new Box<Box<Small>> { Value = new() }),
        Sample.Of("Box<Plain>", null, new Box<Plain> { Value = new() }),
        Sample.Of("Growing", "Growing~", new Growing { A = 1, B = "x" }), Sample.Of("Circle", "Circle^", new Circle()),
        Sample.Of("Names", "list<string>", new Names { "x" }), Sample.Of("Ages", "map<string,i32>", new Ages { ["x"] = 1 }),
        Sample.Of<IShape>("IShape", "IShape[0:Disc{Radius:f64},300:Square{Side:f64}]", new Disc(1)),
        Sample.Of("Formatted", "Formatted{Text:custom<MemoryPack.Utf8StringFormatter>}", new Formatted { Text = "x" }), Sample.Of("ByHand", "ByHand!", new ByHand { Value = 1 }),
    ];

    private static readonly Lazy<IReadOnlyDictionary<string, ITypeSymbol>> Symbols = new(ReadSymbols);

    public static TheoryData<string> Types => [.. Samples.Select(sample => sample.Type)];

    [Theory]
    [MemberData(nameof(Types))]
    public void A_description_is_given_where_MemoryPack_serializes(string type)
    {
        // MemoryPack's own writes behind the memory of the array, which ends the tests' process some time later.
        PayloadFormatters.ReplaceBitArray();
        Sample sample = Samples.Single(candidate => candidate.Type == type);
        var schema = new WireSchema(TestContext.Current.CancellationToken);
        schema.Append(Symbols.Value[type]);

        Assert.Equal(sample.Description, schema.Problem is null ? schema.ToString() : null);
        bool serializes = sample.TryRoundTrip(out Exception? error);
        Assert.True(serializes == (sample.Description is not null), $"MemoryPack disagrees about {type}: {error}");
    }

    [Theory]
    [InlineData("public nint F;", "IntPtr")]
    [InlineData("public nuint? F;", "UIntPtr")]
    [InlineData("public System.Runtime.InteropServices.CLong[] F;", "CLong")]
    [InlineData("public List<System.Runtime.InteropServices.CULong> F;", "CULong")]
    [InlineData("public System.Runtime.InteropServices.NFloat F;", "NFloat")]
    [InlineData("public (int, System.Numerics.Vector<float>) F;", "Vector")]
    [InlineData("public S F; public struct S { private nint _p; public nint P() => _p; }", "IntPtr")]
    public void What_has_the_size_of_the_machine_is_refused(string members, string culprit)
    {
        UnserializableType problem = ProblemOf(members);
        Assert.Equal((UnserializableReason.MachineSized, culprit), (problem.Reason, problem.Type.Name));
    }

    [Theory]
    [InlineData("System.Runtime.InteropServices.GCHandle")]
    [InlineData("System.Runtime.InteropServices.GCHandle<string>")]
    [InlineData("System.Runtime.InteropServices.WeakGCHandle<string>")]
    [InlineData("System.Runtime.DependentHandle")]
    [InlineData("System.RuntimeTypeHandle")]
    [InlineData("System.RuntimeFieldHandle")]
    [InlineData("System.ModuleHandle")]
    [InlineData("System.Buffers.MemoryHandle")]
    [InlineData("System.Threading.SpinLock")]
    [InlineData("System.Threading.LockCookie")]
    [InlineData("System.Threading.NativeOverlapped")]
    [InlineData("System.HashCode")]
    [InlineData("System.Runtime.InteropServices.ComWrappers.ComInterfaceEntry")]
    public void What_belongs_to_the_process_is_refused(string type)
    {
        Assert.NotNull(ProblemOf($"public {type} F;"));
        Assert.NotNull(ProblemOf($"public S F; public struct S {{ public {type} In; }}"));
    }

    [Theory]
    [InlineData("System.Runtime.Intrinsics.Vector256<float>", "System.Runtime.Intrinsics.Vector256<f32>()")]
    [InlineData("System.Runtime.CompilerServices.InlineArray4<short>", "System.Runtime.CompilerServices.InlineArray4<i16>()")]
    [InlineData("System.Drawing.Rectangle", "System.Drawing.Rectangle()")]
    public void A_struct_of_the_framework_counts_with_its_type_arguments(string type, string description)
        => Assert.Equal(description, SchemaOf($"public {type} F;").ToString());

    [Theory]
    [InlineData("public i32 F; public struct i32 { public long X; }", "i32#2(X:i64)")]
    [InlineData("public list<string> F; [MemoryPackable] public partial record list<T>(T X);", "list#2<string>{X:string}")]
    [InlineData("public Mauto F; public struct Mauto { public int X; }", "Mauto'(X:i32)")]
    [InlineData("public Mpack1 F; [System.Runtime.InteropServices.StructLayout(System.Runtime.InteropServices.LayoutKind.Sequential, Pack = 2)] public struct Mpack1 { public int X; }", "Mpack1'pack2(X:i32)")]
    [InlineData("public A F; [System.Runtime.CompilerServices.InlineArray(7)] public struct A { private int _e; }", "A(_e*7:i32)")]
    public void A_name_cannot_be_taken_for_another(string members, string description) => Assert.Equal(description, SchemaOf(members).ToString());

    [Fact]
    public void A_library_whose_namespace_begins_with_System_is_not_the_framework()
    {
        MetadataReference library = CompiledProject.Of("namespace System.Mine; public struct M { public int X; } public enum E { A }").ReferTo(ReferenceKind.Assembly);
        INamedTypeSymbol holder = ContractProject.Compile("public class Holder { public (System.Mine.M, System.Mine.E) F; }").AddReferences(library).GetTypeByMetadataName("Holder")!;
        var schema = new WireSchema(TestContext.Current.CancellationToken);
        schema.Append(((IFieldSymbol)holder.GetMembers("F").Single()).Type);
        Assert.Equal("tuple<M(X:i32),E:i32{A=0}>", schema.ToString());
    }

    [Fact]
    public void A_type_name_is_refused_although_MemoryPack_would_take_it()
    {
        // Whoever sends the name of a type makes the receiver load it; and nothing of it survives trimming.
        var schema = new WireSchema(TestContext.Current.CancellationToken);
        schema.Append(Symbols.Value["System.Type"]);
        Assert.NotNull(schema.Problem);
    }

    [Theory]
    [InlineData("public int A; public string? B { get; set; } public int C { get; } public int D => 3; public int E { get; private set; } public int F { get; init; } public required int G { get; set; } public int H { set { } } public int this[int i] => i; public static int I; public const int J = 1;")]
    [InlineData("private int A; [MemoryPackInclude] private int B; [MemoryPackInclude] internal int C { get; set; } [MemoryPackIgnore] public int D; protected int E;")]
    [InlineData("[MemoryPackOrder(5)] public int A; public int B; [MemoryPackOrder(0)] public int C;")]
    public void Members_travel_in_the_order_of_MemoryPack(string members) => AssertSameMembers($"public partial class Thing {{ {members} }}");

    [Theory]
    [InlineData("public partial record Thing(int A, string B) { public int C { get; set; } }")]
    [InlineData("public partial class Thing : Base { public int C; public override int V { get; set; } public new string? Hidden { get; set; } } public class Base { public int B; public virtual int V { get; set; } public int Hidden { get; set; } }")]
    [InlineData("public partial record struct Thing(string A, int B);")]
    [InlineData("public partial class Thing { private readonly int _a; public int A { get; } public int B; public Thing(int a, int b) { _a = a; A = a; B = b + _a; } }")]
    public void Types_travel_with_the_members_that_MemoryPack_gives_them(string declaration) => AssertSameMembers(declaration);

    [Fact]
    public void Forms_with_one_description_have_the_same_bytes()
    {
        int[] items = [1, 2];
        byte[] array = MemoryPackSerializer.Serialize(items);
        Assert.Equal(array, MemoryPackSerializer.Serialize(new List<int> { 1, 2 }));
        Assert.Equal(array, MemoryPackSerializer.Serialize(new LinkedList<int>(items)));
        Assert.Equal(array, MemoryPackSerializer.Serialize(ImmutableArray.Create(1, 2)));
        Assert.Equal(array, MemoryPackSerializer.Serialize<IReadOnlyCollection<int>>([1, 2]));
        Assert.Equal(
            MemoryPackSerializer.Serialize(new Dictionary<string, int> { ["x"] = 1 }),
            MemoryPackSerializer.Serialize(new SortedList<string, int> { ["x"] = 1 }));
    }

    [Fact]
    public void Forms_whose_bytes_differ_have_different_descriptions()
        => Assert.NotEqual(
            MemoryPackSerializer.Serialize(((byte)1, 2L)),
            MemoryPackSerializer.Serialize(KeyValuePair.Create((byte)1, 2L)));

    [Theory]
    [InlineData("public struct Thing { public int X; private readonly byte _y; public long Z { get; set; } }", "Thing(X:i32,_y:u8,Z:i64)")]
    [InlineData("[System.Runtime.InteropServices.StructLayout(System.Runtime.InteropServices.LayoutKind.Sequential, Pack = 1)] public struct Thing { public byte A; public long B; }", "Thingpack1(A:u8,B:i64)")]
    [InlineData("[System.Runtime.InteropServices.StructLayout(System.Runtime.InteropServices.LayoutKind.Explicit)] public struct Thing { [System.Runtime.InteropServices.FieldOffset(2)] public short A; }", "Thing(A@2:i16)")]
    [InlineData("public unsafe struct Thing { public fixed byte Data[16]; }", "Thing(Data*16:u8)")]
    [InlineData("public enum Thing : long { B = 5, A = -1, C = 5 }", "Thing:i64{A=-1,B=5,C=5}")]
    [InlineData("public partial class Thing { public A.Point One { get; set; } public B.Point Two { get; set; } public A.Point Three { get; set; } public B.Point Four { get; set; } }", "Thing{One:Point(X:i32),Two:Point#2(Y:i64),Three:Point,Four:Point#2}")]
    [InlineData("public partial class Thing { public Outer<int>.Inner One { get; set; } public Outer<long>.Inner Two { get; set; } }", "Thing{One:Inner(V:i32),Two:Inner#2(V:i64)}")]
    [InlineData("public partial class Thing { public Pair<int, string>? One { get; set; } public Pair<string, int>? Two { get; set; } public Pair<int, string>? Three { get; set; } }", "Thing{One:Pair<i32,string>{Left:i32,Right:string},Two:Pair<string,i32>{Left:string,Right:i32},Three:Pair<i32,string>}")]
    public void A_description_tells_forms_apart(string declaration, string description)
    {
        string attribute = declaration.StartsWith("public partial", StringComparison.Ordinal) ? "[MemoryPackable]" : "";
        ContractProject project = ContractProject.Contract($$"""
            namespace Demo
            {
                {{attribute}} {{declaration}}
                public struct Outer<T> where T : unmanaged { public struct Inner { public T V; } }
                [MemoryPackable] public partial class Pair<L, R> { public L? Left { get; set; } public R? Right { get; set; } }
            }
            namespace A { public struct Point { public int X; } }
            namespace B { public struct Point { public long Y; } }
            """);
        var schema = new WireSchema(TestContext.Current.CancellationToken);
        schema.Append(project.Sources.GetTypeByMetadataName("Demo.Thing")!);
        Assert.Equal(description, schema.ToString());
    }

    private static UnserializableType ProblemOf(string members) => SchemaOf(members).Problem!;

    private static WireSchema SchemaOf(string members)
    {
        int end = members.IndexOf(';', StringComparison.Ordinal) + 1;
        CSharpCompilation compilation = ContractProject.Compile($"{ContractProject.Usings}public class Holder {{ {members[..end]} }} {members[end..]}");
        var schema = new WireSchema(TestContext.Current.CancellationToken);
        schema.Append(((IFieldSymbol)compilation.GetTypeByMetadataName("Holder")!.GetMembers("F").Single()).Type);
        return schema;
    }

    private static void AssertSameMembers(string declaration)
    {
        ContractProject project = ContractProject.Contract($"namespace Demo; [MemoryPackable] {declaration}");
        string generated = project.Driver.GetRunResult().GeneratedTrees.Select(tree => tree.ToString()).Single(text => text.Contains("<code>", StringComparison.Ordinal));
        IEnumerable<string> theirs = generated.Split('\n').Where(line => line.StartsWith("/// <b>", StringComparison.Ordinal))
            .Select(line => line.Trim().Replace("<br/>", "", StringComparison.Ordinal).Split(' ')[^1]);

        Assert.True(MemoryPackType.TryRead(project.Sources.GetTypeByMetadataName("Demo.Thing")!, out MemoryPackType? ours));
        Assert.Equal(theirs, ours!.Members.Select(member => member.Name));
    }

    private static Dictionary<string, ITypeSymbol> ReadSymbols()
    {
        List<string> types = [.. Samples.Select(sample => sample.Type), "System.Type"];
        string fields = string.Concat(types.Select((type, index) => $"public {type} F{index};\n"));
        CSharpCompilation probe = ContractProject.Compile($$"""
            using System; using System.Buffers; using System.Collections; using System.Collections.Concurrent; using System.Collections.Frozen;
            using System.Collections.Generic; using System.Collections.Immutable; using System.Collections.ObjectModel; using System.Globalization;
            using System.Linq; using System.Numerics; using System.Text; using System.Threading; using System.Threading.Tasks;
            using IrohRpc.Generators.Tests.Wire.Values;
            public class Probe { {{fields}} }
            """).AddReferences(MetadataReference.CreateFromFile(typeof(Person).Assembly.Location));
        Assert.Empty(probe.GetDiagnostics().Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error));
        INamedTypeSymbol type = probe.GetTypeByMetadataName("Probe")!;
        return types.Select((name, index) => (name, index))
            .ToDictionary(row => row.name, row => ((IFieldSymbol)type.GetMembers($"F{row.index}").Single()).Type);
    }

    private abstract class Sample(string type, string? description)
    {
        public string Type { get; } = type;

        public string? Description { get; } = description;

        public static Sample<T> Of<T>(string type, string? description, T value) => new Sample<T>(type, description, value);

        public abstract bool TryRoundTrip(out Exception? error);
    }

    private sealed class Sample<T>(string type, string? description, T value) : Sample(type, description)
    {
        public override bool TryRoundTrip(out Exception? error)
        {
            try
            {
                byte[] bytes = MemoryPackSerializer.Serialize(value);
                Assert.Equal(bytes, MemoryPackSerializer.Serialize(MemoryPackSerializer.Deserialize<T>(bytes)));
                error = null;
                return true;
            }
            catch (MemoryPackSerializationException caught)
            {
                error = caught;
                return false;
            }
        }
    }
}
