namespace IrohRpc.Generators.Tests.Diagnostics;

/// <summary>What is wrong with a method's shape: parameters, result, and what they are to each other. Each with its id, the place that is marked, and the message.</summary>
internal static class MethodMistakes
{
    public static TheoryData<string, string, string> All => new()
    {
        {
            "IROHRPC008",
            """
            [Alpn("a/1")] public partial interface IC { [|ref Task|] F(CancellationToken t); }
            """,
            """
            'F' returns 'ref Task'; a peer cannot share a variable: leave out the 'ref'
            """
        },
        {
            "IROHRPC010",
            """
            public interface IIndex<T> { Task AddAsync(T item, CancellationToken t); } [Alpn("a/1")] public partial interface [|IC|] : IIndex<int>, IIndex<string>;
            """,
            """
            'IIndex<int>.AddAsync(int, CancellationToken)' has the wire name "Add", which is already that of 'IIndex<string>.AddAsync(string, CancellationToken)'; declare one of them in 'IC' once more, as 'new' and with a [WireName] of its own
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
            "IROHRPC023",
            """
            [Alpn("a/1")] public partial interface IC { [[|Idempotent|]] Task F(IAsyncEnumerable<int> rows, CancellationToken t); }
            """,
            """
            [Idempotent] on 'F' has no effect: what parameter 'rows' streams can be read only once
            """
        },
        {
            "IROHRPC023",
            """
            [Alpn("a/1")] public partial interface IC { [[|Idempotent|]] void F(); }
            """,
            """
            [Idempotent] on 'F' has no effect: nobody learns whether a one-way call has arrived
            """
        },
        {
            "IROHRPC025",
            """
            [Alpn("a/1")] public partial interface IC { void F(int a, [|IAsyncEnumerable<int>|] items); }
            """,
            """
            'F' is one-way, so that its handler has ended before it could read parameter 'items'; return Task or ValueTask
            """
        },
        {
            "IROHRPC025",
            """
            [Alpn("a/1")] public partial interface IC { void F([|Stream|] bytes); }
            """,
            """
            'F' is one-way, so that its handler has ended before it could read parameter 'bytes'; return Task or ValueTask
            """
        },
        {
            "IROHRPC026",
            """
            [Alpn("a/1")] public partial interface IC { void F(); } public class C : IC { public async void [|F|]() => await Task.Yield(); }
            """,
            """
            'F' is async void: an exception in it would end the whole process; let 'IC.F' return Task or ValueTask, or see to exceptions elsewhere
            """
        },
        {
            "IROHRPC026",
            """
            [Alpn("a/1")] public partial interface IC : IBase; public interface IBase { void F(); } public class C : IC { async void IBase.[|F|]() => await Task.Yield(); }
            """,
            """
            'IBase.F' is async void: an exception in it would end the whole process; let 'IBase.F' return Task or ValueTask, or see to exceptions elsewhere
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
    };
}
