using IrohRpc.Samples.Tests.Programs;
using IrohRpc.Samples.Tests.Stores;
using KeyValue;
using KeyValue.Commands;
using KeyValue.Service;
using NSubstitute;
using NSubstitute.Extensions;

namespace IrohRpc.Samples.Tests;

/// <summary>Watches, and how they go on after an interruption.</summary>
public sealed class KeyValueWatchTests : IAsyncLifetime
{
    private StoreHost _host = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _host = await StoreHost.StartAsync();

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task A_watch_gives_what_has_happened_and_then_what_happens()
    {
        await _host.PutAsync("a", "1");
        await _host.PutAsync("b", "2");
        await using IAsyncEnumerator<WatchedRevision> watch = _host.Caller.WatchAsync(KeyRange.All, 1, Cancellation)
            .GetAsyncEnumerator(Cancellation);

        Assert.Equal("1: a=1", await NextAsync(watch));
        Assert.Equal("2: b=2", await NextAsync(watch));
        await _host.PutAsync("a", "3");
        Assert.Equal("3: a=3", await NextAsync(watch));
        await _host.Caller.DeleteAsync(KeyRange.All, Cancellation);
        Assert.Equal("4: -a -b", await NextAsync(watch));
    }

    [Fact]
    public async Task A_watch_sees_its_range_and_nothing_else()
    {
        await _host.PutAsync("a/1", "in");
        await _host.PutAsync("b", "out");
        await _host.Caller.TransactAsync(
            new Transaction([], [new Change("a/2", "in".Bytes()), new Change("c", "out".Bytes())], []), Cancellation);
        await _host.PutAsync("a/1", "in");

        WatchedRevision[] revisions = await _host.WatchAsync(KeyRange.Prefix("a/"), 1, 3);

        Assert.Equal(["1: a/1=in", "3: a/2=in", "4: a/1=in"], revisions.Select(StoreText.Text));
    }

    [Fact]
    public async Task A_watch_from_a_revision_to_come_waits_for_it()
    {
        Task<WatchedRevision[]> watch = _host.WatchAsync(KeyRange.All, 3, 1);
        for (int revision = 1; revision <= 4; revision++)
        {
            // The watcher wakes with each of them, and must not take one before its own.
            await _host.PutAsync("a", $"{revision}");
        }

        Assert.Equal("3: a=3", (await watch)[0].Text());
    }

    [Fact]
    public async Task A_watch_from_a_compacted_revision_is_told_where_to_start()
    {
        await _host.PutAsync("a", "1");
        await _host.PutAsync("a", "2");
        await _host.Caller.DeleteAsync(KeyRange.Of("a"), Cancellation);
        await _host.PutAsync("b", "4");
        await _host.Caller.CompactAsync(3, Cancellation);

        var error = await Assert.ThrowsAsync<RpcFaultException<CompactedFault>>(() => _host.WatchAsync(KeyRange.All, 2, 1));
        Assert.Equal((RpcStatusCode.OutOfRange, 3), (error.StatusCode, error.Detail.OldestRevision));

        Assert.Equal(["3: -a", "4: b=4"], (await _host.WatchAsync(KeyRange.All, 3, 2)).Select(StoreText.Text));
    }

    [Fact]
    public async Task A_revision_that_is_too_big_for_a_message_comes_in_parts_which_the_client_joins()
    {
        await PutManyAsync(1100);
        await _host.Caller.DeleteAsync(KeyRange.All, Cancellation);
        await _host.PutAsync("next", "");

        WatchedRevision[] parts = await _host.WatchAsync(KeyRange.All, 1101, 4);
        Assert.Equal([(1101, true), (1101, true), (1101, false), (1102, false)], parts.Select(part => (part.Revision, part.Continues)));
        Assert.Equal(Enumerable.Range(0, 1100).Select(key => $"{key:D4}"), parts.SkipLast(1).SelectMany(part => part.Changes).Select(change => change.Key));

        WatchedRevision[] whole = await ResumingWatch.WatchAsync(_host.Caller, KeyRange.All, 1101, cancellationToken: Cancellation)
            .Take(2).ToArrayAsync(Cancellation).Soon();
        Assert.Equal([(1101, 1100, false), (1102, 1, false)], whole.Select(one => (one.Revision, one.Changes.Length, one.Continues)));
    }

    [Fact]
    public async Task A_resuming_watch_misses_and_repeats_nothing_while_connections_break()
    {
        const int Revisions = 240;
        const int Losses = 6;
        const int Between = Revisions / Losses;
        const int Ahead = Between / 2;
        int interruptions = 0;
        bool isLost = false;
        using var noticed = new SemaphoreSlim(0);
        IAsyncEnumerable<WatchedRevision> watch = ResumingWatch.WatchAsync(_host.Caller, KeyRange.All, 1, _ => Interrupted(), Cancellation);
        var writing = new KeyValueService(_host.Store);

        var seen = new List<string>();
        Task writer = WriteAsync();
        await foreach (WatchedRevision revision in watch)
        {
            seen.Add(revision.Text());
            if (seen.Count == Revisions)
            {
                break;
            }

            if (seen.Count % Between == 0)
            {
                isLost = true;
                _host.LoseConnection();
            }
        }

        await writer;
        Assert.Equal(Enumerable.Range(1, Revisions).Select(number => $"{number}: key={number}"), seen);
        Assert.Equal(Losses - 1, interruptions);

        // Called by the watch, between two items.
        void Interrupted()
        {
            if (isLost)
            {
                isLost = false;
                interruptions++;
                noticed.Release();
            }
        }

        // Stays ahead of the watch by less than the watch needs to reach the next loss, so that a connection is never lost when all has come over it already.
        async Task WriteAsync()
        {
            for (int number = 1; number <= Revisions; number++)
            {
                if (number > Between && number % Between == Ahead)
                {
                    await noticed.WaitAsync(Cancellation);
                }

                await writing.PutAsync("key", $"{number}".Bytes(), 0, Cancellation);
            }
        }
    }

    [Fact]
    public async Task A_resuming_watch_goes_on_after_a_partition()
    {
        var interrupted = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var writing = new KeyValueService(_host.Store);
        await using IAsyncEnumerator<WatchedRevision> watch = ResumingWatch.WatchAsync(
            _host.Caller, KeyRange.All, 1, _ => interrupted.TrySetResult(), Cancellation).GetAsyncEnumerator(Cancellation);
        await writing.PutAsync("a", "1".Bytes(), 0, Cancellation);
        Assert.Equal("1: a=1", await NextAsync(watch));

        _host.Partition();
        _host.LoseConnection();
        await writing.PutAsync("a", "2".Bytes(), 0, Cancellation);
        await writing.PutAsync("a", "3".Bytes(), 0, Cancellation);
        Task<string> next = NextAsync(watch);
        await interrupted.Task.Soon();
        Assert.False(next.IsCompleted);
        _host.Heal();

        Assert.Equal("2: a=2", await next);
        Assert.Equal("3: a=3", await NextAsync(watch));
    }

    [Fact]
    public async Task A_watch_for_what_comes_next_means_the_same_after_an_interruption()
    {
        await _host.PutAsync("a", "before");
        IKeyValue store = Substitute.For<IKeyValue>();
        store.ReturnsForAll(_ => ValueTask.FromResult(1L));
        store.WatchAsync(default, 0, Cancellation).ReturnsForAnyArgs(_ => LostAsync([]), call => AfterWriteAsync(call.ArgAt<long>(1)));

        WatchedRevision first = await ResumingWatch.WatchAsync(store, KeyRange.All, 0, cancellationToken: Cancellation)
            .FirstAsync(Cancellation).Soon();

        Assert.Equal("2: a=meanwhile", first.Text());

        async IAsyncEnumerable<WatchedRevision> AfterWriteAsync(long from)
        {
            await _host.PutAsync("a", "meanwhile");
            await _host.PutAsync("a", "later");
            await foreach (WatchedRevision revision in _host.Caller.WatchAsync(KeyRange.All, from, Cancellation))
            {
                yield return revision;
            }
        }
    }

    [Fact]
    public async Task A_revision_of_which_a_part_was_lost_is_asked_for_again_and_comes_once()
    {
        var first = new WatchedChange("a", null);
        var second = new WatchedChange("b", null);
        IKeyValue store = Substitute.For<IKeyValue>();
        store.WatchAsync(default, 0, Cancellation).ReturnsForAnyArgs(
            _ => LostAsync([new WatchedRevision(6, [first]), new WatchedRevision(7, [first], Continues: true)]),
            _ => LostAsync([new WatchedRevision(7, [first], Continues: true), new WatchedRevision(7, [second])]));

        WatchedRevision[] revisions = await ResumingWatch.WatchAsync(store, KeyRange.All, 6, cancellationToken: Cancellation)
            .Take(2).ToArrayAsync(Cancellation).Soon();

        Assert.Equal(["6: -a", "7: -a -b"], revisions.Select(StoreText.Text));
        Assert.Equal([6L, 7L], store.ReceivedCalls().Select(call => (long)call.GetArguments()[1]!));
    }

    [Fact]
    public async Task A_resuming_watch_does_not_hide_what_will_not_get_better()
    {
        await _host.PutAsync("a", "1");
        await _host.PutAsync("a", "2");
        await _host.Caller.CompactAsync(2, Cancellation);

        await Assert.ThrowsAsync<RpcFaultException<CompactedFault>>(
            () => ResumingWatch.WatchAsync(_host.Caller, KeyRange.All, 1, cancellationToken: Cancellation)
                .FirstAsync(Cancellation).Soon());
    }

    private static async IAsyncEnumerable<WatchedRevision> LostAsync(WatchedRevision[] revisions)
    {
        await Task.Yield();
        foreach (WatchedRevision revision in revisions)
        {
            yield return revision;
        }

        throw new RpcException(RpcStatusCode.Unavailable, "The connection was lost.");
    }

    private static async Task<string> NextAsync(IAsyncEnumerator<WatchedRevision> watch)
    {
        Assert.True(await watch.MoveNextAsync().Soon());
        return watch.Current.Text();
    }

    private async Task PutManyAsync(int count)
    {
        IAsyncEnumerable<ImportRow> rows = AsyncEnumerable.Range(0, count).Select(row => new ImportRow($"{row:D4}", default));
        await _host.Caller.ImportAsync(rows, new RecordedProgress(), Cancellation);
    }
}
