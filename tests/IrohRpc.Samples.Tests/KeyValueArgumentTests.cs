using IrohRpc.Samples.Tests.Programs;
using IrohRpc.Samples.Tests.Stores;
using KeyValue;
using KeyValue.Service;

namespace IrohRpc.Samples.Tests;

/// <summary>What a stranger may send to the store.</summary>
public sealed class KeyValueArgumentTests : IAsyncLifetime
{
    private const int LongestKey = 1024;
    private const int LargestValue = 1024 * 1024;

    private static readonly string TooLong = new('k', LongestKey + 1);

    private StoreHost _host = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _host = await StoreHost.StartAsync();
        await _host.PutAsync("a", "1");
    }

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Theory]
    [InlineData("")]
    [InlineData("nul\0")]
    [InlineData(null)]
    public async Task A_bad_key_is_refused_by_every_call_that_takes_one(string? given)
    {
        string key = given ?? TooLong;

        await ExpectInvalidAsync(store => store.PutAsync(key, default, 0, Cancellation));
        await ExpectInvalidAsync(store => store.GetAsync(key, 0, Cancellation));
        await ExpectInvalidAsync(store => store.DeleteAsync(KeyRange.Of(key), Cancellation));
        await ExpectInvalidAsync(store => store.RangeAsync(new RangeRequest(KeyRange.Of(key)), Cancellation).FirstAsync(Cancellation));
        await ExpectInvalidAsync(store => store.WatchAsync(KeyRange.Of(key), 1, Cancellation).FirstAsync(Cancellation));
        await ExpectInvalidAsync(store => store.TransactAsync(new Transaction([], [new Change(key, default)], []), Cancellation));
        await ExpectInvalidAsync(store => store.TransactAsync(new Transaction([], [], [new Change(key, null)]), Cancellation));
        await ExpectInvalidAsync(store => store.TransactAsync(
            new Transaction([new Comparison(key, CompareTarget.Version, CompareOperator.Equal, 0)], [], []), Cancellation));
        await ExpectInvalidAsync(store => store.ImportAsync(
            new[] { new ImportRow(key, default) }.ToAsyncEnumerable(), new RecordedProgress(), Cancellation));
    }

    [Fact]
    public async Task A_key_that_is_no_Unicode_is_refused()
    {
        RpcException error = await Assert.ThrowsAsync<RpcException>(
            () => new KeyValueService(_host.Store).PutAsync("\uD800", default, 0, Cancellation).AsTask());

        Assert.Equal(RpcStatusCode.InvalidArgument, error.StatusCode);
    }

    [Fact]
    public async Task A_bad_range_is_refused()
    {
        foreach (KeyRange range in new[] { new KeyRange("b", "a"), new KeyRange("😀", "\uFFFD"), new KeyRange(null!, ""), new KeyRange("", TooLong) })
        {
            await ExpectInvalidAsync(store => store.DeleteAsync(range, Cancellation));
            await ExpectInvalidAsync(store => store.RangeAsync(new RangeRequest(range), Cancellation).FirstAsync(Cancellation));
            await ExpectInvalidAsync(store => store.WatchAsync(range, 1, Cancellation).FirstAsync(Cancellation));
        }
    }

    [Fact]
    public async Task A_negative_number_is_refused()
    {
        await ExpectInvalidAsync(store => store.GetAsync("a", -1, Cancellation));
        await ExpectInvalidAsync(store => store.RangeAsync(new RangeRequest(KeyRange.All, Revision: -1), Cancellation).FirstAsync(Cancellation));
        await ExpectInvalidAsync(store => store.RangeAsync(new RangeRequest(KeyRange.All, Limit: -1), Cancellation).FirstAsync(Cancellation));
        await ExpectInvalidAsync(store => store.WatchAsync(KeyRange.All, -1, Cancellation).FirstAsync(Cancellation));
        await ExpectInvalidAsync(async store =>
        {
            await store.CompactAsync(-1, Cancellation);
            return 0;
        });
    }

    [Fact]
    public async Task A_bad_transaction_is_refused()
    {
        Change a = new("a", "x".Bytes());
        Transaction[] transactions =
        [
            new(null!, [a], []),
            new([], null!, []),
            new([], [a], null!),
            new([null!], [a], []),
            new([], [null!], []),
            new([], [a, new Change("a", null)], []),
            new([], [], [a, a]),
            new([new Comparison("a", (CompareTarget)9, CompareOperator.Equal, 0)], [a], [a]),
            new([new Comparison("a", CompareTarget.Version, (CompareOperator)9, 0)], [a], [a]),
            new([], [new Change("b", new byte[LargestValue + 1])], []),
        ];
        foreach (Transaction transaction in transactions)
        {
            await ExpectInvalidAsync(store => store.TransactAsync(transaction, Cancellation));
        }
    }

    [Fact]
    public async Task A_value_that_is_too_large_is_refused_and_harms_nothing()
    {
        await ExpectInvalidAsync(store => store.PutAsync("a", new byte[LargestValue + 1], 0, Cancellation));
        await ExpectInvalidAsync(store => store.ImportAsync(
            new[] { new ImportRow("a", new byte[LargestValue + 1]) }.ToAsyncEnumerable(), new RecordedProgress(), Cancellation));

        // Beyond the limit of a message the library itself refuses.
        RpcException error = await Assert.ThrowsAsync<RpcException>(
            () => _host.Caller.PutAsync("a", new byte[16 * LargestValue], 0, Cancellation).AsTask());
        Assert.Equal(RpcStatusCode.ResourceExhausted, error.StatusCode);
        Assert.Equal("1", await _host.GetAsync("a"));
    }

    [Fact]
    public async Task The_longest_key_with_the_largest_value_can_be_put_read_and_watched()
    {
        string key = new('k', LongestKey);
        byte[] value = new byte[LargestValue];
        Random.Shared.NextBytes(value);

        await _host.Caller.PutAsync(key, value, 0, Cancellation);

        Assert.Equal(value, (await _host.Caller.GetAsync(key, 0, Cancellation))!.Value);
        Assert.Equal(value, (await _host.Caller.RangeAsync(new RangeRequest(KeyRange.Of(key)), Cancellation).SingleAsync(Cancellation)).Value);
        Assert.Equal(value, (await _host.WatchAsync(KeyRange.All, 2, 1))[0].Changes[0].Entry!.Value);
    }

    [Fact]
    public async Task The_largest_transaction_can_be_watched()
    {
        Change[] changes = [.. Enumerable.Range(0, 20_000).Select(number => new Change($"{number:D5}{new string('k', 150)}", default(ReadOnlyMemory<byte>)))];

        await _host.Caller.TransactAsync(new Transaction([], changes, []), Cancellation);

        int seen = 0;
        await foreach (WatchedRevision part in _host.Caller.WatchAsync(KeyRange.All, 2, Cancellation))
        {
            Assert.Equal(2, part.Revision);
            seen += part.Changes.Length;
            if (!part.Continues)
            {
                break;
            }
        }

        Assert.Equal(changes.Length, seen);
    }

    private async Task ExpectInvalidAsync<T>(Func<IKeyValue, ValueTask<T>> call)
    {
        RpcException error = await Assert.ThrowsAsync<RpcException>(() => call(_host.Caller).Soon());
        Assert.Equal(RpcStatusCode.InvalidArgument, error.StatusCode);
        Assert.Equal(1, await _host.Caller.RevisionAsync(Cancellation));
    }
}
