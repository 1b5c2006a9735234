using IrohRpc.Samples.Tests.Programs;
using IrohRpc.Samples.Tests.Stores;
using KeyValue;
using KeyValue.Storage;

namespace IrohRpc.Samples.Tests;

/// <summary>Keys, values and revisions.</summary>
public sealed class KeyValueStoreTests : IAsyncLifetime
{
    private const int LargeValue = 400 * 1024;

    private StoreHost _host = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _host = await StoreHost.StartAsync();

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task A_key_knows_when_it_was_created_and_set_and_how_often()
    {
        Assert.Equal(1, await _host.PutAsync("other", "x"));
        Assert.Equal(2, await _host.PutAsync("key", "first"));
        Assert.Equal(3, await _host.PutAsync("key", "second"));
        Assert.Equal((2, 3, 2), Numbers(await EntryAsync("key")));

        await _host.Caller.DeleteAsync(KeyRange.Of("key"), Cancellation);
        Assert.Null(await EntryAsync("key"));

        Assert.Equal(5, await _host.PutAsync("key", "third"));
        Assert.Equal((5, 5, 1), Numbers(await EntryAsync("key")));
    }

    [Fact]
    public async Task Every_revision_can_be_read()
    {
        await _host.PutAsync("a", "1");
        await _host.PutAsync("b", "2");
        await _host.PutAsync("a", "3");
        await _host.Caller.DeleteAsync(KeyRange.All, Cancellation);

        Assert.Equal(["1", "1", "3", null], await Task.WhenAll(Enumerable.Range(1, 4).Select(revision => _host.GetAsync("a", revision))));
        Assert.Equal(["a"], await _host.KeysAsync(KeyRange.All, revision: 1));
        Assert.Equal(["a", "b"], await _host.KeysAsync(KeyRange.All, revision: 3));
        Assert.Empty(await _host.KeysAsync(KeyRange.All));
    }

    [Fact]
    public async Task A_revision_that_is_not_there_yet_is_out_of_range()
    {
        await _host.PutAsync("a", "1");

        foreach (Func<Task> call in new Func<Task>[]
        {
            () => _host.GetAsync("a", revision: 2),
            () => _host.KeysAsync(KeyRange.All, revision: 2),
            () => _host.Caller.CompactAsync(2, Cancellation).AsTask(),
        })
        {
            RpcException error = await Assert.ThrowsAsync<RpcException>(call);
            Assert.Equal(RpcStatusCode.OutOfRange, error.StatusCode);
            Assert.Contains("at revision 1", error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task An_empty_value_is_a_value()
    {
        await _host.PutAsync("empty", "");

        Assert.Equal("", await _host.GetAsync("empty"));
        Assert.Equal(["empty"], await _host.KeysAsync(KeyRange.All));
        Assert.Equal("1: empty=", (await _host.WatchAsync(KeyRange.All, 1, 1))[0].Text());
    }

    [Fact]
    public async Task Ranges_follow_the_order_of_bytes_in_UTF_8()
    {
        // UTF-16 would have the emoji before the last letter of the basic plane.
        string[] keys = ["a", "a/1", "a/2", "a/\U0010FFFF", "a/\U0010FFFF/x", "a0", "b", "é", "\uFFFD", "😀"];
        foreach (string key in keys.Reverse())
        {
            await _host.PutAsync(key, "");
        }

        Assert.Equal(keys, await _host.KeysAsync(KeyRange.All));
        Assert.Equal(keys[1..5], await _host.KeysAsync(KeyRange.Prefix("a/")));
        Assert.Equal(keys[3..5], await _host.KeysAsync(KeyRange.Prefix("a/\U0010FFFF")));
        Assert.Equal(keys[2..6], await _host.KeysAsync(new KeyRange("a/2", "b")));
        Assert.Equal(keys[8..], await _host.KeysAsync(new KeyRange("\uFFFD", "")));
        Assert.Equal(["a"], await _host.KeysAsync(KeyRange.Of("a")));
        Assert.Equal(keys[..2], await _host.KeysAsync(KeyRange.All, limit: 2));
        Assert.Empty(await _host.KeysAsync(new KeyRange("b", "b")));
    }

    [Fact]
    public async Task Deletion_of_a_range_is_one_revision_and_of_nothing_none()
    {
        await PutManyAsync(1200);

        Assert.Equal(new DeleteResult(1201, 1000), await _host.Caller.DeleteAsync(KeyRange.Prefix("0"), Cancellation));
        Assert.Equal(new DeleteResult(1201, 0), await _host.Caller.DeleteAsync(KeyRange.Prefix("0"), Cancellation));
        Assert.Equal(200, (await _host.KeysAsync(KeyRange.All)).Length);
        Assert.Equal(1202, await _host.PutAsync("next", ""));
    }

    [Fact]
    public async Task Concurrent_puts_take_consecutive_revisions()
    {
        long[] revisions = await Task.WhenAll(Enumerable.Range(1, 50).Select(number => _host.PutAsync($"{number % 7}", $"{number}")));

        Assert.Equal(Enumerable.Range(1, 50).Select(revision => (long)revision), revisions.Order());
    }

    [Fact]
    public async Task A_long_range_stays_at_its_revision_while_others_write()
    {
        await PutManyAsync(1200);
        using IEnumerator<Entry> entries = _host.Store.Range(new RangeRequest(KeyRange.All)).GetEnumerator();
        Assert.True(entries.MoveNext());

        await _host.Caller.DeleteAsync(KeyRange.All, Cancellation);
        await _host.PutAsync("0600", "new");

        var keys = new List<string> { entries.Current.Key };
        while (entries.MoveNext())
        {
            keys.Add(entries.Current.Key);
            Assert.Equal("", entries.Current.Text());
        }

        Assert.Equal(Enumerable.Range(0, 1200).Select(key => $"{key:D4}"), keys);
    }

    [Fact]
    public async Task A_range_whose_revision_is_compacted_away_in_the_middle_fails_and_is_not_short()
    {
        await PutManyAsync(1200);
        using IEnumerator<Entry> entries = _host.Store.Range(new RangeRequest(KeyRange.All)).GetEnumerator();
        Assert.True(entries.MoveNext());

        await _host.Caller.DeleteAsync(KeyRange.All, Cancellation);
        await _host.Caller.CompactAsync(1201, Cancellation);

        var error = Assert.Throws<CompactedException>(() =>
        {
            while (entries.MoveNext())
            {
            }
        });
        Assert.Equal(1201, error.OldestRevision);
    }

    [Fact]
    public async Task Pages_of_large_values_are_short_so_that_little_is_in_memory()
    {
        for (int key = 0; key < 8; key++)
        {
            await _host.Caller.PutAsync($"{key}", new byte[LargeValue], 0, Cancellation);
        }

        using (var snapshot = new Snapshot(_host.File))
        {
            WatchPosition position = WatchPosition.Before(1);
            Assert.Equal(3, snapshot.Page(KeyRange.All, null, 8, int.MaxValue, out bool isLast).Count);
            Assert.False(isLast);
            Assert.Equal(3, snapshot.Changes(KeyRange.All, ref position).Count);
            Assert.Equal(WatchPosition.Behind(3), position);
        }

        Assert.Equal(8, (await _host.KeysAsync(KeyRange.All)).Length);
        Assert.Equal(8, (await _host.WatchAsync(KeyRange.All, 1, 8))[^1].Revision);
    }

    [Fact]
    public async Task Compaction_keeps_what_later_readers_see_and_nothing_else()
    {
        await _host.PutAsync("a", "1");
        await _host.PutAsync("a", "2");
        await _host.PutAsync("b", "1");
        await _host.Caller.DeleteAsync(KeyRange.Of("b"), Cancellation);
        await _host.PutAsync("c", "1");
        await _host.PutAsync("a", "3");

        await _host.Caller.CompactAsync(5, Cancellation);

        Assert.Equal(["a", "c"], await _host.KeysAsync(KeyRange.All, revision: 5));
        Assert.Equal("2", await _host.GetAsync("a", revision: 5));
        Assert.Equal("3", await _host.GetAsync("a"));
        var error = await Assert.ThrowsAsync<RpcFaultException<CompactedFault>>(() => _host.GetAsync("a", revision: 4));
        Assert.Equal(5, error.Detail.OldestRevision);
        await Assert.ThrowsAsync<RpcFaultException<CompactedFault>>(() => _host.KeysAsync(KeyRange.All, revision: 4));

        // Compaction does not go back.
        await _host.Caller.CompactAsync(2, Cancellation);
        await Assert.ThrowsAsync<RpcFaultException<CompactedFault>>(() => _host.GetAsync("a", revision: 4));
    }

    [Fact]
    public async Task An_import_of_large_values_is_written_down_as_it_comes()
    {
        var progress = new RecordedProgress();

        ImportResult result = await _host.Caller.ImportAsync(
            AsyncEnumerable.Range(0, 8).Select(key => new ImportRow($"{key}", new byte[LargeValue])), progress, Cancellation);

        Assert.Equal(new ImportResult(8, 8), result);
        Assert.Equal([3, 6, 8], progress.Reports);
    }

    [Fact]
    public async Task An_import_that_fails_keeps_the_rows_that_it_reported()
    {
        var progress = new RecordedProgress();
        IAsyncEnumerable<ImportRow> rows = AsyncEnumerable.Range(0, 2500).Select(row => new ImportRow(row < 2400 ? $"{row:D4}" : "", default));

        RpcException error = await Assert.ThrowsAsync<RpcException>(
            () => _host.Caller.ImportAsync(rows, progress, Cancellation).Soon());

        Assert.Equal(RpcStatusCode.InvalidArgument, error.StatusCode);
        Assert.Equal([1000, 2000], progress.Reports);
        Assert.Equal(2000, await _host.Caller.RevisionAsync(Cancellation));
    }

    [Fact]
    public async Task An_import_of_nothing_changes_nothing()
    {
        await _host.PutAsync("a", "");
        var progress = new RecordedProgress();

        Assert.Equal(new ImportResult(0, 1), await _host.Caller.ImportAsync(AsyncEnumerable.Empty<ImportRow>(), progress, Cancellation));
        Assert.Empty(progress.Reports);
    }

    private static (long Create, long Mod, long Version) Numbers(Entry? entry)
        => (entry!.CreateRevision, entry.ModRevision, entry.Version);

    private async Task<Entry?> EntryAsync(string key) => await _host.Caller.GetAsync(key, 0, Cancellation);

    private async Task PutManyAsync(int count)
    {
        IAsyncEnumerable<ImportRow> rows = AsyncEnumerable.Range(0, count).Select(row => new ImportRow($"{row:D4}", default));
        await _host.Caller.ImportAsync(rows, new RecordedProgress(), Cancellation);
    }
}
