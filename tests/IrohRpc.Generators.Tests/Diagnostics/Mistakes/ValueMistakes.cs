namespace IrohRpc.Generators.Tests.Diagnostics;

/// <summary>What is wrong with the types that a method sends. Each with its id, the place that is marked, and the message.</summary>
internal static class ValueMistakes
{
    public static TheoryData<string, string, string> All => new()
    {
        {
            "IROHRPC009",
            """
            public static partial class Outer<T> { [MemoryPackable] public partial record Inner(int A); } [Alpn("a/1")] public partial interface IC { Task F([|Outer<int>.Inner|] s, CancellationToken t); }
            """,
            """
            MemoryPack cannot serialize 'Outer<int>.Inner', so 'F' cannot send it; MemoryPack's generator cannot complete a type within an interface or a generic type, or with a keyword in its full name: move or rename it
            """
        },
        {
            "IROHRPC009",
            """
            public interface IHolder { [MemoryPackable] public partial record Inner(int A); } [Alpn("a/1")] public partial interface IC { Task F([|IHolder.Inner|] s, CancellationToken t); }
            """,
            """
            MemoryPack cannot serialize 'IHolder.Inner', so 'F' cannot send it; MemoryPack's generator cannot complete a type within an interface or a generic type, or with a keyword in its full name: move or rename it
            """
        },
        {
            "IROHRPC027",
            """
            public struct S { public System.Numerics.Vector<float> V; } [Alpn("a/1")] public partial interface IC { Task F(CancellationToken t); Task G([|List<S>|] s, CancellationToken t); }
            """,
            """
            'Vector<float>' (through S.V) is as large as the machine's registers, so 'G' cannot send it; take Vector128<T> or Vector256<T>, or an array
            """
        },
        {
            "IROHRPC009",
            """
            [MemoryPackable, MemoryPackUnion(0, typeof(IRound))] public partial interface IShape; [MemoryPackable, MemoryPackUnion(0, typeof(Disc))] public partial interface IRound : IShape; [MemoryPackable] public partial record Disc(int R) : IRound; [Alpn("a/1")] public partial interface IC { Task F([|IShape|] s, CancellationToken t); }
            """,
            """
            MemoryPack cannot serialize 'IRound' (through IShape[0]), so 'F' cannot send it; no object is exactly of this type, which is what MemoryPack asks for: list the classes in its place, each with a tag
            """
        },
        {
            "IROHRPC009",
            """
            [Alpn("a/1")] public partial interface IC { Task F([|System.Runtime.InteropServices.GCHandle|] s, CancellationToken t); }
            """,
            """
            MemoryPack cannot serialize 'GCHandle', so 'F' cannot send it; it means something in this process only: send what it stands for
            """
        },
        {
            "IROHRPC009",
            """
            [Alpn("a/1")] public partial interface IC { Task F([|IFormattable|] s, CancellationToken t); }
            """,
            """
            MemoryPack cannot serialize 'IFormattable', so 'F' cannot send it; name the type that is sent
            """
        },
        {
            "IROHRPC009",
            """
            [Alpn("a/1")] public partial interface IC { Task F([|IObservable<int>|] s, CancellationToken t); }
            """,
            """
            MemoryPack cannot serialize 'IObservable<int>', so 'F' cannot send it; take IAsyncEnumerable<T>
            """
        },
        {
            "IROHRPC009",
            """
            [Alpn("a/1")] public partial interface IC { Task F([|Type|] s, CancellationToken t); }
            """,
            """
            MemoryPack cannot serialize 'Type', so 'F' cannot send it; send a name that both sides know: a peer must not choose which types a program loads
            """
        },
        {
            "IROHRPC009",
            """
            [Alpn("a/1")] public partial interface IC { Task F([|Array|] s, CancellationToken t); Task G(CancellationToken t); }
            """,
            """
            MemoryPack cannot serialize 'Array', so 'F' cannot send it; name the type of its elements, as T[]
            """
        },
        {
            "IROHRPC009",
            """
            [Alpn("a/1")] public partial interface IC { Task F([|TextReader|] s, CancellationToken t); }
            """,
            """
            MemoryPack cannot serialize 'TextReader', so 'F' cannot send it; take Stream, and read or write the text on either side
            """
        },
        {
            "IROHRPC009",
            """
            [Alpn("a/1")] public partial interface IC { Task F([|IDisposable|] s, CancellationToken t); }
            """,
            """
            MemoryPack cannot serialize 'IDisposable', so 'F' cannot send it; name the type that is sent, or one of your own with [MemoryPackable]
            """
        },
        {
            "IROHRPC009",
            """
            public class Person
            {
                public string Name { get; set; } = "";
            }

            [Alpn("greeter/1")]
            public partial interface IGreeter
            {
                Task<string> HelloAsync([|Person|] whom, CancellationToken cancellationToken);
            }
            """,
            """
            MemoryPack cannot serialize 'Person', so 'HelloAsync' cannot send it; make it partial and give it [MemoryPackable]
            """
        },
        {
            "IROHRPC009",
            """
            public class P; [MemoryPackable] public partial record R(List<P> Ps); [Alpn("a/1")] public partial interface IC { Task F([|R|] r, CancellationToken t); }
            """,
            """
            MemoryPack cannot serialize 'P' (through R.Ps), so 'F' cannot send it; make it partial and give it [MemoryPackable]
            """
        },
        {
            "IROHRPC009",
            """
            public class P; [MemoryPackable(GenerateType.VersionTolerant)] public partial class V { [MemoryPackOrder(0)] public P? Inner { get; set; } } [MemoryPackable] public partial record R(V Outer); [Alpn("a/1")] public partial interface IC { Task F([|R|] r, CancellationToken t); }
            """,
            """
            MemoryPack cannot serialize 'P' (through R.Outer → V.Inner), so 'F' cannot send it; make it partial and give it [MemoryPackable]
            """
        },
        {
            "IROHRPC009",
            """
            [Alpn("a/1")] public partial interface IC { [|Task<List<object>>|] F(CancellationToken t); }
            """,
            """
            MemoryPack cannot serialize 'object' (inside 'List<object>'), so 'F' cannot send it; name the type that is sent, or a [MemoryPackUnion]
            """
        },
        {
            "IROHRPC009",
            """
            [Alpn("a/1")] public partial interface IC { Task F([|Action|] a, CancellationToken t); }
            """,
            """
            MemoryPack cannot serialize 'Action', so 'F' cannot send it; pass a contract instead of a delegate
            """
        },
        {
            "IROHRPC009",
            """
            [Alpn("a/1")] public partial interface IC { Task F([|Span<byte>|] a, CancellationToken t); }
            """,
            """
            MemoryPack cannot serialize 'Span<byte>', so 'F' cannot send it; a span cannot leave the stack: use ReadOnlyMemory<byte> or an array
            """
        },
        {
            "IROHRPC009",
            """
            [Alpn("a/1")] public partial interface IC { Task F([|IAsyncEnumerable<Exception>|] a, CancellationToken t); }
            """,
            """
            MemoryPack cannot serialize 'Exception', so 'F' cannot send it; throw an RpcFaultException, or send what is needed of it in a type of your own
            """
        },
        {
            "IROHRPC009",
            """
            public interface ICase; [Alpn("a/1")] public partial interface IC { Task F([|ICase|] a, CancellationToken t); }
            """,
            """
            MemoryPack cannot serialize 'ICase', so 'F' cannot send it; declare its cases with [MemoryPackUnion], or give it [Alpn] for the peer to call it
            """
        },
        {
            "IROHRPC009",
            """
            public abstract class Service : IC { public abstract Task F(Service a, CancellationToken t); } [Alpn("a/1")] public partial interface IC { Task F([|Service|] a, CancellationToken t); }
            """,
            """
            MemoryPack cannot serialize 'Service', so 'F' cannot send it; name the contract 'IC' instead, so that the peer can call the object
            """
        },
        {
            "IROHRPC009",
            """
            [MemoryPackable] public partial class Node<T> { public Node<Node<T>>? Next { get; set; } } [Alpn("a/1")] public partial interface IC { Task F([|Node<int>|] a, CancellationToken t); }
            """,
            """
            MemoryPack cannot serialize 'Node<int>', which contains ever larger types of its own making, so 'F' cannot send it; give it members whose types end
            """
        },
        {
            "IROHRPC009",
            """
            [MemoryPackable] public partial class Node<T> { public Node<(T, T)>? Left { get; set; } public Node<List<T>>? Right { get; set; } } [Alpn("a/1")] public partial interface IC { Task F([|Node<int>|] a, CancellationToken t); }
            """,
            """
            MemoryPack cannot serialize 'Node<int>', which contains ever larger types of its own making, so 'F' cannot send it; give it members whose types end
            """
        },
        {
            "IROHRPC009",
            """
            public class P; [Alpn("a/1")] public partial interface IC { [[|Fault<P>|]] Task F(CancellationToken t); }
            """,
            """
            MemoryPack cannot serialize 'P', so 'F' cannot send it; make it partial and give it [MemoryPackable]
            """
        },
        {
            "IROHRPC009",
            """
            [Alpn("a/1")] public partial interface IC { Task F([|CancellationToken?|] a, CancellationToken t); }
            """,
            """
            MemoryPack cannot serialize 'CancellationToken' (inside 'CancellationToken?'), so 'F' cannot send it; a token stands by itself, as the last parameter, and cannot be null
            """
        },
        {
            "IROHRPC009",
            """
            [Alpn("a/1")] public partial interface IC { [|Task<MemoryStream>|] F(CancellationToken t); }
            """,
            """
            MemoryPack cannot serialize 'MemoryStream', so 'F' cannot send it; take Stream itself
            """
        },
        {
            "IROHRPC009",
            """
            [Alpn("a/1")] public partial interface IC { Task F([|Progress<int>|] a, CancellationToken t); }
            """,
            """
            MemoryPack cannot serialize 'Progress<int>', so 'F' cannot send it; take IProgress<T>, which Progress<T> implements
            """
        },
        {
            "IROHRPC009",
            """
            [Alpn("a/1")] public partial interface IC { Task F([|List<CallContext>|] a, CancellationToken t); }
            """,
            """
            MemoryPack cannot serialize 'CallContext' (inside 'List<CallContext>'), so 'F' cannot send it; a context stands by itself, as a parameter
            """
        },
        {
            "IROHRPC009",
            """
            [Alpn("a/1")] public partial interface IA { Task F(CancellationToken t); } [Alpn("c/1")] public partial interface IC { [[|Fault<IA>|]] Task F(CancellationToken t); }
            """,
            """
            MemoryPack cannot serialize 'IA', so 'F' cannot send it; a contract is passed as a parameter or a result, for the peer to call it
            """
        },
        {
            "IROHRPC020",
            """
            [Alpn("greeter/1")]
            public partial interface IGreeter
            {
                Task HelloAsync([|IAsyncEnumerable<string>?|] names, CancellationToken cancellationToken);
            }
            """,
            """
            Parameter 'names' of 'HelloAsync' is a nullable stream: a peer could not tell none from an empty one
            """
        },
        {
            "IROHRPC020",
            """
            [Alpn("a/1")] public partial interface IC { [|Task<Stream?>|] F(CancellationToken t); }
            """,
            """
            The result of 'F' is a nullable stream: a peer could not tell none from an empty one
            """
        },
        {
            "IROHRPC020",
            """
            [Alpn("a/1")] public partial interface IC { [|IAsyncEnumerable<int>?|] F(CancellationToken t); }
            """,
            """
            The result of 'F' is a nullable stream: a peer could not tell none from an empty one
            """
        },
        {
            "IROHRPC021",
            """
            [Alpn("greeter/1")]
            public partial interface IGreeter
            {
                Task HelloAsync([|List<IProgress<int>>|] progress, CancellationToken cancellationToken);
            }
            """,
            """
            'IProgress<int>' stands inside 'List<IProgress<int>>': streams, progress and contracts travel beside the values, as parameters or as the result
            """
        },
        {
            "IROHRPC021",
            """
            [Alpn("a/1")] public partial interface IC { Task F([|IAsyncEnumerable<Stream>|] a, CancellationToken t); }
            """,
            """
            'Stream' stands inside 'IAsyncEnumerable<Stream>': streams, progress and contracts travel beside the values, as parameters or as the result
            """
        },
        {
            "IROHRPC021",
            """
            [Alpn("a/1")] public partial interface IC { [|Task<(int, IC)>|] F(CancellationToken t); }
            """,
            """
            'IC' stands inside '(int, IC)': streams, progress and contracts travel beside the values, as parameters or as the result
            """
        },
        {
            "IROHRPC053",
            """
            [Alpn("a/1")] public partial interface IC { Task F([|List<Reading>|] a, CancellationToken t); }
            [MemoryPackable] public partial class Reading { [MemoryPackInclude] private Sample _a; public Sample2 B() => new(_a.X); private record struct Sample(int X); }
            public record Sample2(int X);
            """,
            """
            'Reading.Sample', which 'List<Reading>' contains, cannot be named by the code that checks what arrives for 'F'; make it internal where 'IC' is declared, or public elsewhere
            """
        },
        {
            "IROHRPC053",
            """
            [Alpn("a/1")] public partial interface IC { [|Task<Loop>|] F(CancellationToken t); }
            [MemoryPackable] public partial class Loop { [MemoryPackInclude] private Step? _a; public bool B() => _a is null; [MemoryPackable] private partial class Step { public List<Loop>? Back; } }
            """,
            """
            'Loop.Step', which 'Loop' contains, cannot be named by the code that checks what arrives for 'F'; make it internal where 'IC' is declared, or public elsewhere
            """
        },
        {
            "IROHRPC053",
            """
            [Alpn("a/1")] public partial interface IC { Task F([|IProgress<Book>|] a, CancellationToken t); }
            [MemoryPackable] public partial class Book { [MemoryPackInclude] private Dictionary<Key, string>? _a; public bool B() => _a is null; private enum Key { A } }
            """,
            """
            'Dictionary<Book.Key, string>', which 'Book' contains, cannot be named by the code that checks what arrives for 'F'; make it internal where 'IC' is declared, or public elsewhere
            """
        },
        {
            "IROHRPC054",
            """
            [Alpn("a/1")] public partial interface IC { Task F([|Either[]|] a, CancellationToken t); }
            [System.Runtime.InteropServices.StructLayout(System.Runtime.InteropServices.LayoutKind.Explicit)]
            public record struct Either([field: System.Runtime.InteropServices.FieldOffset(0)] Inner A, [field: System.Runtime.InteropServices.FieldOffset(12)] int B);
            public record struct Inner(byte A, DateTime B);
            """,
            """
            In 'Either', 'A' shares its bytes with 'B', so that nobody can tell whether what arrives for 'F' is a value of it: let the fields of 'Either' stand apart
            """
        },
        {
            "IROHRPC054",
            """
            [Alpn("a/1")] public partial interface IC { Task F([|List<Either>|] a, CancellationToken t); }
            [System.Runtime.InteropServices.StructLayout(System.Runtime.InteropServices.LayoutKind.Explicit)]
            public record struct Either([field: System.Runtime.InteropServices.FieldOffset(0)] byte A, [field: System.Runtime.InteropServices.FieldOffset(0)] bool B);
            """,
            """
            In 'Either', 'B' shares its bytes with 'A', so that nobody can tell whether what arrives for 'F' is a value of it: let the fields of 'Either' stand apart
            """
        },
    };
}
