namespace IrohRpc.Generators.Tests.Shipped;

/// <summary>A type that tolerates versions grows at its end and nowhere else; so does what no id covers.</summary>
public class TolerantTypeChangeTests : ChangeTests
{
    /// <summary>What shipped, what the source says now with the place at fault in brackets, and what is said of it.</summary>
    public static TheoryData<string, string, string, string, string> Changes => new()
    {
        {
            "a tolerant type loses a member",
            """
            [Alpn("c/1")] public partial interface IC { Task<T> F(CancellationToken t); }
            [MemoryPackable(GenerateType.VersionTolerant)] public partial class T { [MemoryPackOrder(0)] public int X { get; set; } [MemoryPackOrder(1)] public string? Y { get; set; } }
            """,
            """
            [Alpn("c/1")] public partial interface IC { Task<T> F(CancellationToken t); }
            [MemoryPackable(GenerateType.VersionTolerant)] public partial class [|T|] { [MemoryPackOrder(0)] public int X { get; set; } }
            """,
            "IROHRPC034",
            "Under \"c/1\", 'T' has lost 'Y', its number 1: peers out there get its default by 'F', and what they send is lost; put it back: a member of a type that tolerates versions stays, used or not"
        },
        {
            "a tolerant type's member is retyped",
            """
            [Alpn("c/1")] public partial interface IC { Task<T> F(CancellationToken t); }
            [MemoryPackable(GenerateType.VersionTolerant)] public partial class T { [MemoryPackOrder(0)] public int X { get; set; } [MemoryPackOrder(1)] public string? Y { get; set; } }
            """,
            """
            [Alpn("c/1")] public partial interface IC { Task<T> F(CancellationToken t); }
            [MemoryPackable(GenerateType.VersionTolerant)] public partial class T { [MemoryPackOrder(0)] public long [|X|] { get; set; } [MemoryPackOrder(1)] public string? Y { get; set; } }
            """,
            "IROHRPC034",
            "Under \"c/1\", 'T.X' is written as i64, and shipped as i32: peers out there may misread the bytes of 'F'; undo it: a number stays with its member, and what is new takes the next"
        },
        {
            "a tolerant type's member is made nullable",
            """
            [Alpn("c/1")] public partial interface IC { Task<T> F(CancellationToken t); }
            [MemoryPackable(GenerateType.VersionTolerant)] public partial class T { [MemoryPackOrder(0)] public int X { get; set; } }
            """,
            """
            [Alpn("c/1")] public partial interface IC { Task<T> F(CancellationToken t); }
            [MemoryPackable(GenerateType.VersionTolerant)] public partial class T { [MemoryPackOrder(0)] public int? [|X|] { get; set; } }
            """,
            "IROHRPC034",
            "Under \"c/1\", 'T.X' is written as opt<i32>, and shipped as i32: peers out there may misread the bytes of 'F'; undo it: a number stays with its member, and what is new takes the next"
        },
        {
            "a tolerant type's member is moved",
            """
            [Alpn("c/1")] public partial interface IC { Task<T> F(CancellationToken t); }
            [MemoryPackable(GenerateType.VersionTolerant)] public partial class T { [MemoryPackOrder(0)] public int X { get; set; } [MemoryPackOrder(1)] public int Y { get; set; } }
            """,
            """
            [Alpn("c/1")] public partial interface IC { Task<T> F(CancellationToken t); }
            [MemoryPackable(GenerateType.VersionTolerant)] public partial class T { [MemoryPackOrder(0)] public int X { get; set; } [MemoryPackOrder(2)] public int [|Y|] { get; set; } }
            """,
            "IROHRPC034",
            "Under \"c/1\", 'T.Y' has number 2, and shipped with 1: peers out there may misread the bytes of 'F'; undo it: a number stays with its member, and what is new takes the next"
        },
        {
            "a tolerant type's number is used again",
            """
            [Alpn("c/1")] public partial interface IC { Task<T> F(CancellationToken t); }
            [MemoryPackable(GenerateType.VersionTolerant)] public partial class T { [MemoryPackOrder(0)] public int X { get; set; } [MemoryPackOrder(1)] public int Y { get; set; } }
            """,
            """
            [Alpn("c/1")] public partial interface IC { Task<T> F(CancellationToken t); }
            [MemoryPackable(GenerateType.VersionTolerant)] public partial class T { [MemoryPackOrder(0)] public int X { get; set; } [MemoryPackOrder(1)] public int [|Z|] { get; set; } }
            """,
            "IROHRPC034",
            "Under \"c/1\", 'T.Z' has number 1, which shipped for 'Y': peers out there may misread the bytes of 'F'; give it the next number; where it is the same by another name, give it that name in IrohRpc.Shipped.txt"
        },
        {
            "a tolerant type's gap is filled",
            """
            [Alpn("c/1")] public partial interface IC { Task<T> F(CancellationToken t); }
            [MemoryPackable(GenerateType.VersionTolerant)] public partial class T { [MemoryPackOrder(0)] public int X { get; set; } [MemoryPackOrder(2)] public int Y { get; set; } }
            """,
            """
            [Alpn("c/1")] public partial interface IC { Task<T> F(CancellationToken t); }
            [MemoryPackable(GenerateType.VersionTolerant)] public partial class T { [MemoryPackOrder(0)] public int X { get; set; } [MemoryPackOrder(1)] public int [|Z|] { get; set; } [MemoryPackOrder(2)] public int Y { get; set; } }
            """,
            "IROHRPC034",
            "Under \"c/1\", 'T.Z' is new with number 1, and what is new comes behind number 2: peers out there may misread the bytes of 'F'; undo it: a number stays with its member, and what is new takes the next"
        },
        {
            "a tolerant type is made plain",
            """
            [Alpn("c/1")] public partial interface IC { Task<T> F(CancellationToken t); }
            [MemoryPackable(GenerateType.VersionTolerant)] public partial class T { [MemoryPackOrder(0)] public int X { get; set; } }
            """,
            """
            [Alpn("c/1")] public partial interface IC { Task<T> F(CancellationToken t); }
            [MemoryPackable] public partial class [|T|] { [MemoryPackOrder(0)] public int X { get; set; } }
            """,
            "IROHRPC034",
            "Under \"c/1\", 'T' is a plain object, and shipped as a version-tolerant object: calls of 'F' between you and peers out there end in Unimplemented; undo it, and send a type of another name in a method that is [Since] a new ALPN, \"c/2\""
        },
        {
            "a plain type inside a tolerant one is changed",
            """
            [Alpn("c/1")] public partial interface IC { Task<T> F(CancellationToken t); }
            [MemoryPackable(GenerateType.VersionTolerant)] public partial class T { [MemoryPackOrder(0)] public P? X { get; set; } }
            [MemoryPackable] public partial record P(int X);
            """,
            """
            [Alpn("c/1")] public partial interface IC { Task<T> F(CancellationToken t); }
            [MemoryPackable(GenerateType.VersionTolerant)] public partial class T { [MemoryPackOrder(0)] public P? X { get; set; } }
            [MemoryPackable] public partial record P(int X, int [|Y|]);
            """,
            "IROHRPC034",
            "Under \"c/1\", 'P.Y' is new in a type that cannot grow: peers out there may misread the bytes of 'F'; undo it, and send a type of another name in a method that is [Since] a new ALPN, \"c/2\""
        },
        {
            "a circular type's member is retyped",
            """
            [Alpn("c/1")] public partial interface IC { Task<T> F(CancellationToken t); }
            [MemoryPackable(GenerateType.CircularReference)] public partial class T { [MemoryPackOrder(0)] public int X { get; set; } [MemoryPackOrder(1)] public T? Y { get; set; } }
            """,
            """
            [Alpn("c/1")] public partial interface IC { Task<T> F(CancellationToken t); }
            [MemoryPackable(GenerateType.CircularReference)] public partial class T { [MemoryPackOrder(0)] public long [|X|] { get; set; } [MemoryPackOrder(1)] public T? Y { get; set; } }
            """,
            "IROHRPC034",
            "Under \"c/1\", 'T.X' is written as i64, and shipped as i32: peers out there may misread the bytes of 'F'; undo it: a number stays with its member, and what is new takes the next"
        },
        {
            "a fault's type is changed",
            """
            [Alpn("c/1")] public partial interface IC { [Fault<P>] Task F(CancellationToken t); }
            [MemoryPackable] public partial record P(int X);
            """,
            """
            [Alpn("c/1")] public partial interface IC { [Fault<P>] Task F(CancellationToken t); }
            [MemoryPackable] public partial record P(long [|X|]);
            """,
            "IROHRPC034",
            "Under \"c/1\", 'P.X' is written as i64, and shipped as i32: peers out there get the fault of 'F' without its type; undo it, and send a type of another name in a method that is [Since] a new ALPN, \"c/2\""
        },
        {
            "a tolerant fault's member is retyped",
            """
            [Alpn("c/1")] public partial interface IC { [Fault<T>] Task F(CancellationToken t); }
            [MemoryPackable(GenerateType.VersionTolerant)] public partial class T { [MemoryPackOrder(0)] public int X { get; set; } }
            """,
            """
            [Alpn("c/1")] public partial interface IC { [Fault<T>] Task F(CancellationToken t); }
            [MemoryPackable(GenerateType.VersionTolerant)] public partial class T { [MemoryPackOrder(0)] public long [|X|] { get; set; } }
            """,
            "IROHRPC034",
            "Under \"c/1\", 'T.X' is written as i64, and shipped as i32: peers out there may misread the bytes of 'F'; undo it: a number stays with its member, and what is new takes the next"
        },
        {
            "a type that several methods and versions share is changed",
            """
            [Alpn("c/2"), Alpn("c/1")] public partial interface IC { Task<P> F(CancellationToken t); Task G(P a, CancellationToken t); }
            [MemoryPackable] public partial record P(int X);
            """,
            """
            [Alpn("c/2"), Alpn("c/1")] public partial interface IC { Task<P> F(CancellationToken t); Task G(P a, CancellationToken t); }
            [MemoryPackable] public partial record P(long [|X|]);
            """,
            "IROHRPC034",
            "Under \"c/2\" and \"c/1\", 'P.X' is written as i64, and shipped as i32: calls of 'F' and 'G' between you and peers out there end in Unimplemented; undo it, and send a type of another name in a method that is [Since] a new ALPN, \"c/3\""
        },
    };

    [Fact]
    public async Task Members_that_change_places_are_each_an_error()
    {
        const string type = "[MemoryPackable(GenerateType.VersionTolerant)] public partial class T { [MemoryPackOrder(0)] public int X { get; set; } [MemoryPackOrder(1)] public int Y { get; set; } }";
        const string contract = "\n[Alpn(\"c/1\")] public partial interface IC { Task<T> F(CancellationToken t); }";
        string swapped = type.Replace("X", "Z", StringComparison.Ordinal).Replace("Y", "X", StringComparison.Ordinal).Replace("Z", "Y", StringComparison.Ordinal);
        Assert.Equal(
            ["Under \"c/1\", 'T.X' has number 1, and shipped with 0", "Under \"c/1\", 'T.Y' has number 0, and shipped with 1"],
            (await ShippedProject.CheckAsync(swapped + contract, ShippedProject.Record(type + contract)))
                .Select(diagnostic => diagnostic.GetMessage(null).Split(':')[0]).Order(StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Changes))]
    public Task A_change_that_no_older_peer_tolerates_is_an_error(string change, string shipped, string source, string id, string message)
        => AssertReportedAsync(change, shipped, source, id, message);
}
