using IrohRpc.Generators.Tests.Compiling;
using Microsoft.CodeAnalysis;

namespace IrohRpc.Generators.Tests.Diagnostics;

/// <summary>What users do with contracts is reported where it does something else than it seems to, and nowhere else.</summary>
public class UsageDiagnosticsTests
{
    private const string Types = """
        [MemoryPackable] public partial class Animal { public string? Name { get; set; } }
        [MemoryPackable] public partial class Dog : Animal { public int Tricks { get; set; } }
        [MemoryPackable, MemoryPackUnion(0, typeof(Disc))] public abstract partial class Shape;
        [MemoryPackable] public partial class Disc : Shape;
        public interface IPlain { ValueTask<int> PlainAsync(); }
        [Alpn("a/1")] public partial interface IC : IPlain
        {
            ValueTask<int> CountAsync(CancellationToken t = default);
            Task<int> TaskAsync(CancellationToken t = default);
            ValueTask EndAsync(CancellationToken t = default);
            Task SendAsync(Animal animal, Dictionary<string, int>? map = null, IEnumerable<string>? list = null, Shape? shape = null);
            Task<Animal> FindAsync(int id);
            ValueTask<Dictionary<string, int>> MapAsync();
            IAsyncEnumerable<Animal> AllAsync();
        }
        [MemoryPackable(GenerateType.Collection)] public partial class OwnMap : Dictionary<string, int>
        {
            public OwnMap() { }
            public OwnMap(IEqualityComparer<string> comparer) : base(comparer) { }
        }
        public class LargerMap : OwnMap { public int Extra { get; set; } }
        [MemoryPackable(GenerateType.Collection)] public partial class OwnSet : HashSet<string>
        {
            public OwnSet() { }
            public OwnSet(IEqualityComparer<string> comparer) : base(comparer) { }
        }
        public class NoCase : List<string>;
        [MemoryPackable] public partial record House(Animal Owner) { public HashSet<string>? Names { get; init; } public Animal? Guest { get; init; } [MemoryPackIgnore] public Animal? Unsent { get; init; } }
        [Alpn("pets/1")] public partial interface IPets { Task SendAsync(IEnumerable<Animal> all); Task PairAsync((Animal, int) pair); Task HouseAsync(House house); Task WatchAsync(IProgress<Animal> progress); }
        [Alpn("own/1")] public partial interface IOwn { Task SendAsync(OwnMap map, OwnSet set, CancellationToken t = default); }
        public interface INot { Task F(); }
        public class NotImpl : INot { public Task F() => Task.CompletedTask; }
        [MemoryPackable] public partial class Pen { public Animal? Star { get; set; } public List<Animal> All { get; set; } = []; }
        [MemoryPackable] public partial record Pair(Animal One, Animal? Two);
        [Alpn("zoo/1")] public partial interface IZoo { Task PutAsync(Pen? pen, Pair? pair = null, IReadOnlyList<Animal>? all = null, Animal[]? many = null, CancellationToken t = default); }
        """;

    [Theory]
    [InlineData("int F(IC c) => c.CountAsync().[|Result|];", "IROHRPC044")]
    [InlineData("int F(IC c) => c.CountAsync().GetAwaiter().GetResult();", "IROHRPC044")]
    [InlineData("void F(IC c) => c.EndAsync().ConfigureAwait(false).GetAwaiter().GetResult();", "IROHRPC044")]
    [InlineData("int F(IC c) { var t = c.CountAsync(); return t.Result; }", "IROHRPC044")]
    [InlineData("int F(IC c) => c.PlainAsync().Result;", "IROHRPC044")]
    [InlineData("int F(IC c) { var t = c.CountAsync(); return t.IsCompletedSuccessfully ? t.Result : t.AsTask().GetAwaiter().GetResult(); }", null)]
    [InlineData("int F(IC c) => c.TaskAsync().Result;", null)]
    [InlineData("async Task<int> F(IC c) => await c.CountAsync();", null)]
    [InlineData("int F() => new ValueTask<int>(1).Result;", null)]
    [InlineData("object F(RouterBuilder r, INot s) => r.Map<INot>(s);", "IROHRPC043")]
    [InlineData("object F(RouterBuilder r, Impl s) => r.Map<Impl>(s);", "IROHRPC043")]
    [InlineData("object F(RouterBuilder r) => r.Map(new Impl());", "IROHRPC043")]
    [InlineData("object F(RouterBuilder r) => r.Map(new NotImpl());", "IROHRPC043")]
    [InlineData("object F(RouterBuilder r, NotImpl service) => r.Map(service);", "IROHRPC043")]
    [InlineData("object F(PeerEndpoint e, EndpointTicket t) => e.Connect<INot>(t);", "IROHRPC043")]
    [InlineData("object F(PeerEndpoint e, EndpointTicket t) => e.Connect<Impl>(t);", "IROHRPC043")]
    [InlineData("Task F(PeerEndpoint e, EndpointTicket t) => e.ConnectAsync<string>(t);", "IROHRPC043")]
    [InlineData("object F(PeerEndpoint e, EndpointTicket t) => e.Connect<IC>(t);", null)]
    [InlineData("object F(RouterBuilder r, IC s) => r.Map(s);", null)]
    [InlineData("Task F(IC c) => c.SendAsync(new Dog());", "IROHRPC048")]
    [InlineData("Task F(IC c) { Animal a = new Dog(); return c.SendAsync(a); }", "IROHRPC048")]
    [InlineData("Task F(IC c, Dog d) => c.SendAsync(animal: d);", "IROHRPC048")]
    [InlineData("Task F(IC c) => c.SendAsync(new Animal(), shape: new Disc());", null)]
    [InlineData("Task F(IZoo z) => z.PutAsync(new Pen { Star = new Dog() });", "IROHRPC048")]
    [InlineData("Task F(IZoo z) => z.PutAsync(new Pen { All = [new Animal(), new Dog()] });", "IROHRPC048")]
    [InlineData("Task F(IZoo z) { var pen = new Pen { All = new List<Animal> { new Dog() } }; return z.PutAsync(pen); }", "IROHRPC048")]
    [InlineData("Task F(IZoo z) => z.PutAsync(null, new Pair(new Animal(), new Dog()));", "IROHRPC048")]
    [InlineData("Task F(IZoo z) => z.PutAsync(null, null, [new Dog()]);", "IROHRPC048")]
    [InlineData("Task F(IZoo z) => z.PutAsync(null, null, new List<Animal> { new Dog() });", "IROHRPC048")]
    [InlineData("Task F(IZoo z) => z.PutAsync(null, many: new Animal[] { new Dog() });", "IROHRPC048")]
    [InlineData("Task F(IC c, bool b) => c.SendAsync(b ? new Dog() : new Animal());", "IROHRPC048")]
    [InlineData("Task F(IC c, Animal? a) => c.SendAsync(a ?? new Dog());", "IROHRPC048")]
    [InlineData("Task F(IC c, int n) => c.SendAsync(n switch { 1 => new Animal(), _ => new Dog() });", "IROHRPC048")]
    [InlineData("Task F(IC c, Animal? a, bool b) => c.SendAsync(a ?? (b ? new Animal() : a!));", null)]
    [InlineData("Task F(IZoo z) => z.PutAsync(new Pen { Star = new Animal(), All = [new Animal()] }, new Pair(new Animal(), null), [new()], new Animal[] { new() });", null)]
    [InlineData("Task F(IC c) => c.SendAsync(new(), new(StringComparer.OrdinalIgnoreCase));", "IROHRPC047")]
    [InlineData("Task F(IC c) { var m = new Dictionary<string, int>(StringComparer.CurrentCulture); return c.SendAsync(new(), m); }", "IROHRPC047")]
    [InlineData("Task F(IC c) => c.SendAsync(new(), list: new SortedSet<string>(Comparer<string>.Create((a, b) => b.CompareTo(a))));", "IROHRPC047")]
    [InlineData("Task F(IC c, string[] a) => c.SendAsync(new(), list: a.ToHashSet(StringComparer.OrdinalIgnoreCase));", "IROHRPC047")]
    [InlineData("Task F(IC c, string[] a) => c.SendAsync(new(), a.ToDictionary(x => x, x => 1, StringComparer.InvariantCulture));", "IROHRPC047")]
    [InlineData("Task F(IC c) => c.SendAsync(new(), new(StringComparer.Ordinal));", null)]
    [InlineData("Task F(IOwn c) => c.SendAsync(new OwnMap(StringComparer.OrdinalIgnoreCase), new());", "IROHRPC047")]
    [InlineData("Task F(IOwn c) { var set = new OwnSet(StringComparer.CurrentCulture); return c.SendAsync(new(), set); }", "IROHRPC047")]
    [InlineData("Task F(IOwn c) => c.SendAsync(new OwnMap(), new OwnSet());", null)]
    [InlineData("Task F(IOwn c) => c.SendAsync(new OwnMap(StringComparer.Ordinal), new());", null)]
    [InlineData("Task F(IOwn c) => c.SendAsync(new LargerMap(), new());", "IROHRPC048")]
    [InlineData("Task F(IC c) => c.SendAsync(new(), new OwnMap());", "IROHRPC048")]
    [InlineData("Task F(IC c) => c.SendAsync(new(), null, new NoCase());", null)]
    [InlineData("Task F(IC c) => c.SendAsync(new(), new((IEqualityComparer<string>?)null));", null)]
    [InlineData("Task F(IC c) => c.SendAsync(new(), new() { [\"a\"] = 1 }, new List<string>());", null)]
    [InlineData("int F(IC c) { ValueTask<int> t; t = c.CountAsync(); return t.Result; }", "IROHRPC044")]
    [InlineData("int F(IC c) { var awaiter = c.CountAsync().GetAwaiter(); return awaiter.GetResult(); }", "IROHRPC044")]
    [InlineData("void F(IC c) { var configured = c.EndAsync().ConfigureAwait(false); configured.GetAwaiter().GetResult(); }", "IROHRPC044")]
    [InlineData("object F<T>(PeerEndpoint e, EndpointTicket t) where T : class => e.Connect<T>(t);", "IROHRPC043")]
    [InlineData("object F<T>(PeerEndpoint e, EndpointTicket t) where T : class, IrohRpc.CompilerServices.IContract<T> => e.Connect<T>(t);", null)]
    [InlineData("Task F(IC c, Animal? x) => c.SendAsync(x ?? new Dog());", "IROHRPC048")]
    [InlineData("Task F(IC c, int x) => c.SendAsync(x switch { 1 => new Dog(), _ => new Animal() });", "IROHRPC048")]
    [InlineData("Task F(IC c) => c.SendAsync(Pet); private static readonly Animal Pet = new Dog();", "IROHRPC048")]
    [InlineData("Task F(IC c) => c.SendAsync(new(), Map); private Dictionary<string, int> Map { get; } = new(StringComparer.OrdinalIgnoreCase);", "IROHRPC047")]
    [InlineData("Task F(IC c) { Dictionary<string, int> m; m = new(StringComparer.OrdinalIgnoreCase); return c.SendAsync(new(), m); }", "IROHRPC047")]
    [InlineData("Task F(IC c) => c.SendAsync(new(), list: System.Collections.Immutable.ImmutableHashSet<string>.Empty.WithComparer(StringComparer.OrdinalIgnoreCase).Add(\"a\"));", "IROHRPC047")]
    [InlineData("Task F(IPets c) => c.SendAsync([new Dog(), new Animal()]);", "IROHRPC048")]
    [InlineData("Task F(IPets c, Dog[] dogs) => c.SendAsync([.. dogs]);", "IROHRPC048")]
    [InlineData("Task F(IPets c, List<Dog> dogs) => c.SendAsync(dogs);", "IROHRPC048")]
    [InlineData("Task F(IPets c) => c.SendAsync(new List<Animal> { new Dog() });", "IROHRPC048")]
    [InlineData("Task F(IPets c) => c.SendAsync(new Animal[] { new Dog() });", "IROHRPC048")]
    [InlineData("Task F(IPets c) => c.PairAsync((new Dog(), 1));", "IROHRPC048")]
    [InlineData("Task F(IPets c) => c.HouseAsync(new House(new Dog()));", "IROHRPC048")]
    [InlineData("Task F(IPets c) => c.HouseAsync(new House(new Animal()) { Names = new(StringComparer.OrdinalIgnoreCase) });", "IROHRPC047")]
    [InlineData("Task F(IPets c, House h) => c.HouseAsync(h with { Guest = new Dog() });", "IROHRPC048")]
    [InlineData("Task F(IPets c, House h) => c.HouseAsync(h with { Unsent = new Dog() });", null)]
    [InlineData("Task F(IPets c, Dictionary<string, int> names) => c.HouseAsync(new House(new Animal()) { Names = [.. names.Keys] });", null)]
    [InlineData("void F() => throw new RpcFaultException<Animal>(new Dog(), \"x\");", "IROHRPC048")]
    [InlineData("void F(IProgress<Animal> p) => p.Report(new Dog());", null)]
    public async Task A_use_is_reported_where_it_misleads(string method, string? id)
    {
        string source = Types + $$"""

            public abstract class Impl : IC
            {
                public abstract ValueTask<int> PlainAsync();
                public abstract ValueTask<int> CountAsync(CancellationToken t);
                public abstract Task<int> TaskAsync(CancellationToken t);
                public abstract ValueTask EndAsync(CancellationToken t);
                public abstract Task SendAsync(Animal animal, Dictionary<string, int>? map, IEnumerable<string>? list, Shape? shape);
                public abstract Task<Animal> FindAsync(int id);
                public abstract ValueTask<Dictionary<string, int>> MapAsync();
                public abstract IAsyncEnumerable<Animal> AllAsync();
            }
            public class Use { public {{method.Replace("new Impl()", "(Impl)null!", StringComparison.Ordinal).Replace("[|", "", StringComparison.Ordinal).Replace("|]", "", StringComparison.Ordinal)}} }
            """;
        await AssertReportedAsync(source, id);
    }

    [Theory]
    [InlineData("public async Task<Animal> FindAsync(int id) { await Task.Yield(); return new Dog(); }", "IROHRPC048")]
    [InlineData("public Task<Animal> FindAsync(int id) => Task.FromResult<Animal>(new Dog());", "IROHRPC048")]
    [InlineData("public async Task<Animal> FindAsync(int id) { await Task.Yield(); return id > 1 ? new Dog() : new Animal(); }", "IROHRPC048")]
    [InlineData("public ValueTask<Dictionary<string, int>> MapAsync() => new(new Dictionary<string, int>(StringComparer.OrdinalIgnoreCase));", "IROHRPC047")]
    [InlineData("public async IAsyncEnumerable<Animal> AllAsync() { await Task.Yield(); yield return new Animal(); yield return new Dog(); }", "IROHRPC048")]
    [InlineData("public Task<Animal> FindAsync(int id) { Animal found = new Dog(); return Task.FromResult(found); }", "IROHRPC048")]
    [InlineData("public Task<Animal> FindAsync(int id) => Task.FromResult(new Animal()); private Animal Other() => new Dog();", null)]
    public async Task An_answer_is_reported_where_it_arrives_as_less(string method, string? id)
        => await AssertReportedAsync(Types + $"public abstract class Service : IC {{ {method} {Rest(method)} }}", id);

    [Theory]
    [InlineData("public Task F(CancellationToken t) => throw new RpcFaultException<Lost>(new());", "IROHRPC055")]
    [InlineData("public Task F(CancellationToken t) { Action a = () => throw new RpcFaultException<Lost>(new()); a(); return Task.CompletedTask; }", "IROHRPC055")]
    [InlineData("public Task F(CancellationToken t) => throw Make(); Exception Make() => new RpcFaultException<Lost>(new());", "IROHRPC055")]
    [InlineData("public Task F(CancellationToken t) => throw new RpcFaultException<string>(\"declared for G only\");", "IROHRPC055")]
    [InlineData("public Task F(CancellationToken t) => throw Make(); Exception Make() => new RpcFaultException<string>(\"declared for one\");", null)]
    [InlineData("public Task F(CancellationToken t) => throw new RpcFaultException<int>(1);", null)]
    [InlineData("public Task F(CancellationToken t) => throw new RpcException(RpcStatusCode.Aborted, \"no\");", null)]
    public async Task A_fault_is_reported_where_no_caller_gets_its_detail(string method, string? id)
        => await AssertReportedAsync(
            $$"""
            [MemoryPackable] public partial class Lost;
            [Alpn("a/1"), Fault<int>] public partial interface IC { Task F(CancellationToken t); [Fault<string>] Task G(CancellationToken t); }
            public class Service : IC { {{method}} public Task G(CancellationToken t) => throw new RpcFaultException<string>("declared"); }
            public class Elsewhere { public Exception Make() => new RpcFaultException<Lost>(new()); }
            """,
            id);

    [Theory]
    [InlineData("[Alpn(\"a/1\")] public partial interface IC { Task F(CancellationToken t) => Task.CompletedTask; }", "IROHRPC042")]
    [InlineData("[Alpn(\"a/1\")] public partial interface IC { int X => 1; }", "IROHRPC042")]
    [InlineData("public interface IBase { Task F(CancellationToken t) => Task.CompletedTask; } [Alpn(\"a/1\")] public partial interface IC : IBase; public class Service : IC { public Task F(CancellationToken t) => Task.CompletedTask; }", "IROHRPC051")]
    [InlineData("public interface IBase { Task F(CancellationToken t) => Task.CompletedTask; } [Alpn(\"a/1\")] public partial interface IC : IBase; public class Service : IC; public class Other : IBase { public Task F(CancellationToken t) => Task.CompletedTask; }", null)]
    [InlineData("public interface IBase { Task F(CancellationToken t) => Task.CompletedTask; } [Alpn(\"a/1\")] public partial interface IC : IBase; public class Base { public Task F(CancellationToken t) => Task.CompletedTask; } public class Service : Base, IC;", "IROHRPC051")]
    [InlineData("public interface IBase { Task F(CancellationToken t) => Task.CompletedTask; } [Alpn(\"a/1\")] public partial interface IC : IBase { abstract Task IBase.F(CancellationToken t); } public class Service : IC { public Task F(CancellationToken t) => Task.CompletedTask; }", null)]
    [InlineData("public class Watcher : IPets { public Task SendAsync(IEnumerable<Animal> all) => Task.CompletedTask; public Task PairAsync((Animal, int) pair) => Task.CompletedTask; public Task HouseAsync(House house) => Task.CompletedTask; public Task WatchAsync(IProgress<Animal> progress) { progress.Report(new Dog()); return Task.CompletedTask; } } [MemoryPackable] public partial class Animal; [MemoryPackable] public partial class Dog : Animal; [MemoryPackable] public partial record House(Animal Owner); [Alpn(\"pets/1\")] public partial interface IPets { Task SendAsync(IEnumerable<Animal> all); Task PairAsync((Animal, int) pair); Task HouseAsync(House house); Task WatchAsync(IProgress<Animal> progress); }", "IROHRPC048")]
    [InlineData("[Fault<int>] public partial interface IBase { Task F(CancellationToken t); }", "IROHRPC046")]
    [InlineData("[MemoryPackable, MemoryPackUnion(0, typeof(Leaf)), WireName(\"Tree\")] public partial interface ITree; [MemoryPackable] public partial class Leaf : ITree;", null)]
    [InlineData("[Alpn(\"a/1\")] public partial interface IC { sealed int X => 1; static int Y => 1; private int Z() => 1; }", null)]
    [InlineData("public interface IBase { [Since(\"b/2\")] Task F(CancellationToken t); } [Alpn(\"a/2\"), Alpn(\"a/1\")] public partial interface IC : IBase; [Alpn(\"b/2\"), Alpn(\"b/1\")] public partial interface ID : IBase;", null)]
    [InlineData("public interface IBase<T> { [Since(\"b/2\")] Task F(T a, CancellationToken t); } [Alpn(\"a/2\"), Alpn(\"a/1\")] public partial interface IC : IBase<int>;", "IROHRPC045")]
    [InlineData("public interface IBase { [Idempotent] Task F(CancellationToken t); }", null)]
    [InlineData("public partial interface IBase { [Idempotent] Task F(CancellationToken t); }", "IROHRPC046")]
    public async Task A_declaration_is_reported_where_it_misleads(string source, string? id) => await AssertReportedAsync(source, id);

    [Theory]
    [InlineData("void F(string a, CallContext c, CancellationToken t);", null)]
    [InlineData("Task F(string a, CancellationToken t);", "IROHRPC060")]
    [InlineData("ValueTask<int> F(CancellationToken t);", "IROHRPC060")]
    [InlineData("IAsyncEnumerable<int> F();", "IROHRPC060")]
    [InlineData("void F(IOther other, CancellationToken t);", "IROHRPC060")]
    [InlineData("void F(CancellationToken t); Task G(CancellationToken t);", "IROHRPC060")]
    public async Task A_contract_is_refused_where_only_one_way_methods_are_taken(string methods, string? id)
        => await AssertReportedAsync(
            $$"""
            [Alpn("o/1")] public partial interface IOther { void F(CancellationToken t); }
            [Alpn("a/1")] public partial interface IC { {{methods}} }
            public class Use { public IC F(IrohRpc.Gossip.GossipTopic topic) => IrohRpc.Gossip.TopicContractExtensions.Broadcast<IC>(topic); }
            """,
            id);

    [Fact]
    public async Task A_contract_is_refused_for_what_it_inherits_as_well()
        => await AssertReportedAsync(
            """
            public interface IBase { Task F(CancellationToken t); }
            [Alpn("a/1")] public partial interface IC : IBase { void G(CancellationToken t); }
            public class Use { public object F(IrohRpc.Gossip.GossipTopic topic, IC me) => IrohRpc.Gossip.TopicContractExtensions.Subscribe<IC>(topic, me); }
            """,
            "IROHRPC060");

    private static readonly string[] Abstracts =
    [
        "public abstract ValueTask<int> PlainAsync();", "public abstract ValueTask<int> CountAsync(CancellationToken t);", "public abstract Task<int> TaskAsync(CancellationToken t);",
        "public abstract ValueTask EndAsync(CancellationToken t);", "public abstract Task SendAsync(Animal animal, Dictionary<string, int>? map, IEnumerable<string>? list, Shape? shape);",
        "public abstract Task<Animal> FindAsync(int id);", "public abstract ValueTask<Dictionary<string, int>> MapAsync();", "public abstract IAsyncEnumerable<Animal> AllAsync();"
    ];

    private static string Rest(string method)
        => string.Concat(Abstracts.Where(declaration => !method.Contains(declaration.Split('(')[0].Split(' ')[^1] + "(", StringComparison.Ordinal)));

    private static async Task AssertReportedAsync(string source, string? id)
    {
        ContractProject project = ContractProject.Contract(source);
        Assert.Empty(project.Compilation.GetDiagnostics(TestContext.Current.CancellationToken)
            .Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error && (id != "IROHRPC043" || diagnostic.Id is not ("CS0311" or "CS0310" or "CS0452" or "CS1501" or "CS0411"))));
        Assert.Equal(id is null ? [] : [id], (await project.UsageDiagnosticsAsync()).Select(diagnostic => diagnostic.Id));
    }
}
