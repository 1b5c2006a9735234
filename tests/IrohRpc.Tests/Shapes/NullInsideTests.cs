using MemoryPack;

namespace IrohRpc.Tests;

/// <summary>A null within an argument or a result is refused where its type says that there is none, as a null argument is.</summary>
public sealed class NullInsideTests
{
    private static readonly Dictionary<string, Func<INulls, Task>> Refusals = new()
    {
        ["row of a grid"] = nulls => nulls.GridAsync([[1], null!], Token).AsTask(),
        ["item of a list"] = nulls => nulls.NamesAsync(["a", null!], Token).AsTask(),
        ["value of a map"] = nulls => nulls.MapAsync(new() { ["k"] = null! }, Token).AsTask(),
        ["member"] = nulls => nulls.MemberAsync(new Named { Name = null! }, Token).AsTask(),
        ["member of an item"] = nulls => nulls.MembersAsync([new Named { Name = null! }], Token).AsTask(),
        ["streamed item"] = nulls => nulls.ItemsAsync(new[] { "a", null! }.ToAsyncEnumerable(), Token).AsTask(),
        ["contract"] = nulls => nulls.PassAsync(null!, Token).AsTask(),
    };

    public static TheoryData<string> Places => [.. Refusals.Keys];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(Places))]
    public async Task Null_within_an_argument_is_refused_where_its_type_has_none(string place)
    {
        var nulls = new Nulls();
        await using Pair<INulls> pair = await Pair<INulls>.StartAsync(nulls);
        var error = await Assert.ThrowsAsync<RpcException>(() => Refusals[place](pair.Proxy).Soon());
        Assert.Equal(RpcStatusCode.InvalidArgument, error.StatusCode);
        Assert.Equal(2, await pair.Proxy.MaybeAsync(["a", null], Token).Soon());
    }

    private sealed class Nulls : INulls
    {
        public ValueTask<int> GridAsync(int[][] rows, CancellationToken cancellationToken) => new(rows.Length);

        public ValueTask<int> NamesAsync(IReadOnlyList<string> names, CancellationToken cancellationToken) => new(names.Count);

        public ValueTask<int> MapAsync(Dictionary<string, string> map, CancellationToken cancellationToken) => new(map.Count);

        public ValueTask<int> MemberAsync(Named named, CancellationToken cancellationToken) => new(named.Name.Length);

        public ValueTask<int> MembersAsync(Named[] named, CancellationToken cancellationToken) => new(named.Length);

        public async ValueTask<int> ItemsAsync(IAsyncEnumerable<string> items, CancellationToken cancellationToken) => await items.CountAsync(cancellationToken);

        public ValueTask<int> PassAsync(INulls other, CancellationToken cancellationToken) => new(1);

        public ValueTask<int> MaybeAsync(IReadOnlyList<string?> names, CancellationToken cancellationToken) => new(names.Count);
    }
}

/// <summary>A contract that takes values within values.</summary>
[Alpn("nulls/1")]
public partial interface INulls
{
    ValueTask<int> GridAsync(int[][] rows, CancellationToken cancellationToken = default);

    ValueTask<int> NamesAsync(IReadOnlyList<string> names, CancellationToken cancellationToken = default);

    ValueTask<int> MapAsync(Dictionary<string, string> map, CancellationToken cancellationToken = default);

    ValueTask<int> MemberAsync(Named named, CancellationToken cancellationToken = default);

    ValueTask<int> MembersAsync(Named[] named, CancellationToken cancellationToken = default);

    ValueTask<int> ItemsAsync(IAsyncEnumerable<string> items, CancellationToken cancellationToken = default);

    ValueTask<int> PassAsync(INulls other, CancellationToken cancellationToken = default);

    ValueTask<int> MaybeAsync(IReadOnlyList<string?> names, CancellationToken cancellationToken = default);
}

/// <summary>A value with a member that is never null.</summary>
[MemoryPackable]
public partial class Named
{
    public string Name { get; set; } = "";
}
