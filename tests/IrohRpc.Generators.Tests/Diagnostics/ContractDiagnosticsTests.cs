using System.Collections.Immutable;
using IrohRpc.Generators.Diagnostics;
using IrohRpc.Generators.Tests.Compiling;
using Microsoft.CodeAnalysis;

namespace IrohRpc.Generators.Tests.Diagnostics;

/// <summary>Each mistake is reported with its id, where it stands, in words that name the culprit; and nothing beside it is.</summary>
public class ContractDiagnosticsTests
{
    /// <summary>Id, source with the place at fault in brackets, message.</summary>
    public static TheoryData<string, string, string> Mistakes => new()
    {
        {
            "IROHRPC001",
            """
            [Alpn("greeter/1")]
            public interface [|IGreeter|]
            {
                Task<string> HelloAsync(string name, CancellationToken cancellationToken);
            }
            """,
            """
            'IGreeter' must be partial, so that the generated half can make 'IGreeter' a contract
            """
        },
        {
            "IROHRPC002",
            """
            [[|Alpn("greeter")|]]
            public partial interface IGreeter
            {
                Task<string> HelloAsync(string name, CancellationToken cancellationToken);
            }
            """,
            """
            The ALPN "greeter" of 'IGreeter' is not of the form "name/version", such as "greeter/1"
            """
        },
        {
            "IROHRPC003",
            """
            [Alpn("greeter/1")]
            public partial interface IGreeter
            {
                Task<string> HelloAsync(string name, CancellationToken cancellationToken);
            }

            [[|Alpn("greeter/1")|]]
            public partial interface IPoliteGreeter
            {
                Task<string> GoodMorningAsync(string name, CancellationToken cancellationToken);
            }
            """,
            """
            The ALPN "greeter/1" is already that of 'IGreeter'; one ALPN is one version of one contract
            """
        },
        {
            "IROHRPC004",
            """
            [Alpn("users/1")]
            public partial interface [|IStore|]<T>
            {
                Task<T> GetAsync(int id, CancellationToken cancellationToken);
            }
            """,
            """
            'IStore' has type parameters or is nested in a type that has: a contract is one fixed set of methods
            """
        },
        {
            "IROHRPC005",
            """
            [Alpn("greeter/1")]
            public partial interface IGreeter
            {
                Task [|GreetAsync|]<T>(T whom, CancellationToken cancellationToken);
            }
            """,
            """
            'GreetAsync' has type parameters: the peer could not know which types to expect
            """
        },
        {
            "IROHRPC006",
            """
            [Alpn("greeter/1")]
            public partial interface IGreeter
            {
                int [|Count|] { get; }
            }
            """,
            """
            'Count' is a property: calls to a peer take time and can fail, so a contract has instance methods only
            """
        },
        {
            "IROHRPC007",
            """
            [Alpn("greeter/1")]
            public partial interface IGreeter
            {
                Task<bool> FindAsync(string name, ref int [|position|], CancellationToken cancellationToken);
            }
            """,
            """
            Parameter 'position' of 'FindAsync' is 'ref': a peer cannot share a variable; return the value instead
            """
        },
        {
            "IROHRPC008",
            """
            [Alpn("greeter/1")]
            public partial interface IGreeter
            {
                [|string|] Hello(string name);
            }
            """,
            """
            'Hello' returns 'string'; a call takes time: return Task, ValueTask, either with a result, IAsyncEnumerable<T>, or void for one-way
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
            "IROHRPC010",
            """
            [Alpn("greeter/1")]
            public partial interface IGreeter
            {
                Task<string> HelloAsync(string name, CancellationToken cancellationToken);

                Task<string> [|HelloAsync|](int id, CancellationToken cancellationToken);
            }
            """,
            """
            'IGreeter.HelloAsync(int, CancellationToken)' has the wire name "Hello", which is already that of 'IGreeter.HelloAsync(string, CancellationToken)'; give one of them another with [WireName]
            """
        },
        {
            "IROHRPC011",
            """
            [Alpn("greeter/1")]
            public partial interface IGreeter
            {
                Task<string> HelloAsync(CancellationToken [|cancellationToken|], string name);
            }
            """,
            """
            'HelloAsync' has a cancellation token that is not its last parameter
            """
        },
        {
            "IROHRPC012",
            """
            [Alpn("greeter/1")]
            public partial interface IGreeter
            {
                Task [|MergeAsync|](Stream left, Stream right, CancellationToken cancellationToken);
            }
            """,
            """
            'MergeAsync' has more than one stream of bytes towards the service; a call carries one of each direction
            """
        },
        {
            "IROHRPC013",
            """
            [Alpn("greeter/1")]
            public partial interface IGreeter
            {
                Task<string> [|HelloAsync|](CallContext first, CallContext second, CancellationToken cancellationToken);
            }
            """,
            """
            'HelloAsync' has more than one call context
            """
        },
        {
            "IROHRPC014",
            """
            [Alpn("greeter/1")]
            public partial interface IGreeter
            {
                void Greet(string name, [|IProgress<int>|] progress);
            }
            """,
            """
            'Greet' is one-way, yet parameter 'progress' needs something to come back; return Task or ValueTask
            """
        },
        {
            "IROHRPC015",
            """
            [Alpn("greeter/2"), Alpn("greeter/1")]
            public partial interface IGreeter
            {
                [[|Since("greeter/3")|]]
                Task<string> HelloAsync(string name, CancellationToken cancellationToken);
            }
            """,
            """
            [Since("greeter/3")] on 'HelloAsync': 'IGreeter' has no such ALPN; it has "greeter/2", "greeter/1"
            """
        },
        {
            "IROHRPC016",
            """
            [Alpn("greeter/1")]
            file partial interface [|IGreeter|]
            {
                Task<string> HelloAsync(string name, CancellationToken cancellationToken);
            }
            """,
            """
            'IGreeter' is local to its file, so that code generated beside it cannot name it
            """
        },
        {
            "IROHRPC017",
            """
            [Alpn("greeter/1")]
            public partial interface IGreeter
            {
                [[|WireName("")|]]
                Task<string> HelloAsync(string name, CancellationToken cancellationToken);
            }
            """,
            """
            The wire name of 'HelloAsync' is empty or longer than 255 bytes
            """
        },
        {
            "IROHRPC018",
            """
            [Alpn("greeter/1")]
            public partial interface IGreeter
            {
                [[|MessageLimit(0)|]]
                Task<string> HelloAsync(string name, CancellationToken cancellationToken);
            }
            """,
            """
            [MessageLimit(0)] on 'HelloAsync': the limit is at least 1 byte
            """
        },
        {
            "IROHRPC019",
            """
            [Alpn("greeter/1")]
            public partial interface IGreeter
            {
                [Fault<string>, [|Fault<string>|]]
                Task<string> HelloAsync(string name, CancellationToken cancellationToken);
            }
            """,
            """
            'HelloAsync' declares the fault 'string' twice, or two faults that are alike on the wire
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
            "IROHRPC050",
            """
            [Alpn("greeter/1")]
            public partial interface IGreeter
            {
                Task<string> [|HelloAsync|](string name);
            }
            """,
            """
            'HelloAsync' takes no cancellation token, so that a caller cannot give the call up
            """
        },
        {
            "IROHRPC001",
            """
            public static class [|Outer|] { [Alpn("a/1")] public partial interface IC; }
            """,
            """
            'Outer' must be partial, so that the generated half can make 'IC' a contract
            """
        },
        {
            "IROHRPC002",
            """
            [[|Alpn("")|]] public partial interface IC;
            """,
            """
            The ALPN "" of 'IC' is empty
            """
        },
        {
            "IROHRPC002",
            """
            [[|Alpn("a /1")|]] public partial interface IC;
            """,
            """
            The ALPN "a /1" of 'IC' has white space or control characters, which nobody would see in a log
            """
        },
        {
            "IROHRPC002",
            """
            [[|Alpn("a/")|]] public partial interface IC;
            """,
            """
            The ALPN "a/" of 'IC' is not of the form "name/version", such as "greeter/1"
            """
        },
        {
            "IROHRPC002",
            """
            [[|Alpn("/1")|]] public partial interface IC;
            """,
            """
            The ALPN "/1" of 'IC' is not of the form "name/version", such as "greeter/1"
            """
        },
        {
            "IROHRPC003",
            """
            [Alpn("a/1"), [|Alpn("a/1")|]] public partial interface IC;
            """,
            """
            The ALPN "a/1" is already that of 'IC'; one ALPN is one version of one contract
            """
        },
        {
            "IROHRPC004",
            """
            public partial class [|Outer|]<T> { [Alpn("a/1")] public partial interface IC; }
            """,
            """
            'Outer' has type parameters or is nested in a type that has: a contract is one fixed set of methods
            """
        },
        {
            "IROHRPC006",
            """
            [Alpn("a/1")] public partial interface IC { event Action [|Changed|]; }
            """,
            """
            'Changed' is an event: calls to a peer take time and can fail, so a contract has instance methods only
            """
        },
        {
            "IROHRPC006",
            """
            [Alpn("a/1")] public partial interface IC { int [|this|][int i] { get; } }
            """,
            """
            'this[]' is an indexer: calls to a peer take time and can fail, so a contract has instance methods only
            """
        },
        {
            "IROHRPC006",
            """
            [Alpn("a/1")] public partial interface IC { static abstract Task [|FAsync|](CancellationToken t); }
            """,
            """
            'FAsync' is static: calls to a peer take time and can fail, so a contract has instance methods only
            """
        },
        {
            "IROHRPC006",
            """
            public interface IBase { int [|Count|] { get; } } [Alpn("a/1")] public partial interface IC : IBase;
            """,
            """
            'Count' is a property: calls to a peer take time and can fail, so a contract has instance methods only
            """
        },
        {
            "IROHRPC007",
            """
            [Alpn("a/1")] public partial interface IC { Task F(out int [|a|], CancellationToken t); }
            """,
            """
            Parameter 'a' of 'F' is 'out': a peer cannot share a variable; return the value instead
            """
        },
        {
            "IROHRPC007",
            """
            [Alpn("a/1")] public partial interface IC { Task F(ref readonly int [|a|], CancellationToken t); }
            """,
            """
            Parameter 'a' of 'F' is 'ref readonly': a peer cannot share a variable; return the value instead
            """
        },
        {
            "IROHRPC008",
            """
            [Alpn("a/1")] public partial interface IC { [|Stream|] F(CancellationToken t); }
            """,
            """
            'F' returns 'Stream'; a call takes time: wrap it in Task<T> or ValueTask<T>
            """
        },
        {
            "IROHRPC008",
            """
            [Alpn("a/1")] public partial interface IC { [|IObservable<int>|] F(CancellationToken t); }
            """,
            """
            'F' returns 'IObservable<int>'; return IAsyncEnumerable<T> for a stream of items
            """
        },
        {
            "IROHRPC008",
            """
            [Alpn("a/1")] public partial interface IC { [|Task<int>?|] F(CancellationToken t); }
            """,
            """
            'F' returns 'Task<int>?'; a call always gives something to wait for: leave out the '?'
            """
        },
        {
            "IROHRPC008",
            """
            [Alpn("a/1")] public partial interface IC { [|Task<Task>|] F(CancellationToken t); }
            """,
            """
            'F' returns 'Task<Task>'; a call takes time: return Task, ValueTask, either with a result, IAsyncEnumerable<T>, or void for one-way
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
            MemoryPack cannot serialize 'Exception', so 'F' cannot send it; copy what is needed into a type of your own with [MemoryPackable]
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
            "IROHRPC010",
            """
            public interface IA { Task F(int a, CancellationToken t); } public interface IB { Task F(string a, CancellationToken t); } [Alpn("a/1")] public partial interface [|IC|] : IA, IB;
            """,
            """
            'IA.F(int, CancellationToken)' has the wire name "F", which is already that of 'IB.F(string, CancellationToken)'; give one of them another with [WireName]
            """
        },
        {
            "IROHRPC010",
            """
            [Alpn("a/1")] public partial interface IC { Task FAsync(int a, CancellationToken t); Task [|F|](int a, CancellationToken t); }
            """,
            """
            'IC.F(int, CancellationToken)' has the wire name "F", which is already that of 'IC.FAsync(int, CancellationToken)'; give one of them another with [WireName]
            """
        },
        {
            "IROHRPC012",
            """
            [Alpn("a/1")] public partial interface IC { Task<Stream> [|F|](PipeWriter a, CancellationToken t); }
            """,
            """
            'F' has more than one stream towards the caller; a call carries one of each direction
            """
        },
        {
            "IROHRPC012",
            """
            [Alpn("a/1")] public partial interface IC { Task<PipeWriter> [|F|](Stream a, CancellationToken t); }
            """,
            """
            'F' has more than one stream of bytes towards the service; a call carries one of each direction
            """
        },
        {
            "IROHRPC013",
            """
            [Alpn("a/1")] public partial interface IC { Task [|F|](CancellationToken a, CancellationToken b); }
            """,
            """
            'F' has more than one cancellation token
            """
        },
        {
            "IROHRPC014",
            """
            [Alpn("a/1")] public partial interface IC { void F([|PipeWriter|] a); }
            """,
            """
            'F' is one-way, yet parameter 'a' needs something to come back; return Task or ValueTask
            """
        },
        {
            "IROHRPC014",
            """
            [Alpn("a/1")] public partial interface IC { [[|Fault<string>|]] void F(); }
            """,
            """
            'F' is one-way, yet its fault needs something to come back; return Task or ValueTask
            """
        },
        {
            "IROHRPC016",
            """
            [Alpn("a/1")] public partial interface IC { protected Task [|F|](CancellationToken t); }
            """,
            """
            'F' is protected, or internal to another assembly, so that code generated beside it cannot name it
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
    };

    [Theory]
    [MemberData(nameof(Mistakes))]
    public async Task A_mistake_is_reported_where_it_stands(string id, string marked, string message)
    {
        string source = MarkedSource.Strip(marked, out int start, out int length);
        ContractProject project = ContractProject.Contract(source);
        ImmutableArray<Diagnostic> diagnostics = await project.AnalyzerDiagnosticsAsync();

        Diagnostic diagnostic = Assert.Single(diagnostics);
        Assert.Equal(id, diagnostic.Id);
        Assert.Equal(message, diagnostic.GetMessage(null));
        int offset = ContractProject.Usings.Length;
        Assert.Equal((start + offset, length), (diagnostic.Location.SourceSpan.Start, diagnostic.Location.SourceSpan.Length));
    }

    [Fact]
    public void Every_diagnostic_has_a_test()
        => Assert.Equal(
            new ContractAnalyzer().SupportedDiagnostics.Select(descriptor => descriptor.Id).Order(),
            Mistakes.Select(row => row.Data.Item1).Distinct().Order());

    [Fact]
    public async Task An_error_keeps_the_contract_from_being_generated_and_no_other()
    {
        ContractProject project = ContractProject.Contract("""
            [Alpn("a/1")] public partial interface IWrong { int F(); }
            [Alpn("b/1")] public partial interface IRight { Task F(CancellationToken t); }
            """);
        Assert.Equal("IRight.g.cs", Assert.Single(project.Generated).Key);
        Assert.Single(await project.AnalyzerDiagnosticsAsync());
    }

    [Fact]
    public async Task What_is_wrong_with_an_inherited_contract_is_reported_once()
    {
        ContractProject project = ContractProject.Contract("""
            [Alpn("a/1")] public partial interface IOld { int F(); }
            [Alpn("a/2")] public partial interface INew : IOld { Task G(CancellationToken t); }
            """);
        Assert.Equal("IROHRPC008", Assert.Single(await project.AnalyzerDiagnosticsAsync()).Id);
        Assert.Empty(project.Generated);
    }

    [Fact]
    public async Task An_ALPN_of_255_bytes_is_taken_and_a_longer_one_is_not()
    {
        static string Source(int length) => $"[Alpn(\"{new string('a', length - 2)}/1\")] public partial interface IC;";
        Assert.Empty(await ContractProject.Contract(Source(255)).AnalyzerDiagnosticsAsync());
        Diagnostic diagnostic = Assert.Single(await ContractProject.Contract(Source(256)).AnalyzerDiagnosticsAsync());
        Assert.EndsWith("has 256 bytes; TLS allows 255", diagnostic.GetMessage(null), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_one_way_method_needs_no_cancellation_token()
        => Assert.Empty(await ContractProject.Contract("[Alpn(\"a/1\")] public partial interface IC { void F(int a); }").AnalyzerDiagnosticsAsync());
}
