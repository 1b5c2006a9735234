using IrohRpc.Generators.Tests.Compiling;
using IrohRpc.Testing;
using IrohRpc.Transports;

namespace IrohRpc.Generators.Tests.Builds;

/// <summary>
/// Builds whose types stand beside the contract, or in a library of either build: what decides the bytes decides the id wherever it stands, and nothing else
/// does.
/// </summary>
public class LibraryBuildsTests
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(30);

    /// <summary>What differs, the type, its value, and its declaration in either build.</summary>
    private static readonly (string What, string Type, string Value, string Before, string After)[] Differences =
    [
        ("length of an inline array", "S", "new()", "public struct S { public H A; public T B; } [InlineArray(16)] public struct H { private byte _e; } [InlineArray(8)] public struct T { private byte _e; }", "public struct S { public H A; public T B; } [InlineArray(8)] public struct H { private byte _e; } [InlineArray(16)] public struct T { private byte _e; }"),
        ("argument of a struct of the framework", "S", "new()", "public struct S { public System.Runtime.Intrinsics.Vector128<float> A; }", "public struct S { public System.Runtime.Intrinsics.Vector128<int> A; }"),
        ("offsets of fields", "S", "new() { A = 1 }", "[StructLayout(LayoutKind.Explicit)] public struct S { [FieldOffset(0)] public int A; [FieldOffset(4)] public int B; }", "[StructLayout(LayoutKind.Explicit)] public struct S { [FieldOffset(4)] public int A; [FieldOffset(0)] public int B; }"),
        ("packing", "S", "new() { A = 1 }", "public struct S { public byte A; public long B; }", "[StructLayout(LayoutKind.Sequential, Pack = 1)] public struct S { public byte A; public long B; }"),
        ("size", "S[]", "[new() { A = 1 }]", "public struct S { public long A; }", "[StructLayout(LayoutKind.Sequential, Size = 32)] public struct S { public long A; }"),
        ("automatic layout", "S", "new() { A = 1 }", "public struct S { public byte A; public long B; public byte C; }", "[StructLayout(LayoutKind.Auto)] public struct S { public byte A; public long B; public byte C; }"),
        ("a private member that is included", "C", "new()", "[MemoryPackable] public partial class C { public string? A { get; set; } [MemoryPackInclude] private float _b; public float B() => _b; }", "[MemoryPackable] public partial class C { public string? A { get; set; } [MemoryPackInclude] private int _b; public int B() => _b; }"),
        ("an internal member that is included", "C", "new()", "[MemoryPackable] public partial class C { [MemoryPackInclude] internal float B { get; set; } public string? A { get; set; } }", "[MemoryPackable] public partial class C { [MemoryPackInclude] internal int B { get; set; } public string? A { get; set; } }"),
        ("order of a field and a property", "C", "new() { A = 1 }", "[MemoryPackable] public partial class C { public int A { get; set; } public int B; public string? S; }", "[MemoryPackable] public partial class C { public int B; public int A { get; set; } public string? S; }"),
        ("a private field of a struct", "S", "new()", "public struct S { public int A; private readonly int _b; public int B() => _b; }", "public struct S { public int A; private readonly float _b; public float B() => _b; }"),
        ("a captured parameter of a constructor", "S", "new(1)", "public struct S(int a) { public int B; public int A() => a; }", "public struct S(float a) { public int B; public float A() => a; }"),
        ("a property between others", "S", "new() { A = 1 }", "public struct S { public int A { get => field; set => field = value; } public float B; }", "public struct S { public float B; public int A { get => field; set => field = value; } }"),
        ("a generic struct of structs", "G<int>", "new() { A = 1 }", "[MemoryPackable] public partial struct G<T> { public T A; public int B; }", "[MemoryPackable] public partial struct G<T> { public T A; public float B; }"),
        ("a fixed buffer", "S[]", "[new()]", "public unsafe struct S { public int A; public fixed byte B[4]; }", "public unsafe struct S { public int A; public fixed byte B[8]; }"),
        ("what a callback writes", "C", "new()", "[MemoryPackable] public partial class C { public string? A { get; set; } }", "[MemoryPackable] public partial class C { public string? A { get; set; } [MemoryPackOnSerializing] private static void Before<W>(ref MemoryPackWriter<W> writer, ref C? value) where W : System.Buffers.IBufferWriter<byte> => writer.WriteUnmanaged(1); [MemoryPackOnDeserializing] private static void Before(ref MemoryPackReader reader, ref C? value) => reader.ReadUnmanaged<int>(); }"),
        ("formatter of a member", "C", "new()", "[MemoryPackable] public partial class C { [Plain] public string? A { get; set; } }" + Formatters, "[MemoryPackable] public partial class C { [Other] public string? A { get; set; } }" + Formatters),
        ("argument of a formatter", "C", "new()", "[MemoryPackable] public partial class C { [Salted(1)] public string? A { get; set; } }" + Formatters, "[MemoryPackable] public partial class C { [Salted(2)] public string? A { get; set; } }" + Formatters),
        ("text of a formatter", "C", "new()", "[MemoryPackable] public partial class C { [Salted(1, Key = \"a\")] public string? A { get; set; } }" + Formatters, "[MemoryPackable] public partial class C { [Salted(1, Key = \"b\")] public string? A { get; set; } }" + Formatters),
        ("type argument of a formatter", "C", "new()", "[MemoryPackable] public partial class C { [Generic<int>] public string? A { get; set; } }" + Formatters, "[MemoryPackable] public partial class C { [Generic<long>] public string? A { get; set; } }" + Formatters),
        ("formatter of a private member", "C", "new()", "[MemoryPackable] public partial class C { [MemoryPackInclude, Salted(1)] private string? _a; public bool B() => _a is null; }" + Formatters, "[MemoryPackable] public partial class C { [MemoryPackInclude, Salted(2)] private string? _a; public bool B() => _a is null; }" + Formatters),
        ("private member with a formatter of its own", "C", "new()", "[MemoryPackable] public partial class C { [MemoryPackInclude, BitPackFormatter] private bool[]? _a; public bool B() => _a is null; }", "[MemoryPackable] public partial class C { [MemoryPackInclude] private bool[]? _a; public bool B() => _a is null; }"),
        ("type of a member with a private getter", "C", "new()", "[MemoryPackable] public partial class C { public int A { private get; set; } }", "[MemoryPackable] public partial class C { public float A { private get; set; } }"),
        ("name of a type that its own code writes", "Money", "default", Money("\"Money/1\"", "int"), Money("\"Money/2\"", "long")),
        ("name of a type whose members are renamed", "Money", "new()", "[MemoryPackable, WireName(\"Money\")] public partial class Money { public int Cents; }", "[MemoryPackable, WireName(\"Price\")] public partial class Money { public int Cents; }"),
    ];

    private const string Formatters = """

        [AttributeUsage(AttributeTargets.All)] public sealed class PlainAttribute : MemoryPackCustomFormatterAttribute<string> { public override IMemoryPackFormatter<string> GetFormatter() => MemoryPack.Formatters.StringFormatter.Default; }
        [AttributeUsage(AttributeTargets.All)] public sealed class OtherAttribute : MemoryPackCustomFormatterAttribute<string> { public override IMemoryPackFormatter<string> GetFormatter() => MemoryPack.Formatters.StringFormatter.Default; }
        [AttributeUsage(AttributeTargets.All)] public sealed class GenericAttribute<T> : MemoryPackCustomFormatterAttribute<string> { public override IMemoryPackFormatter<string> GetFormatter() => MemoryPack.Formatters.StringFormatter.Default; }
        [AttributeUsage(AttributeTargets.All)] public sealed class SaltedAttribute(int salt) : MemoryPackCustomFormatterAttribute<MemoryPack.Formatters.StringFormatter, string> { public string? Key { get; set; } public int Salt => salt; public override MemoryPack.Formatters.StringFormatter GetFormatter() => MemoryPack.Formatters.StringFormatter.Default; }
        """;

    private static readonly (string What, string Type, string Value, string Before, string After)[] Likenesses =
    [
        ("a type that moved", "C", "new() { A = 7, B = 8 }", "[MemoryPackable] public partial class C { public int A { get; set; } public int B; [MemoryPackInclude] private string _c = \"x\"; public override string ToString() => $\"{A} {B} {_c}\"; }", ""),
        ("a struct that moved", "S", "new() { A = 7, B = 8 }", "[StructLayout(LayoutKind.Sequential, Pack = 1)] public record struct S { public byte A; public long B; }", ""),
        ("a record that was renamed and kept its wire name", "Human", "new(\"x\")", "[MemoryPackable, WireName(\"Person\")] public partial record Human(string Name) { public int Age; public override string ToString() => Name; } ", "[MemoryPackable] public partial record Human(string Name) { public int Age; public override string ToString() => Name; }"),
    ];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static TheoryData<string, ReferenceKind?> Differing => Rows(Differences);

    public static TheoryData<string, ReferenceKind?> Alike => Rows(Likenesses[..2]);

    [Theory]
    [MemberData(nameof(Differing))]
    public async Task Builds_that_differ_refuse_each_other(string what, ReferenceKind? library)
    {
        (_, string type, string value, string first, string second) = Differences.Single(row => row.What == what);
        using ContractBuild before = ContractBuild.Of(first, type, value, library);
        using ContractBuild after = ContractBuild.Of(second, type, value, library);
        foreach ((ContractBuild caller, ContractBuild service) in (ValueTuple<ContractBuild, ContractBuild>[])[(before, after), (after, before)])
        {
            var error = await Assert.ThrowsAsync<RpcException>(() => ExchangeAsync(caller, service));
            Assert.Equal(RpcStatusCode.Unimplemented, error.StatusCode);
            Assert.Null(service.Seen);
        }

        Assert.Equal(await ExchangeAsync(after, after), after.Seen);
    }

    [Theory]
    [MemberData(nameof(Alike))]
    public async Task A_type_that_moves_to_a_library_is_still_the_same(string what, ReferenceKind? library)
    {
        (_, string type, string value, string declaration, _) = Likenesses.Single(row => row.What == what);
        using ContractBuild home = ContractBuild.Of(declaration, type, value);
        using ContractBuild moved = ContractBuild.Of(declaration, type, value, library);
        string sent = await ExchangeAsync(home, home);
        Assert.Equal(sent, await ExchangeAsync(home, moved));
        Assert.Equal(sent, moved.Seen);
        Assert.Equal(sent, await ExchangeAsync(moved, home));
    }

    [Fact]
    public async Task A_type_that_is_renamed_and_keeps_its_wire_name_is_still_the_same()
    {
        using ContractBuild before = ContractBuild.Of("[MemoryPackable] public partial record Person(string Name);", "Person", "new(\"x\")");
        using ContractBuild after = ContractBuild.Of("[MemoryPackable, WireName(\"Person\")] public partial record Human(string Name);", "Human", "new(\"x\")");
        Assert.Equal("Human { Name = x }", await ExchangeAsync(after, before));
        Assert.Equal("Person { Name = x }", await ExchangeAsync(before, after));
    }

    private static string Money(string name, string number) => $$"""
        [WireName({{name}})]
        public struct Money : IMemoryPackable<Money>
        {
            private string? _text;
            public override string ToString() => _text ?? "";
            public static void RegisterFormatter() => MemoryPackFormatterProvider.Register(new MemoryPack.Formatters.MemoryPackableFormatter<Money>());
            public static void Serialize<W>(ref MemoryPackWriter<W> writer, scoped ref Money value) where W : System.Buffers.IBufferWriter<byte>
                => writer.WriteUnmanaged(({{number}})1);
            public static void Deserialize(ref MemoryPackReader reader, scoped ref Money value) => value._text = reader.ReadUnmanaged<{{number}}>().ToString();
        }
        """;

    private static TheoryData<string, ReferenceKind?> Rows((string What, string, string, string, string)[] rows)
        => new(rows.SelectMany(_ => (ReferenceKind?[])[null, .. Enum.GetValues<ReferenceKind>().Cast<ReferenceKind?>()],
            static (row, kind) => new TheoryDataRow<string, ReferenceKind?>(row.What, kind)));

    private static async Task<string> ExchangeAsync(ContractBuild caller, ContractBuild service)
    {
        ITransport transport = new MemoryNetwork().Transport;
        await using PeerEndpoint server = await PeerEndpoint.BindAsync(new PeerEndpointOptions { Transports = [transport] }, Token);
        await using Router router = await service.Map(server.Route()).StartAsync(Token);
        await using PeerEndpoint client = await PeerEndpoint.BindAsync(new PeerEndpointOptions { Transports = [transport], ListenOn = [] }, Token);
        return await caller.CallAsync(client, server.Ticket).WaitAsync(Bound, Token);
    }
}
