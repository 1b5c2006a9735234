namespace IrohRpc.Generators.Tests.Shipped;

/// <summary>What older peers do not notice is allowed: reported where the record is behind, and otherwise not worth a word.</summary>
public class ToleratedChangeTests : ChangeTests
{
    /// <summary>What shipped, what the source says now with the place at fault in brackets, and what is said of it.</summary>
    public static TheoryData<string, string, string, string, string> Additions => new()
    {
        {
            "a version is added",
            """[Alpn("c/1")] public partial interface IC { void F(); }""",
            """[[|Alpn("c/2")|], Alpn("c/1")] public partial interface IC { void F(); [Since("c/2")] void G(); }""",
            "IROHRPC031",
            "\"c/2\" is added to what shipped under \"c/1\": older peers never offer it, and lose nothing; record it with \"dotnet build -p:RecordContracts=true\" before it ships"
        },
        {
            "a version is added as an interface of its own",
            """[Alpn("c/1")] public partial interface IC { void F(); }""",
            """
            [Alpn("c/1")] public partial interface IC { void F(); }
            [[|Alpn("c/2")|]] public partial interface INew : IC { void G(); }
            """,
            "IROHRPC031",
            "\"c/2\" is added to what shipped under \"c/1\": older peers never offer it, and lose nothing; record it with \"dotnet build -p:RecordContracts=true\" before it ships"
        },
        {
            "a tolerant type grows",
            """
            [Alpn("c/1")] public partial interface IC { Task<T> F(CancellationToken t); }
            [MemoryPackable(GenerateType.VersionTolerant)] public partial class T { [MemoryPackOrder(0)] public int X { get; set; } }
            """,
            """
            [Alpn("c/1")] public partial interface IC { Task<T> F(CancellationToken t); }
            [MemoryPackable(GenerateType.VersionTolerant)] public partial class T { [MemoryPackOrder(0)] public int X { get; set; } [MemoryPackOrder(1)] public P? [|Y|] { get; set; } }
            [MemoryPackable] public partial record P(int X);
            """,
            "IROHRPC031",
            "'T.Y' is added to what shipped under \"c/1\": older peers skip it, and leave it at its default when they send; record it with \"dotnet build -p:RecordContracts=true\" before it ships"
        },
        {
            "a tolerant type grows beyond a gap",
            """
            [Alpn("c/1")] public partial interface IC { Task<T> F(CancellationToken t); }
            [MemoryPackable(GenerateType.VersionTolerant)] public partial class T { [MemoryPackOrder(0)] public int X { get; set; } }
            """,
            """
            [Alpn("c/1")] public partial interface IC { Task<T> F(CancellationToken t); }
            [MemoryPackable(GenerateType.VersionTolerant)] public partial class T { [MemoryPackOrder(0)] public int X { get; set; } [MemoryPackOrder(5)] public int [|Y|] { get; set; } }
            """,
            "IROHRPC031",
            "'T.Y' is added to what shipped under \"c/1\": older peers skip it, and leave it at its default when they send; record it with \"dotnet build -p:RecordContracts=true\" before it ships"
        },
        {
            "a circular type grows",
            """
            [Alpn("c/1")] public partial interface IC { Task<T> F(CancellationToken t); }
            [MemoryPackable(GenerateType.CircularReference)] public partial class T { [MemoryPackOrder(0)] public T? X { get; set; } }
            """,
            """
            [Alpn("c/1")] public partial interface IC { Task<T> F(CancellationToken t); }
            [MemoryPackable(GenerateType.CircularReference)] public partial class T { [MemoryPackOrder(0)] public T? X { get; set; } [MemoryPackOrder(1)] public int [|Y|] { get; set; } }
            """,
            "IROHRPC031",
            "'T.Y' is added to what shipped under \"c/1\": older peers skip it, and leave it at its default when they send; record it with \"dotnet build -p:RecordContracts=true\" before it ships"
        },
        {
            "an enum inside a tolerant type gets a value",
            """
            [Alpn("c/1")] public partial interface IC { Task<T> F(CancellationToken t); }
            [MemoryPackable(GenerateType.VersionTolerant)] public partial class T { [MemoryPackOrder(0)] public E X { get; set; } }
            public enum E { A }
            """,
            """
            [Alpn("c/1")] public partial interface IC { Task<T> F(CancellationToken t); }
            [MemoryPackable(GenerateType.VersionTolerant)] public partial class T { [MemoryPackOrder(0)] public E X { get; set; } }
            public enum E { A, [|B|] }
            """,
            "IROHRPC031",
            "'E.B' is added to what shipped under \"c/1\": older peers see a number without a name; record it with \"dotnet build -p:RecordContracts=true\" before it ships"
        },
        {
            "a fault is added",
            """
            [Alpn("c/1")] public partial interface IC { Task F(CancellationToken t); }
            [MemoryPackable] public partial record P(int X);
            """,
            """
            [Alpn("c/1")] public partial interface IC { [Fault<P>] Task [|F|](CancellationToken t); }
            [MemoryPackable] public partial record P(int X);
            """,
            "IROHRPC031",
            "'IC.F' with the fault 'P' is added to what shipped under \"c/1\": older peers get an RpcException without it; record it with \"dotnet build -p:RecordContracts=true\" before it ships"
        },
        {
            "a type of the same name comes earlier",
            """
            [Alpn("c/1")] public partial interface IC { Task G(One.A a, CancellationToken t); }
            public static partial class One { [MemoryPackable] public partial record A(int X); }
            public static partial class Two { [MemoryPackable] public partial record A(string Y); }
            """,
            """
            [[|Alpn("c/2")|], Alpn("c/1")] public partial interface IC { Task G(One.A a, CancellationToken t); [Since("c/2")] Task F(Two.A a, CancellationToken t); }
            public static partial class One { [MemoryPackable] public partial record A(int X); }
            public static partial class Two { [MemoryPackable] public partial record A(string Y); }
            """,
            "IROHRPC031",
            "\"c/2\" is added to what shipped under \"c/1\": older peers never offer it, and lose nothing; record it with \"dotnet build -p:RecordContracts=true\" before it ships"
        },
    };

    /// <summary>What shipped, and what the source says now.</summary>
    public static TheoryData<string, string, string> Silent => new()
    {
        {
            "nothing is changed",
            """
            [Alpn("c/1")] public partial interface IC { Task<int> F(P p, CancellationToken t); }
            [MemoryPackable] public partial record P(int X);
            """,
            """
            [Alpn("c/1")] public partial interface IC { Task<int> F(P p, CancellationToken t); }
            [MemoryPackable] public partial record P(int X);
            """
        },
        {
            "parameters are renamed",
            """[Alpn("c/1")] public partial interface IC { Task<int> F(int a, CancellationToken t); }""",
            """[Alpn("c/1")] public partial interface IC { Task<int> F(int b, CancellationToken cancellationToken); }"""
        },
        {
            "a reference is made nullable",
            """[Alpn("c/1")] public partial interface IC { Task<string> F(string a, CancellationToken t); }""",
            """[Alpn("c/1")] public partial interface IC { Task<string?> F(string? a, CancellationToken t); }"""
        },
        {
            "a ValueTask takes the place of a Task",
            """[Alpn("c/1")] public partial interface IC { Task<int> F(CancellationToken t); }""",
            """[Alpn("c/1")] public partial interface IC { ValueTask<int> FAsync(CancellationToken t); }"""
        },
        {
            "a list takes the place of an array",
            """[Alpn("c/1")] public partial interface IC { Task<int[]> F(CancellationToken t); }""",
            """[Alpn("c/1")] public partial interface IC { Task<IReadOnlyList<int>> F(CancellationToken t); }"""
        },
        {
            "the context and the token are taken away",
            """[Alpn("c/1")] public partial interface IC { Task F(CallContext? x, CancellationToken t); }""",
            """[Alpn("c/1")] public partial interface IC { Task F(); }"""
        },
        {
            "tuple elements are renamed",
            """[Alpn("c/1")] public partial interface IC { Task F((int A, int B) a, CancellationToken t); }""",
            """[Alpn("c/1")] public partial interface IC { Task F((int C, int D) a, CancellationToken t); }"""
        },
        {
            "attributes that are not on the wire come and go",
            """[Alpn("c/1")] public partial interface IC { [Idempotent, MessageLimit(5)] Task F(CancellationToken t); }""",
            """[Alpn("c/1")] public partial interface IC { Task F(CancellationToken t); }"""
        },
        {
            "the interface is renamed and moved",
            """[Alpn("c/1")] public partial interface IC { void F(); }""",
            """
            namespace Elsewhere;
            public static partial class Outer { [Alpn("c/1")] public partial interface IRenamed { void F(); } }
            """
        },
        {
            "a type is moved to another namespace",
            """
            [Alpn("c/1")] public partial interface IC { Task<int> F(P p, CancellationToken t); }
            [MemoryPackable] public partial record P(int X);
            """,
            """
            using Elsewhere;
            [Alpn("c/1")] public partial interface IC { Task<int> F(P p, CancellationToken t); }
            namespace Elsewhere { [MemoryPackable] public partial record P(int X); }
            """
        },
        {
            "a method is moved to a base interface",
            """[Alpn("c/1")] public partial interface IC { Task F(int a, CancellationToken t); void G(); }""",
            """
            public interface IBase { Task F(int a, CancellationToken t); }
            [Alpn("c/1")] public partial interface IC : IBase { void G(); }
            """
        },
        {
            "a method is moved to an older version's interface",
            """[Alpn("c/2"), Alpn("c/1")] public partial interface IC { void F(); [Since("c/2")] void G(); }""",
            """
            [Alpn("c/1")] public partial interface IOld { void F(); }
            [Alpn("c/2")] public partial interface IC : IOld { void G(); }
            """
        },
        {
            "a C# name is changed under a wire name",
            """[Alpn("c/1")] public partial interface IC { Task F(CancellationToken t); }""",
            """[Alpn("c/1")] public partial interface IC { [WireName("F")] Task Other(CancellationToken t); }"""
        },
        {
            "methods are reordered",
            """[Alpn("c/1")] public partial interface IC { void F(); void G(); }""",
            """[Alpn("c/1")] public partial interface IC { void G(); void F(); }"""
        },
        {
            "numbered members stand in another order",
            """
            [Alpn("c/1")] public partial interface IC { Task<T> F(CancellationToken t); }
            [MemoryPackable(GenerateType.VersionTolerant)] public partial class T { [MemoryPackOrder(0)] public int X { get; set; } [MemoryPackOrder(1)] public int Y { get; set; } }
            """,
            """
            [Alpn("c/1")] public partial interface IC { Task<T> F(CancellationToken t); }
            [MemoryPackable(GenerateType.VersionTolerant)] public partial class T { [MemoryPackOrder(1)] public int Y { get; set; } [MemoryPackOrder(0)] public int X { get; set; } }
            """
        },
    };

    [Theory]
    [MemberData(nameof(Additions))]
    public Task An_addition_is_reported_until_it_is_recorded(string change, string shipped, string source, string id, string message)
        => AssertReportedAsync(change, shipped, source, id, message);

    [Theory]
    [MemberData(nameof(Additions))]
    public void An_addition_can_be_recorded(string change, string shipped, string source, string id, string message)
        => AssertRecordable(change, shipped, source, id, message);

    [Theory]
    [MemberData(nameof(Silent))]
    public async Task What_is_not_on_the_wire_may_change(string change, string shipped, string source)
        => Assert.True((await ShippedProject.CheckAsync(source, ShippedProject.Record(shipped))).IsEmpty, change);
}
