namespace IrohRpc.Generators.Tests.Shipped;

/// <summary>A method keeps the form in which it shipped.</summary>
public class SignatureChangeTests : ChangeTests
{
    /// <summary>What shipped, what the source says now with the place at fault in brackets, and what is said of it.</summary>
    public static TheoryData<string, string, string, string, string> Changes => new()
    {
        {
            "a parameter is added",
            """[Alpn("c/1")] public partial interface IC { Task<int> F(string a, CancellationToken t); }""",
            """[Alpn("c/1")] public partial interface IC { Task<int> F(string a, [|int|] b, CancellationToken t); }""",
            "IROHRPC032",
            "Under \"c/1\", 'IC.F' has a new parameter 2 (i32): calls between you and peers out there end in Unimplemented; undo it, and put the new form into a method of another name, [Since] a new ALPN, \"c/2\""
        },
        {
            "a parameter is added in front",
            """[Alpn("c/1")] public partial interface IC { Task<int> F(string a, CancellationToken t); }""",
            """[Alpn("c/1")] public partial interface IC { Task<int> F([|int|] b, string a, CancellationToken t); }""",
            "IROHRPC032",
            "Under \"c/1\", 'IC.F' has a new parameter 1 (i32): calls between you and peers out there end in Unimplemented; undo it, and put the new form into a method of another name, [Since] a new ALPN, \"c/2\""
        },
        {
            "a parameter is removed",
            """[Alpn("c/1")] public partial interface IC { Task<int> F(string a, int b, CancellationToken t); }""",
            """[Alpn("c/1")] public partial interface IC { Task<int> [|F|](string a, CancellationToken t); }""",
            "IROHRPC032",
            "Under \"c/1\", 'IC.F' has lost its parameter 2 (i32): calls between you and peers out there end in Unimplemented; undo it, and put the new form into a method of another name, [Since] a new ALPN, \"c/2\""
        },
        {
            "parameters are reordered",
            """[Alpn("c/1")] public partial interface IC { Task<int> F(string a, int b, CancellationToken t); }""",
            """[Alpn("c/1")] public partial interface IC { Task<int> [|F|](int b, string a, CancellationToken t); }""",
            "IROHRPC032",
            "Under \"c/1\", 'IC.F' takes (i32, string), where (string, i32) shipped: calls between you and peers out there end in Unimplemented; undo it, and put the new form into a method of another name, [Since] a new ALPN, \"c/2\""
        },
        {
            "a parameter is retyped",
            """[Alpn("c/1")] public partial interface IC { Task<int> F(int a, CancellationToken t); }""",
            """[Alpn("c/1")] public partial interface IC { Task<int> F([|long|] a, CancellationToken t); }""",
            "IROHRPC032",
            "Under \"c/1\", 'IC.F' takes i64 as parameter 1, where i32 shipped: calls between you and peers out there end in Unimplemented; undo it, and put the new form into a method of another name, [Since] a new ALPN, \"c/2\""
        },
        {
            "a parameter is made nullable",
            """[Alpn("c/1")] public partial interface IC { Task<int> F(int a, CancellationToken t); }""",
            """[Alpn("c/1")] public partial interface IC { Task<int> F([|int?|] a, CancellationToken t); }""",
            "IROHRPC032",
            "Under \"c/1\", 'IC.F' takes opt<i32> as parameter 1, where i32 shipped: calls between you and peers out there end in Unimplemented; undo it, and put the new form into a method of another name, [Since] a new ALPN, \"c/2\""
        },
        {
            "all parameters are others",
            """[Alpn("c/1")] public partial interface IC { Task<int> F(int a, CancellationToken t); }""",
            """[Alpn("c/1")] public partial interface IC { Task<int> [|F|](string a, Guid b, CancellationToken t); }""",
            "IROHRPC032",
            "Under \"c/1\", 'IC.F' takes (string, guid), where (i32) shipped: calls between you and peers out there end in Unimplemented; undo it, and put the new form into a method of another name, [Since] a new ALPN, \"c/2\""
        },
        {
            "a generic argument is retyped",
            """[Alpn("c/1")] public partial interface IC { Task<int> F(List<int> a, CancellationToken t); }""",
            """[Alpn("c/1")] public partial interface IC { Task<int> F([|List<long>|] a, CancellationToken t); }""",
            "IROHRPC032",
            "Under \"c/1\", 'IC.F' takes list<i64> as parameter 1, where list<i32> shipped: calls between you and peers out there end in Unimplemented; undo it, and put the new form into a method of another name, [Since] a new ALPN, \"c/2\""
        },
        {
            "a dictionary takes the place of a list",
            """[Alpn("c/1")] public partial interface IC { Task<int> F(List<KeyValuePair<int, int>> a, CancellationToken t); }""",
            """[Alpn("c/1")] public partial interface IC { Task<int> F([|Dictionary<int, int>|] a, CancellationToken t); }""",
            "IROHRPC032",
            "Under \"c/1\", 'IC.F' takes map<i32, i32> as parameter 1, where list<pair<i32, i32>> shipped: calls between you and peers out there end in Unimplemented; undo it, and put the new form into a method of another name, [Since] a new ALPN, \"c/2\""
        },
        {
            "a tuple has another arity",
            """[Alpn("c/1")] public partial interface IC { Task<int> F((int, int) a, CancellationToken t); }""",
            """[Alpn("c/1")] public partial interface IC { Task<int> F([|(int, int, int)|] a, CancellationToken t); }""",
            "IROHRPC032",
            "Under \"c/1\", 'IC.F' takes tuple<i32, i32, i32> as parameter 1, where tuple<i32, i32> shipped: calls between you and peers out there end in Unimplemented; undo it, and put the new form into a method of another name, [Since] a new ALPN, \"c/2\""
        },
        {
            "the result is retyped",
            """[Alpn("c/1")] public partial interface IC { Task<int> F(CancellationToken t); }""",
            """[Alpn("c/1")] public partial interface IC { [|Task<string>|] F(CancellationToken t); }""",
            "IROHRPC032",
            "Under \"c/1\", 'IC.F' returns string, where i32 shipped: calls between you and peers out there end in Unimplemented; undo it, and put the new form into a method of another name, [Since] a new ALPN, \"c/2\""
        },
        {
            "the result is made nullable",
            """[Alpn("c/1")] public partial interface IC { Task<int> F(CancellationToken t); }""",
            """[Alpn("c/1")] public partial interface IC { [|Task<int?>|] F(CancellationToken t); }""",
            "IROHRPC032",
            "Under \"c/1\", 'IC.F' returns opt<i32>, where i32 shipped: calls between you and peers out there end in Unimplemented; undo it, and put the new form into a method of another name, [Since] a new ALPN, \"c/2\""
        },
        {
            "the result is removed",
            """[Alpn("c/1")] public partial interface IC { Task<int> F(CancellationToken t); }""",
            """[Alpn("c/1")] public partial interface IC { [|Task|] F(CancellationToken t); }""",
            "IROHRPC032",
            "Under \"c/1\", 'IC.F' returns void, where i32 shipped: calls between you and peers out there end in Unimplemented; undo it, and put the new form into a method of another name, [Since] a new ALPN, \"c/2\""
        },
        {
            "the result is added",
            """[Alpn("c/1")] public partial interface IC { Task F(CancellationToken t); }""",
            """[Alpn("c/1")] public partial interface IC { [|Task<int>|] F(CancellationToken t); }""",
            "IROHRPC032",
            "Under \"c/1\", 'IC.F' returns i32, where void shipped: calls between you and peers out there end in Unimplemented; undo it, and put the new form into a method of another name, [Since] a new ALPN, \"c/2\""
        },
        {
            "the method is made one-way",
            """[Alpn("c/1")] public partial interface IC { Task F(CancellationToken t); }""",
            """[Alpn("c/1")] public partial interface IC { [|void|] F(CancellationToken t); }""",
            "IROHRPC032",
            "Under \"c/1\", 'IC.F' returns oneway, where void shipped: calls between you and peers out there end in Unimplemented; undo it, and put the new form into a method of another name, [Since] a new ALPN, \"c/2\""
        },
        {
            "the result is streamed",
            """[Alpn("c/1")] public partial interface IC { Task<List<int>> F(CancellationToken t); }""",
            """[Alpn("c/1")] public partial interface IC { [|IAsyncEnumerable<int>|] F(CancellationToken t); }""",
            "IROHRPC032",
            "Under \"c/1\", 'IC.F' returns stream<i32>, where list<i32> shipped: calls between you and peers out there end in Unimplemented; undo it, and put the new form into a method of another name, [Since] a new ALPN, \"c/2\""
        },
        {
            "the result is streamed no more",
            """[Alpn("c/1")] public partial interface IC { IAsyncEnumerable<int> F(CancellationToken t); }""",
            """[Alpn("c/1")] public partial interface IC { [|Task<int[]>|] F(CancellationToken t); }""",
            "IROHRPC032",
            "Under \"c/1\", 'IC.F' returns list<i32>, where stream<i32> shipped: calls between you and peers out there end in Unimplemented; undo it, and put the new form into a method of another name, [Since] a new ALPN, \"c/2\""
        },
        {
            "a parameter is streamed",
            """[Alpn("c/1")] public partial interface IC { Task F(int[] a, CancellationToken t); }""",
            """[Alpn("c/1")] public partial interface IC { Task F([|IAsyncEnumerable<int>|] a, CancellationToken t); }""",
            "IROHRPC032",
            "Under \"c/1\", 'IC.F' takes stream<i32> as parameter 1, where list<i32> shipped: calls between you and peers out there end in Unimplemented; undo it, and put the new form into a method of another name, [Since] a new ALPN, \"c/2\""
        },
        {
            "a stream of bytes takes the place of an array",
            """[Alpn("c/1")] public partial interface IC { Task F(byte[] a, CancellationToken t); }""",
            """[Alpn("c/1")] public partial interface IC { Task F([|Stream|] a, CancellationToken t); }""",
            "IROHRPC032",
            "Under \"c/1\", 'IC.F' takes bytes as parameter 1, where list<u8> shipped: calls between you and peers out there end in Unimplemented; undo it, and put the new form into a method of another name, [Since] a new ALPN, \"c/2\""
        },
        {
            "reports of progress are added",
            """[Alpn("c/1")] public partial interface IC { Task F(int a, CancellationToken t); }""",
            """[Alpn("c/1")] public partial interface IC { Task F(int a, [|IProgress<int>|] b, CancellationToken t); }""",
            "IROHRPC032",
            "Under \"c/1\", 'IC.F' has a new parameter 2 (progress<i32>): calls between you and peers out there end in Unimplemented; undo it, and put the new form into a method of another name, [Since] a new ALPN, \"c/2\""
        },
        {
            "a parameter's type is renamed",
            """
            [Alpn("c/1")] public partial interface IC { Task<int> F(P p, CancellationToken t); }
            [MemoryPackable] public partial record P(int X);
            """,
            """
            [Alpn("c/1")] public partial interface IC { Task<int> F([|Q|] p, CancellationToken t); }
            [MemoryPackable] public partial record Q(int X);
            """,
            "IROHRPC032",
            "Under \"c/1\", 'IC.F' takes Q as parameter 1, where P shipped: calls between you and peers out there end in Unimplemented; where it is the same by another name, give 'Q' [WireName(\"P\")]; otherwise undo it, and put the new form into a method of another name, [Since] a new ALPN, \"c/2\""
        },
        {
            "a contract as a parameter is another",
            """
            [Alpn("c/1")] public partial interface IC { Task F(IX a, CancellationToken t); }
            [Alpn("x/1")] public partial interface IX { void G(); }
            [Alpn("y/1")] public partial interface IY { void G(); }
            """,
            """
            [Alpn("c/1")] public partial interface IC { Task F([|IY|] a, CancellationToken t); }
            [Alpn("x/1")] public partial interface IX { void G(); }
            [Alpn("y/1")] public partial interface IY { void G(); }
            """,
            "IROHRPC032",
            "Under \"c/1\", 'IC.F' takes contract<y> as parameter 1, where contract<x> shipped: calls between you and peers out there end in Unimplemented; undo it, and put the new form into a method of another name, [Since] a new ALPN, \"c/2\""
        },
        {
            "a fault is declared no more",
            """
            [Alpn("c/1")] public partial interface IC { [Fault<Gone>] Task F(CancellationToken t); }
            [MemoryPackable] public partial record Gone(int X);
            """,
            """
            [Alpn("c/1")] public partial interface IC { Task [|F|](CancellationToken t); }
            [MemoryPackable] public partial record Gone(int X);
            """,
            "IROHRPC032",
            "Under \"c/1\", 'IC.F' no longer declares the fault 'Gone': peers out there wait for that fault, and get an RpcException without it; declare it again"
        },
        {
            "the interface declares a fault no more",
            """
            [Fault<Gone>] [Alpn("c/1")] public partial interface IC { Task F(CancellationToken t); }
            [MemoryPackable] public partial record Gone(int X);
            """,
            """
            [Alpn("c/1")] public partial interface IC { Task [|F|](CancellationToken t); }
            [MemoryPackable] public partial record Gone(int X);
            """,
            "IROHRPC032",
            "Under \"c/1\", 'IC.F' no longer declares the fault 'Gone': peers out there wait for that fault, and get an RpcException without it; declare it again"
        },
        {
            "an inherited method is changed",
            """
            public interface IBase { Task F(int a, CancellationToken t); }
            [Alpn("c/1")] public partial interface IC : IBase {  }
            """,
            """
            public interface IBase { Task F([|long|] a, CancellationToken t); }
            [Alpn("c/1")] public partial interface IC : IBase {  }
            """,
            "IROHRPC032",
            "Under \"c/1\", 'IC.F' takes i64 as parameter 1, where i32 shipped: calls between you and peers out there end in Unimplemented; undo it, and put the new form into a method of another name, [Since] a new ALPN, \"c/2\""
        },
    };

    [Theory]
    [MemberData(nameof(Changes))]
    public Task A_changed_signature_is_an_error_where_it_changed(string change, string shipped, string source, string id, string message)
        => AssertReportedAsync(change, shipped, source, id, message);
}
