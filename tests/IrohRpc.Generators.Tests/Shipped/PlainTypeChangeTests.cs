namespace IrohRpc.Generators.Tests.Shipped;

/// <summary>A type that is written in a fixed form keeps it.</summary>
public class PlainTypeChangeTests : ChangeTests
{
    /// <summary>What shipped, what the source says now with the place at fault in brackets, and what is said of it.</summary>
    public static TheoryData<string, string, string, string, string> Changes => new()
    {
        {
            "a member is added to a record",
            """
            [Alpn("c/1")] public partial interface IC { Task<int> F(P p, CancellationToken t); }
            [MemoryPackable] public partial record P(int X);
            """,
            """
            [Alpn("c/1")] public partial interface IC { Task<int> F(P p, CancellationToken t); }
            [MemoryPackable] public partial record P(int X, string [|Y|]);
            """,
            "IROHRPC034",
            "Under \"c/1\", 'P.Y' is new in a type that cannot grow: calls of 'F' between you and peers out there end in Unimplemented; undo it, and send a type of another name in a method that is [Since] a new ALPN, \"c/2\""
        },
        {
            "a member is removed from a record",
            """
            [Alpn("c/1")] public partial interface IC { Task<int> F(P p, CancellationToken t); }
            [MemoryPackable] public partial record P(int X, string Y);
            """,
            """
            [Alpn("c/1")] public partial interface IC { Task<int> F(P p, CancellationToken t); }
            [MemoryPackable] public partial record [|P|](int X);
            """,
            "IROHRPC034",
            "Under \"c/1\", 'P' has lost its member 'Y': calls of 'F' between you and peers out there end in Unimplemented; undo it, and send a type of another name in a method that is [Since] a new ALPN, \"c/2\""
        },
        {
            "a member of a record is renamed",
            """
            [Alpn("c/1")] public partial interface IC { Task<int> F(P p, CancellationToken t); }
            [MemoryPackable] public partial record P(int X, string Y);
            """,
            """
            [Alpn("c/1")] public partial interface IC { Task<int> F(P p, CancellationToken t); }
            [MemoryPackable] public partial record P(int X, string [|Z|]);
            """,
            "IROHRPC034",
            "Under \"c/1\", 'P.Z' shipped as 'Y': calls of 'F' between you and peers out there end in Unimplemented; undo it, and send a type of another name in a method that is [Since] a new ALPN, \"c/2\""
        },
        {
            "members of a record are reordered",
            """
            [Alpn("c/1")] public partial interface IC { Task<int> F(P p, CancellationToken t); }
            [MemoryPackable] public partial record P(int X, string Y);
            """,
            """
            [Alpn("c/1")] public partial interface IC { Task<int> F(P p, CancellationToken t); }
            [MemoryPackable] public partial record P(string [|Y|], int X);
            """,
            "IROHRPC034",
            "Under \"c/1\", 'P.Y' stands where 'X' shipped: calls of 'F' between you and peers out there end in Unimplemented; undo it, and send a type of another name in a method that is [Since] a new ALPN, \"c/2\""
        },
        {
            "a member of a record is retyped",
            """
            [Alpn("c/1")] public partial interface IC { Task<int> F(P p, CancellationToken t); }
            [MemoryPackable] public partial record P(int X);
            """,
            """
            [Alpn("c/1")] public partial interface IC { Task<int> F(P p, CancellationToken t); }
            [MemoryPackable] public partial record P(long [|X|]);
            """,
            "IROHRPC034",
            "Under \"c/1\", 'P.X' is written as i64, and shipped as i32: calls of 'F' between you and peers out there end in Unimplemented; undo it, and send a type of another name in a method that is [Since] a new ALPN, \"c/2\""
        },
        {
            "a member of a record is made nullable",
            """
            [Alpn("c/1")] public partial interface IC { Task<int> F(P p, CancellationToken t); }
            [MemoryPackable] public partial record P(int X);
            """,
            """
            [Alpn("c/1")] public partial interface IC { Task<int> F(P p, CancellationToken t); }
            [MemoryPackable] public partial record P(int? [|X|]);
            """,
            "IROHRPC034",
            "Under \"c/1\", 'P.X' is written as opt<i32>, and shipped as i32: calls of 'F' between you and peers out there end in Unimplemented; undo it, and send a type of another name in a method that is [Since] a new ALPN, \"c/2\""
        },
        {
            "an order of a class is taken away",
            """
            [Alpn("c/1")] public partial interface IC { Task<int> F(P p, CancellationToken t); }
            [MemoryPackable] public partial class P { [MemoryPackOrder(1)] public int X; [MemoryPackOrder(0)] public string? Y; }
            """,
            """
            [Alpn("c/1")] public partial interface IC { Task<int> F(P p, CancellationToken t); }
            [MemoryPackable] public partial class P { public int [|X|]; public string? Y; }
            """,
            "IROHRPC034",
            "Under \"c/1\", 'P.X' stands where 'Y' shipped: calls of 'F' between you and peers out there end in Unimplemented; undo it, and send a type of another name in a method that is [Since] a new ALPN, \"c/2\""
        },
        {
            "a member is ignored",
            """
            [Alpn("c/1")] public partial interface IC { Task<int> F(P p, CancellationToken t); }
            [MemoryPackable] public partial class P { public int X; public string? Y; }
            """,
            """
            [Alpn("c/1")] public partial interface IC { Task<int> F(P p, CancellationToken t); }
            [MemoryPackable] public partial class [|P|] { public int X; [MemoryPackIgnore] public string? Y; }
            """,
            "IROHRPC034",
            "Under \"c/1\", 'P' has lost its member 'Y': calls of 'F' between you and peers out there end in Unimplemented; undo it, and send a type of another name in a method that is [Since] a new ALPN, \"c/2\""
        },
        {
            "a member far inside is retyped",
            """
            [Alpn("c/1")] public partial interface IC { Task F(List<Q> a, CancellationToken t); }
            [MemoryPackable] public partial record Q(Dictionary<string, P[]> Inner);
            [MemoryPackable] public partial record P(int X);
            """,
            """
            [Alpn("c/1")] public partial interface IC { Task F(List<Q> a, CancellationToken t); }
            [MemoryPackable] public partial record Q(Dictionary<string, P[]> Inner);
            [MemoryPackable] public partial record P(long [|X|]);
            """,
            "IROHRPC034",
            "Under \"c/1\", 'P.X' is written as i64, and shipped as i32: calls of 'F' between you and peers out there end in Unimplemented; undo it, and send a type of another name in a method that is [Since] a new ALPN, \"c/2\""
        },
        {
            "a member in a generic type's argument is retyped",
            """
            [Alpn("c/1")] public partial interface IC { Task F(Page<P> a, CancellationToken t); }
            [MemoryPackable] public partial record Page<V>(V Value);
            [MemoryPackable] public partial record P(int X);
            """,
            """
            [Alpn("c/1")] public partial interface IC { Task F(Page<P> a, CancellationToken t); }
            [MemoryPackable] public partial record Page<V>(V Value);
            [MemoryPackable] public partial record P(uint [|X|]);
            """,
            "IROHRPC034",
            "Under \"c/1\", 'P.X' is written as u32, and shipped as i32: calls of 'F' between you and peers out there end in Unimplemented; undo it, and send a type of another name in a method that is [Since] a new ALPN, \"c/2\""
        },
        {
            "a generic type's member is retyped",
            """
            [Alpn("c/1")] public partial interface IC { Task F(Page<int> a, CancellationToken t); }
            [MemoryPackable] public partial record Page<V>(V Value, int N);
            """,
            """
            [Alpn("c/1")] public partial interface IC { Task F(Page<int> a, CancellationToken t); }
            [MemoryPackable] public partial record Page<V>(V Value, long [|N|]);
            """,
            "IROHRPC034",
            "Under \"c/1\", 'Page<int>.N' is written as i64, and shipped as i32: calls of 'F' between you and peers out there end in Unimplemented; undo it, and send a type of another name in a method that is [Since] a new ALPN, \"c/2\""
        },
        {
            "a base record gets a member",
            """
            [Alpn("c/1")] public partial interface IC { Task<int> F(P p, CancellationToken t); }
            [MemoryPackable] public partial class R { public int A; }
            [MemoryPackable] public partial class P : R { public int B; }
            """,
            """
            [Alpn("c/1")] public partial interface IC { Task<int> F(P p, CancellationToken t); }
            [MemoryPackable] public partial class R { public int A; public int [|N|]; }
            [MemoryPackable] public partial class P : R { public int B; }
            """,
            "IROHRPC034",
            "Under \"c/1\", 'P.N' is new in a type that cannot grow: calls of 'F' between you and peers out there end in Unimplemented; undo it, and send a type of another name in a method that is [Since] a new ALPN, \"c/2\""
        },
        {
            "a type is made version-tolerant",
            """
            [Alpn("c/1")] public partial interface IC { Task<int> F(P p, CancellationToken t); }
            [MemoryPackable] public partial class P { [MemoryPackOrder(0)] public int X; }
            """,
            """
            [Alpn("c/1")] public partial interface IC { Task<int> F(P p, CancellationToken t); }
            [MemoryPackable(GenerateType.VersionTolerant)] public partial class [|P|] { [MemoryPackOrder(0)] public int X; }
            """,
            "IROHRPC034",
            "Under \"c/1\", 'P' is a version-tolerant object, and shipped as a plain object: calls of 'F' between you and peers out there end in Unimplemented; undo it, and send a type of another name in a method that is [Since] a new ALPN, \"c/2\""
        },
        {
            "a struct gets a field",
            """
            [Alpn("c/1")] public partial interface IC { Task<int> F(P p, CancellationToken t); }
            public struct P { public int X; }
            """,
            """
            [Alpn("c/1")] public partial interface IC { Task<int> F(P p, CancellationToken t); }
            public struct P { public int X; public int [|Y|]; }
            """,
            "IROHRPC034",
            "Under \"c/1\", 'P.Y' is new in a type that cannot grow: calls of 'F' between you and peers out there end in Unimplemented; undo it, and send a type of another name in a method that is [Since] a new ALPN, \"c/2\""
        },
        {
            "a struct is packed",
            """
            [Alpn("c/1")] public partial interface IC { Task<int> F(P p, CancellationToken t); }
            public struct P { public byte X; public int Y; }
            """,
            """
            [Alpn("c/1")] public partial interface IC { Task<int> F(P p, CancellationToken t); }
            [System.Runtime.InteropServices.StructLayout(System.Runtime.InteropServices.LayoutKind.Sequential, Pack = 1)] public struct [|P|] { public byte X; public int Y; }
            """,
            "IROHRPC034",
            "Under \"c/1\", 'P' is laid out in memory as 'pack1', and shipped as 'sequential': calls of 'F' between you and peers out there end in Unimplemented; undo it, and send a type of another name in a method that is [Since] a new ALPN, \"c/2\""
        },
        {
            "a struct is made a class",
            """
            [Alpn("c/1")] public partial interface IC { Task<int> F(P p, CancellationToken t); }
            [MemoryPackable] public partial struct P { public int X; }
            """,
            """
            [Alpn("c/1")] public partial interface IC { Task<int> F(P p, CancellationToken t); }
            [MemoryPackable] public partial class [|P|] { public int X; }
            """,
            "IROHRPC034",
            "Under \"c/1\", 'P' is a plain object, and shipped as a struct that is copied as it stands in memory: calls of 'F' between you and peers out there end in Unimplemented; undo it, and send a type of another name in a method that is [Since] a new ALPN, \"c/2\""
        },
    };

    [Theory]
    [MemberData(nameof(Changes))]
    public Task A_changed_layout_is_an_error_where_it_changed(string change, string shipped, string source, string id, string message)
        => AssertReportedAsync(change, shipped, source, id, message);
}
