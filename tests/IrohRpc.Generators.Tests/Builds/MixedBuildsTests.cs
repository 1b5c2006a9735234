using IrohRpc.Testing;
using IrohRpc.Transports;

namespace IrohRpc.Generators.Tests.Builds;

/// <summary>
/// Builds that claim one ALPN and were compiled apart, connected. Where their bytes differ, the call says so and nobody sees wrong data; where
/// the format tolerates the difference, both see what was sent.
/// </summary>
public class MixedBuildsTests
{
    private const string Point = "[MemoryPackable] public partial record Point(int X, int Y);";

    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(30);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("renamed type", Point, "Point", "new(1, 2)", "[MemoryPackable] public partial record Spot(int X, int Y);", "Spot", "new(1, 2)")]
    [InlineData("renamed members", Point, "Point", "new(1, 2)", "[MemoryPackable] public partial record Point(int Left, int Top);", "Point", "new(1, 2)")]
    [InlineData("reordered members", Point, "Point", "new(1, 2)", "[MemoryPackable] public partial record Point(int Y, int X);", "Point", "new(1, 2)")]
    [InlineData("reordered members by attribute", "[MemoryPackable(SerializeLayout.Explicit)] public partial class P { [MemoryPackOrder(0)] public int X; [MemoryPackOrder(1)] public int Y; }", "P", "new() { X = 1, Y = 2 }", "[MemoryPackable(SerializeLayout.Explicit)] public partial class P { [MemoryPackOrder(1)] public int X; [MemoryPackOrder(0)] public int Y; }", "P", "new() { X = 1, Y = 2 }")]
    [InlineData("retyped member", Point, "Point", "new(1, 2)", "[MemoryPackable] public partial record Point(int X, uint Y);", "Point", "new(1, 2)")]
    [InlineData("added member", Point, "Point", "new(1, 2)", "[MemoryPackable] public partial record Point(int X, int Y, int Z);", "Point", "new(1, 2, 3)")]
    [InlineData("removed member", Point, "Point", "new(1, 2)", "[MemoryPackable] public partial record Point(int X);", "Point", "new(1)")]
    [InlineData("reordered fields of a struct", "public struct S { public int X; public int Y; }", "S", "new() { X = 1 }", "public struct S { public int Y; public int X; }", "S", "new() { X = 1 }")]
    [InlineData("enum's underlying type", "public enum E : byte { A, B }", "E", "E.B", "public enum E : short { A, B }", "E", "E.B")]
    [InlineData("renamed member of an enum", "public enum E { A, B }", "E", "E.B", "public enum E { A, C }", "E", "E.C")]
    [InlineData("swapped members of an enum", "public enum E { A, B }", "E", "E.B", "public enum E { B, A }", "E", "E.B")]
    [InlineData("added member of an enum", "public enum E { A, B }", "E", "E.B", "public enum E { A, B, C }", "E", "E.C")]
    [InlineData("enum inside a type", "public enum E : byte { A, B } [MemoryPackable] public partial record R(E[] All);", "R", "new([E.B])", "public enum E : long { A, B } [MemoryPackable] public partial record R(E[] All);", "R", "new([E.B])")]
    [InlineData("element type of an array", "", "int[]", "[1, 2]", "", "long[]", "[1, 2]")]
    [InlineData("element type of a list, of the same size", "", "List<int>", "[1, 2]", "", "List<float>", "[1, 2]")]
    [InlineData("element type inside a member", "[MemoryPackable] public partial record R(List<int> L);", "R", "new([1])", "[MemoryPackable] public partial record R(List<uint> L);", "R", "new([1])")]
    [InlineData("value of a dictionary", "", "Dictionary<string, int>", "new() { [\"a\"] = 1 }", "", "Dictionary<string, string>", "new() { [\"a\"] = \"1\" }")]
    [InlineData("key of a dictionary", "", "Dictionary<string, int>", "new() { [\"a\"] = 1 }", "", "Dictionary<int, int>", "new() { [1] = 1 }")]
    [InlineData("nullable value", "", "int", "1", "", "int?", "1")]
    [InlineData("nullable element", "", "int[]", "[1]", "", "int?[]", "[1]")]
    [InlineData("arity of a tuple", "", "(int, int)", "(1, 2)", "", "(int, int, int)", "(1, 2, 3)")]
    [InlineData("types of a tuple", "", "(int, long)", "(1, 2)", "", "(long, int)", "(1, 2)")]
    [InlineData("tag of a union", "[MemoryPackable, MemoryPackUnion(0, typeof(A)), MemoryPackUnion(1, typeof(B))] public partial interface IU; [MemoryPackable] public partial record A(int X) : IU; [MemoryPackable] public partial record B(int X) : IU;", "IU", "new A(1)", "[MemoryPackable, MemoryPackUnion(1, typeof(A)), MemoryPackUnion(0, typeof(B))] public partial interface IU; [MemoryPackable] public partial record A(int X) : IU; [MemoryPackable] public partial record B(int X) : IU;", "IU", "new A(1)")]
    [InlineData("member of a union", "[MemoryPackable, MemoryPackUnion(0, typeof(A))] public partial interface IU; [MemoryPackable] public partial record A(int X) : IU;", "IU", "new A(1)", "[MemoryPackable, MemoryPackUnion(0, typeof(A))] public partial interface IU; [MemoryPackable] public partial record A(long X) : IU;", "IU", "new A(1)")]
    [InlineData("argument of a generic type", "[MemoryPackable] public partial record Box<T>(T Value);", "Box<int>", "new(1)", "[MemoryPackable] public partial record Box<T>(T Value);", "Box<long>", "new(1)")]
    [InlineData("type of another namespace's making", "", "DateTime", "new DateTime(2020, 1, 1)", "", "DateTimeOffset", "new DateTimeOffset(2020, 1, 1, 0, 0, 0, TimeSpan.Zero)")]
    [InlineData("plain against version-tolerant", Point, "Point", "new(1, 2)", "[MemoryPackable(GenerateType.VersionTolerant)] public partial record Point([property: MemoryPackOrder(0)] int X, [property: MemoryPackOrder(1)] int Y);", "Point", "new(1, 2)")]
    public async Task Builds_that_differ_refuse_each_other_and_say_why(
        string change, string oldTypes, string oldType, string oldValue, string newTypes, string newType, string newValue)
    {
        Assert.NotEmpty(change);
        using ContractBuild before = ContractBuild.Of(oldTypes, oldType, oldValue);
        using ContractBuild after = ContractBuild.Of(newTypes, newType, newValue);

        await AssertRefusedAsync(caller: before, service: after);
        await AssertRefusedAsync(caller: after, service: before);

        // Each build understands itself: what is refused is the difference.
        string same = await ExchangeAsync(after, after);
        Assert.Equal(after.Seen, same);
    }

    [Theory]
    [InlineData("a new method of a record", Point, "Point", "new(1, 2)", "[MemoryPackable] public partial record Point(int X, int Y) { public int Sum() => X + Y; }", "Point", "new(1, 2)")]
    [InlineData("another namespace of the framework's list", "", "List<int>", "[1, 2]", "", "int[]", "[1, 2]")]
    [InlineData("names of a tuple", "", "(int A, int B)", "(1, 2)", "", "(int C, int D)", "(1, 2)")]
    public async Task Builds_that_differ_in_nothing_on_the_wire_understand_each_other(
        string change, string oldTypes, string oldType, string oldValue, string newTypes, string newType, string newValue)
    {
        Assert.NotEmpty(change);
        using ContractBuild before = ContractBuild.Of(oldTypes, oldType, oldValue);
        using ContractBuild after = ContractBuild.Of(newTypes, newType, newValue);
        string sent = await ExchangeAsync(before, before);
        Assert.Equal(sent, await ExchangeAsync(before, after));
        Assert.Equal(sent, after.Seen);
        Assert.Equal(sent, await ExchangeAsync(after, before));
    }

    [Fact]
    public async Task Version_tolerant_types_grow_inside_one_version()
    {
        const string Before = """
            [MemoryPackable(GenerateType.VersionTolerant)]
            public partial class Book
            {
                [MemoryPackOrder(0)] public string Title { get; set; } = "";
                [MemoryPackOrder(1)] public int Year { get; set; }
                public override string ToString() => $"{Title} {Year}";
            }
            """;
        const string After = """
            [MemoryPackable(GenerateType.VersionTolerant)]
            public partial class Book
            {
                [MemoryPackOrder(0)] public string Title { get; set; } = "";
                [MemoryPackOrder(1)] public int Year { get; set; }
                [MemoryPackOrder(2)] public string? Author { get; set; }
                [MemoryPackOrder(3)] public List<string>? Subjects { get; set; }
                public override string ToString() => $"{Title} {Year} by {Author ?? "nobody"} on {Subjects?.Count ?? 0}";
            }
            """;
        using ContractBuild before = ContractBuild.Of(Before, "List<Book>", "[new() { Title = \"Emma\", Year = 1815 }, new() { Title = \"Persuasion\", Year = 1817 }]");
        using ContractBuild after = ContractBuild.Of(After, "List<Book>", "[new() { Title = \"Emma\", Year = 1815, Author = \"Austen\", Subjects = [\"a\", \"b\"] }, new() { Title = \"Persuasion\", Year = 1817 }]");

        Assert.Equal("[Emma 1815, Persuasion 1817]", await ExchangeAsync(before, after));
        Assert.Equal("[Emma 1815 by nobody on 0, Persuasion 1817 by nobody on 0]", after.Seen);

        // What the older build does not know is lost in it and nowhere else.
        Assert.Equal("[Emma 1815 by nobody on 0, Persuasion 1817 by nobody on 0]", await ExchangeAsync(after, before));
        Assert.Equal("[Emma 1815, Persuasion 1817]", before.Seen);

        Assert.Equal("[Emma 1815 by Austen on 2, Persuasion 1817 by nobody on 0]", await ExchangeAsync(after, after));
    }

    private static async Task AssertRefusedAsync(ContractBuild caller, ContractBuild service)
    {
        var error = await Assert.ThrowsAsync<RpcException>(() => ExchangeAsync(caller, service));
        Assert.Equal((RpcStatusCode.Unimplemented, true), (error.StatusCode, error.IsNotStarted));
        Assert.StartsWith("IExchange.ExchangeAsync has another signature here", error.Message, StringComparison.Ordinal);
        Assert.Null(service.Seen);
    }

    private static async Task<string> ExchangeAsync(ContractBuild caller, ContractBuild service)
    {
        ITransport transport = new MemoryNetwork().Transport;
        await using PeerEndpoint server = await PeerEndpoint.BindAsync(new PeerEndpointOptions { Transports = [transport] }, Token);
        await using Router router = await service.Map(server.Route()).StartAsync(Token);
        await using PeerEndpoint client = await PeerEndpoint.BindAsync(new PeerEndpointOptions { Transports = [transport], ListenOn = [] }, Token);
        return await caller.CallAsync(client, server.Ticket).WaitAsync(Bound, Token);
    }
}
