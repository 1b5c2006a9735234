namespace IrohRpc.Generators.Tests.Diagnostics;

/// <summary>What is wrong with a contract as a whole, its names and its attributes. Each with its id, the place that is marked, and the message.</summary>
internal static class ContractMistakes
{
    public static TheoryData<string, string, string> All => new()
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
            "IROHRPC016",
            """
            [Alpn("a/1")] public partial interface IC { protected Task [|F|](CancellationToken t); }
            """,
            """
            'F' is protected, or internal to another assembly, so that code generated beside it cannot name it
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
            The wire name of 'HelloAsync' is empty
            """
        },
        {
            "IROHRPC017",
            """
            [Alpn("a/1")] public partial interface IC { [[|WireName("a b")|]] Task F(CancellationToken t); }
            """,
            """
            The wire name of 'F' has white space or control characters, which nobody would see in a log
            """
        },
        {
            "IROHRPC017",
            """
            [Alpn("a/1")] public partial interface IC { [[|WireName("a\n}")|]] Task F(CancellationToken t); }
            """,
            """
            The wire name of 'F' has white space or control characters, which nobody would see in a log
            """
        },
        {
            "IROHRPC017",
            """
            [Alpn("a/1")] public partial interface IC { [[|WireName("\ud800")|]] Task F(CancellationToken t); }
            """,
            """
            The wire name of 'F' has half a character: a surrogate without the other
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
            "IROHRPC022",
            """
            [Alpn("greeter/9"), [|Alpn("greeter/10")|]] public partial interface IGreeter { Task F(CancellationToken t); }
            """,
            """
            'IGreeter' lists "greeter/9" before "greeter/10": the order says which version peers prefer, and what [Since] takes for older
            """
        },
        {
            "IROHRPC022",
            """
            [Alpn("a/1.2"), [|Alpn("a/1.2.1")|]] public partial interface IC { Task F(CancellationToken t); }
            """,
            """
            'IC' lists "a/1.2" before "a/1.2.1": the order says which version peers prefer, and what [Since] takes for older
            """
        },
        {
            "IROHRPC024",
            """
            [Alpn("a/1")] public partial interface IC { [[|WireName("X")|]] Task F() => Task.CompletedTask; }
            """,
            """
            [WireName] on 'F' has no effect: it has a body here and no peer runs it
            """
        },
        {
            "IROHRPC024",
            """
            public class Service { [[|Fault<int>|]] public Task F(CancellationToken t) => Task.CompletedTask; }
            """,
            """
            [Fault] on 'F' has no effect: it belongs on the method of the contract, which both sides read
            """
        },
    };
}
