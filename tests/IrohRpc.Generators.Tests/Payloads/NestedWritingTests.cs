using IrohRpc.Generators.Tests.Builds;
using IrohRpc.Generators.Tests.Compiling;
using IrohRpc.Testing;
using IrohRpc.Transports;

namespace IrohRpc.Generators.Tests.Payloads;

/// <summary>
/// A value that contains itself fails its call wherever the cycle runs: through members that C# does not let generated code read, in the contract's project and in a
/// library of it, and through what is enumerated only while it is written.
/// </summary>
public class NestedWritingTests
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(30);

    private static readonly (string What, string Type, string Declarations)[] Cycles =
    [
        ("private field", "Loop", Class("Loop", "[MemoryPackInclude] private List<Loop>? _kids;", "made._kids = [made];")),
        ("private field of an array", "Loop", Class("Loop", "[MemoryPackInclude] private Loop[]? _kids;", "made._kids = [made];")),
        ("private property", "Loop", Class("Loop", "[MemoryPackInclude] private Dictionary<string, Loop>? Kids { get; set; }", "made.Kids = new() { [\"self\"] = made };")),
        ("internal property", "Loop", Class("Loop", "[MemoryPackInclude] internal List<Loop>? Kids { get; set; }", "made.Kids = [made];")),
        ("protected property", "Loop", Class("Loop", "[MemoryPackInclude] protected List<Loop>? Kids { get; set; }", "made.Kids = [made];")),
        ("private getter", "Loop", Class("Loop", "public List<Loop>? Kids { private get; set; }", "made.Kids = [made];")),
        ("internal field of a base", "Loop", "public abstract class Base { [MemoryPackInclude] internal List<Loop>? Kids; }" + Class("Loop : Base", "public int A;", "made.Kids = [made];")),
        ("private field of a generic type", "Loop<string>", Class("Loop<T>", "[MemoryPackInclude] private List<Loop<T>>? _kids; public T? Value { get; set; }", "made._kids = [made];")),
        ("private field of a generic type with constraints", "Loop<Item>", "public class Item2; [MemoryPackable] public partial class Item { public int A; }" + Class("Loop<T>", "[MemoryPackInclude] private List<Loop<T>?>? _kids; public T? Value { get; set; }", "made._kids = [made];", " where T : class, new()")),
        ("private field of a struct within a class", "Loop", Class("Loop", "public Part Inner { get; set; }", "made.Inner = Part.Of(made);") + "[MemoryPackable] public partial struct Part { [MemoryPackInclude] private List<Loop>? _kids; public static Part Of(Loop loop) => new() { _kids = [loop] }; }"),
        ("private tolerant member", "Loop", "[MemoryPackable(GenerateType.VersionTolerant)] public partial class Loop { [MemoryPackInclude, MemoryPackOrder(0)] private Loop? _next; public static Loop Make() { var made = new Loop(); made._next = made; return made; } }"),
        ("private class in between", "Loop", Class("Loop", "[MemoryPackInclude] private Step? _next;", "made._next = new Step { Back = [made] };") + "[MemoryPackable] public partial class Step { [MemoryPackInclude] internal List<Loop>? Back; }"),
        ("enumerable", "Loop", Class("Loop", "public IEnumerable<Loop>? Kids { get; set; }", "made.Kids = Enumerable.Range(0, 1).Select(_ => made);")),
        ("enumerable of ever new objects", "Loop", Class("Loop", "public IEnumerable<Loop>? Kids { get; set; }", "made.Kids = Enumerable.Range(0, 1).Select(_ => Make());")),
        ("enumerable in private", "Loop", Class("Loop", "[MemoryPackInclude] private IEnumerable<Loop>? _kids;", "made._kids = Enumerable.Range(0, 1).Select(_ => made);")),
        ("list below an enumerable", "Loop", Class("Loop", "public IEnumerable<Loop>? Kids { get; set; } public List<Loop>? More { get; set; }", "var low = new Loop(); low.More = [low]; made.Kids = Enumerable.Range(0, 1).Select(_ => low);")),
        ("enumerable of lists", "Loop", Class("Loop", "public IEnumerable<List<Loop>>? Kids { get; set; }", "made.Kids = Enumerable.Range(0, 1).Select(_ => new List<Loop> { made });")),
        ("enumerable of enumerables", "Loop", Class("Loop", "public IEnumerable<IEnumerable<Loop>>? Kids { get; set; }", "made.Kids = Enumerable.Range(0, 1).Select(_ => Enumerable.Range(0, 1).Select(_ => made));")),
        ("lazy", "Loop", Class("Loop", "public Lazy<Loop>? Next { get; set; }", "made.Next = new Lazy<Loop>(() => made);")),
        ("union", "ILoop", "[MemoryPackable, MemoryPackUnion(0, typeof(Loop))] public partial interface ILoop { static ILoop Make() => Loop.Make(); }" + Class("Loop : ILoop", "[MemoryPackInclude] private List<ILoop>? _kids;", "made._kids = [made];")),
        ("grouping", "Loop", Class("Loop", "public ILookup<int, Loop>? Kids { get; set; }", "made.Kids = new[] { made }.ToLookup(_ => 1);")),
        ("immutable array", "Loop", Class("Loop", "public System.Collections.Immutable.ImmutableArray<Loop> Kids { get; set; }", "made.Kids = [made];")),
        ("nullable struct", "Loop", Class("Loop", "public Part? Inner { get; set; }", "made.Inner = new Part { Kids = [made] };") + "[MemoryPackable] public partial struct Part { public Loop[]? Kids { get; set; } }"),
        ("tuple", "Loop", Class("Loop", "public (int, List<Loop>?) Inner { get; set; }", "made.Inner = (1, [made]);")),
    ];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static TheoryData<string, ReferenceKind?> All => new(Cycles.SelectMany(
        _ => (ReferenceKind?[])[null, ReferenceKind.Assembly, ReferenceKind.ReferenceAssembly], static (row, kind) => new TheoryDataRow<string, ReferenceKind?>(row.What, kind)));

    [Theory]
    [MemberData(nameof(All))]
    public async Task A_value_that_contains_itself_fails_its_call(string what, ReferenceKind? library)
    {
        (_, string type, string declarations) = Cycles.Single(cycle => cycle.What == what);
        using ContractBuild build = ContractBuild.Of(declarations, type, type + ".Make()", library);
        ITransport transport = new MemoryNetwork().Transport;
        await using PeerEndpoint server = await PeerEndpoint.BindAsync(new PeerEndpointOptions { Transports = [transport] }, Token);
        await using Router router = await build.Map(server.Route()).StartAsync(Token);
        await using PeerEndpoint client = await PeerEndpoint.BindAsync(new PeerEndpointOptions { Transports = [transport], ListenOn = [] }, Token);
        var error = await Assert.ThrowsAsync<RpcException>(() => build.CallAsync(client, server.Ticket).WaitAsync(Bound, Token));
        Assert.Equal((RpcStatusCode.InvalidArgument, true), (error.StatusCode, error.IsNotStarted));
        Assert.Contains("contains itself", error.Message, StringComparison.Ordinal);
    }

    // Each says that it has a few items, and enumerates without end.
    private const string Endless = """
        public sealed class Endless<T>(Func<T> make) : ICollection<T>, IReadOnlyList<T>, IReadOnlyDictionary<string, T>
        {
            public int Count => 3;
            public bool IsReadOnly => true;
            public IEnumerator<T> GetEnumerator() { while (true) { yield return make(); } }
            System.Collections.IEnumerator System.Collections.IEnumerable.GetEnumerator() => GetEnumerator();
            IEnumerator<KeyValuePair<string, T>> IEnumerable<KeyValuePair<string, T>>.GetEnumerator() { while (true) { yield return new("a", make()); } }
            public T this[int index] => make();
            public T this[string key] => make();
            public IEnumerable<string> Keys => ["a"];
            public IEnumerable<T> Values => this;
            public bool ContainsKey(string key) => true;
            public bool TryGetValue(string key, out T value) { value = make(); return true; }
            public bool Contains(T item) => true;
            public void Add(T item) => throw new NotSupportedException();
            public void Clear() => throw new NotSupportedException();
            public bool Remove(T item) => throw new NotSupportedException();
            public void CopyTo(T[] array, int index) => throw new NotSupportedException();
        }
        [MemoryPackable] public partial class Node { public ICollection<Node?>? Kids { get; set; } public IReadOnlyDictionary<string, Node?>? Named { get; set; } }
        """;

    [Theory]
    [InlineData("IReadOnlyList<Node?>", "new Endless<Node?>(() => new())")]
    [InlineData("IReadOnlyCollection<Node?>", "new Endless<Node?>(() => null)")]
    [InlineData("Node", "new() { Kids = new Endless<Node?>(() => new()) }")]
    [InlineData("Node", "new() { Named = new Endless<Node?>(() => new()) }")]
    [InlineData("IReadOnlyCollection<int[]>", "new Endless<int[]>(() => [1])")]
    [InlineData("ICollection<List<decimal>?>", "new Endless<List<decimal>?>(() => null)")]
    [InlineData("IReadOnlyDictionary<string, int[]>", "new Endless<int[]>(() => [1])")]
    public async Task A_collection_that_enumerates_without_end_fails_its_call(string type, string value)
    {
        using ContractBuild build = ContractBuild.Of(Endless, type, value);
        ITransport transport = new MemoryNetwork().Transport;
        await using PeerEndpoint server = await PeerEndpoint.BindAsync(new PeerEndpointOptions { Transports = [transport] }, Token);
        await using Router router = await build.Map(server.Route()).StartAsync(Token);
        await using PeerEndpoint client = await PeerEndpoint.BindAsync(new PeerEndpointOptions { Transports = [transport], ListenOn = [] }, Token);
        var error = await Assert.ThrowsAsync<RpcException>(() => build.CallAsync(client, server.Ticket).WaitAsync(Bound, Token));
        Assert.Equal((RpcStatusCode.ResourceExhausted, true), (error.StatusCode, error.IsNotStarted));
        Assert.Null(build.Seen);
    }

    private static string Class(string name, string members, string cycle, string constraints = "")
    {
        string bare = name.Split(' ')[0];
        return $"[MemoryPackable] public partial class {name}{constraints} {{ {members} public static {bare} Make() {{ var made = new {bare}(); {cycle} return made; }} }}";
    }
}
