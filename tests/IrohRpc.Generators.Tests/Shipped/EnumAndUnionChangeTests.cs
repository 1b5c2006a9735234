namespace IrohRpc.Generators.Tests.Shipped;

/// <summary>An enum keeps its values and a union its tags.</summary>
public class EnumAndUnionChangeTests : ChangeTests
{
    /// <summary>What shipped, what the source says now with the place at fault in brackets, and what is said of it.</summary>
    public static TheoryData<string, string, string, string, string> Changes => new()
    {
        {
            "an enum has another underlying type",
            """
            [Alpn("c/1")] public partial interface IC { Task F(E e, CancellationToken t); }
            public enum E { A, B }
            """,
            """
            [Alpn("c/1")] public partial interface IC { Task F(E e, CancellationToken t); }
            public enum [|E|] : byte { A, B }
            """,
            "IROHRPC034",
            "Under \"c/1\", 'E' is an enum of u8, and shipped as one of i32: calls of 'F' between you and peers out there end in Unimplemented; undo it, and send a type of another name in a method that is [Since] a new ALPN, \"c/2\""
        },
        {
            "an enum's value is changed",
            """
            [Alpn("c/1")] public partial interface IC { Task F(E e, CancellationToken t); }
            public enum E { A, B }
            """,
            """
            [Alpn("c/1")] public partial interface IC { Task F(E e, CancellationToken t); }
            public enum E { A, [|B|] = 2 }
            """,
            "IROHRPC034",
            "Under \"c/1\", 'E.B' is 2, and shipped as 1: calls of 'F' between you and peers out there end in Unimplemented; undo it, and send a type of another name in a method that is [Since] a new ALPN, \"c/2\""
        },
        {
            "an enum loses a value",
            """
            [Alpn("c/1")] public partial interface IC { Task F(E e, CancellationToken t); }
            public enum E { A, B }
            """,
            """
            [Alpn("c/1")] public partial interface IC { Task F(E e, CancellationToken t); }
            public enum [|E|] { A }
            """,
            "IROHRPC034",
            "Under \"c/1\", 'E' has lost its member 'B' = 1: calls of 'F' between you and peers out there end in Unimplemented; undo it, and send a type of another name in a method that is [Since] a new ALPN, \"c/2\""
        },
        {
            "an enum gets a value",
            """
            [Alpn("c/1")] public partial interface IC { Task F(E e, CancellationToken t); }
            public enum E { A, B }
            """,
            """
            [Alpn("c/1")] public partial interface IC { Task F(E e, CancellationToken t); }
            public enum E { A, B, [|C|] }
            """,
            "IROHRPC034",
            "Under \"c/1\", 'E.C' is a new value of an enum that is part of its methods' ids: calls of 'F' between you and peers out there end in Unimplemented; undo it, and send a type of another name in a method that is [Since] a new ALPN, \"c/2\""
        },
        {
            "a union's tag is changed",
            """
            [Alpn("c/1")] public partial interface IC { Task F(S s, CancellationToken t); }
            [MemoryPackable, MemoryPackUnion(0, typeof(A)), MemoryPackUnion(1, typeof(B))] public abstract partial record S;
            [MemoryPackable] public partial record A(int X) : S;
            [MemoryPackable] public partial record B(int X) : S;
            [MemoryPackable] public partial record D(int X) : S;
            """,
            """
            [Alpn("c/1")] public partial interface IC { Task F(S s, CancellationToken t); }
            [MemoryPackable, MemoryPackUnion(0, typeof(A)), [|MemoryPackUnion(2, typeof(B))|]] public abstract partial record S;
            [MemoryPackable] public partial record A(int X) : S;
            [MemoryPackable] public partial record B(int X) : S;
            [MemoryPackable] public partial record D(int X) : S;
            """,
            "IROHRPC034",
            "Under \"c/1\", 'S' has 'B' with tag 2, and shipped it with 1: calls of 'F' between you and peers out there end in Unimplemented; undo it, and send a type of another name in a method that is [Since] a new ALPN, \"c/2\""
        },
        {
            "a union gets a case",
            """
            [Alpn("c/1")] public partial interface IC { Task F(S s, CancellationToken t); }
            [MemoryPackable, MemoryPackUnion(0, typeof(A)), MemoryPackUnion(1, typeof(B))] public abstract partial record S;
            [MemoryPackable] public partial record A(int X) : S;
            [MemoryPackable] public partial record B(int X) : S;
            [MemoryPackable] public partial record D(int X) : S;
            """,
            """
            [Alpn("c/1")] public partial interface IC { Task F(S s, CancellationToken t); }
            [MemoryPackable, MemoryPackUnion(0, typeof(A)), MemoryPackUnion(1, typeof(B)), [|MemoryPackUnion(2, typeof(D))|]] public abstract partial record S;
            [MemoryPackable] public partial record A(int X) : S;
            [MemoryPackable] public partial record B(int X) : S;
            [MemoryPackable] public partial record D(int X) : S;
            """,
            "IROHRPC034",
            "Under \"c/1\", 'S' has a new case 2, 'D', which older peers cannot read: calls of 'F' between you and peers out there end in Unimplemented; undo it, and send a type of another name in a method that is [Since] a new ALPN, \"c/2\""
        },
        {
            "a union loses a case",
            """
            [Alpn("c/1")] public partial interface IC { Task F(S s, CancellationToken t); }
            [MemoryPackable, MemoryPackUnion(0, typeof(A)), MemoryPackUnion(1, typeof(B))] public abstract partial record S;
            [MemoryPackable] public partial record A(int X) : S;
            [MemoryPackable] public partial record B(int X) : S;
            [MemoryPackable] public partial record D(int X) : S;
            """,
            """
            [Alpn("c/1")] public partial interface IC { Task F(S s, CancellationToken t); }
            [MemoryPackable, MemoryPackUnion(0, typeof(A))] public abstract partial record [|S|];
            [MemoryPackable] public partial record A(int X) : S;
            [MemoryPackable] public partial record B(int X) : S;
            [MemoryPackable] public partial record D(int X) : S;
            """,
            "IROHRPC034",
            "Under \"c/1\", 'S' has lost the case 1, 'B': calls of 'F' between you and peers out there end in Unimplemented; undo it, and send a type of another name in a method that is [Since] a new ALPN, \"c/2\""
        },
        {
            "a union's case is another",
            """
            [Alpn("c/1")] public partial interface IC { Task F(S s, CancellationToken t); }
            [MemoryPackable, MemoryPackUnion(0, typeof(A)), MemoryPackUnion(1, typeof(B))] public abstract partial record S;
            [MemoryPackable] public partial record A(int X) : S;
            [MemoryPackable] public partial record B(int X) : S;
            [MemoryPackable] public partial record D(int X) : S;
            """,
            """
            [Alpn("c/1")] public partial interface IC { Task F(S s, CancellationToken t); }
            [MemoryPackable, MemoryPackUnion(0, typeof(A)), [|MemoryPackUnion(1, typeof(D))|]] public abstract partial record S;
            [MemoryPackable] public partial record A(int X) : S;
            [MemoryPackable] public partial record B(int X) : S;
            [MemoryPackable] public partial record D(int X) : S;
            """,
            "IROHRPC034",
            "Under \"c/1\", 'S' has 'D' with tag 1, which shipped for 'B': calls of 'F' between you and peers out there end in Unimplemented; where it is the same by another name, give 'D' [WireName(\"B\")]; otherwise undo it, and send a type of another name in a method that is [Since] a new ALPN, \"c/2\""
        },
    };

    [Theory]
    [MemberData(nameof(Changes))]
    public Task A_changed_value_or_tag_is_an_error_where_it_changed(string change, string shipped, string source, string id, string message)
        => AssertReportedAsync(change, shipped, source, id, message);
}
