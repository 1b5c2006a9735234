using IrohRpc.Samples.Tests.Programs;
using IrohRpc.Samples.Tests.Servers;
using IrohRpc.Samples.Tests.Stores;
using KeyValue;
using KeyValue.Storage;
using Microsoft.Extensions.Time.Testing;

namespace IrohRpc.Samples.Tests;

/// <summary>Leases, by a clock that the test moves.</summary>
public sealed class KeyValueLeaseTests : IAsyncLifetime
{
    private static readonly TimeSpan TimeToLive = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(1);

    private readonly FakeTimeProvider _time = new();
    private StoreHost _host = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _host = await StoreHost.StartAsync(_time);

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task A_lease_that_nobody_keeps_alive_ends_with_its_keys_as_one_revision()
    {
        Lease lease = await GrantAsync();
        await _host.PutAsync("stays", "1");
        await _host.PutAsync("b", "2", lease.Id);
        await _host.PutAsync("a", "3", lease.Id);
        Assert.Equal(lease.Id, (await _host.Caller.GetAsync("a", 0, Cancellation))!.Lease);

        _time.Advance(TimeToLive - Moment);
        Assert.Equal(4, await _host.PutAsync("c", "4", lease.Id));
        _time.Advance(Moment);

        Assert.Equal("5: -a -b -c", (await _host.WatchAsync(KeyRange.All, 5, 1))[0].Text());
        Assert.Equal(["stays"], await _host.KeysAsync(KeyRange.All));
    }

    [Fact]
    public async Task A_lease_that_has_ended_is_not_there_any_more()
    {
        Lease lease = await GrantAsync();

        _time.Advance(TimeToLive);

        await ExpectMissingAsync(lease.Id, () => _host.Caller.KeepLeaseAliveAsync(lease.Id, Cancellation).AsTask());
        await ExpectMissingAsync(lease.Id, () => _host.PutAsync("a", "1", lease.Id));
        Assert.Equal(0, await _host.Caller.RevisionAsync(Cancellation));
    }

    [Fact]
    public async Task Keeping_a_lease_alive_starts_its_time_anew()
    {
        Lease lease = await GrantAsync();
        await _host.PutAsync("a", "1", lease.Id);

        for (int time = 0; time < 3; time++)
        {
            _time.Advance(TimeToLive - Moment);
            Assert.Equal(lease, await _host.Caller.KeepLeaseAliveAsync(lease.Id, Cancellation));
        }

        Assert.Equal("1", await _host.GetAsync("a"));
        _time.Advance(TimeToLive);
        Assert.Equal("2: -a", (await _host.WatchAsync(KeyRange.All, 2, 1))[0].Text());
    }

    [Fact]
    public async Task Revoking_a_lease_deletes_its_keys_at_once()
    {
        Lease lease = await GrantAsync();
        await _host.PutAsync("a", "1", lease.Id);

        Assert.Equal(2, await _host.Caller.RevokeLeaseAsync(lease.Id, Cancellation));

        Assert.Null(await _host.GetAsync("a"));
        await ExpectMissingAsync(lease.Id, () => _host.Caller.RevokeLeaseAsync(lease.Id, Cancellation).AsTask());
        await ExpectMissingAsync(lease.Id, () => _host.Caller.KeepLeaseAliveAsync(lease.Id, Cancellation).AsTask());
        await ExpectMissingAsync(lease.Id, () => _host.PutAsync("a", "2", lease.Id));
    }

    [Fact]
    public async Task Revoking_a_lease_without_keys_takes_no_revision()
    {
        Lease lease = await GrantAsync();
        await _host.PutAsync("a", "1");

        Assert.Equal(1, await _host.Caller.RevokeLeaseAsync(lease.Id, Cancellation));
    }

    [Fact]
    public async Task A_put_without_the_lease_sets_a_key_free_and_one_with_another_moves_it()
    {
        Lease first = await GrantAsync();
        Lease second = await GrantAsync();
        foreach (string key in new[] { "free", "moved", "bound" })
        {
            await _host.PutAsync(key, "", first.Id);
        }

        await _host.PutAsync("free", "");
        await _host.PutAsync("moved", "", second.Id);

        await _host.Caller.RevokeLeaseAsync(first.Id, Cancellation);
        Assert.Equal(["free", "moved"], await _host.KeysAsync(KeyRange.All));
        await _host.Caller.RevokeLeaseAsync(second.Id, Cancellation);
        Assert.Equal(["free"], await _host.KeysAsync(KeyRange.All));
    }

    [Fact]
    public async Task A_key_that_was_deleted_and_put_again_does_not_end_with_its_old_lease()
    {
        Lease lease = await GrantAsync();
        await _host.PutAsync("a", "1", lease.Id);
        await _host.Caller.DeleteAsync(KeyRange.Of("a"), Cancellation);
        await _host.PutAsync("a", "2");

        await _host.Caller.RevokeLeaseAsync(lease.Id, Cancellation);

        Assert.Equal("2", await _host.GetAsync("a"));
    }

    [Fact]
    public async Task After_a_restart_a_lease_has_all_its_time_again()
    {
        using var folder = new TemporaryFolder();
        Lease lease;
        await using (var store = new KeyValueStore(folder.File("store.db"), _time))
        {
            lease = await store.Leases.GrantAsync(TimeToLive, Cancellation);
            await store.WriteAsync(
                writer =>
                {
                    writer.Put("a", default, lease.Id);
                    return writer.EndRevision();
                },
                Cancellation);
            _time.Advance(TimeToLive - Moment);
        }

        await using var again = new KeyValueStore(folder.File("store.db"), _time);
        _time.Advance(TimeToLive - Moment);
        Assert.Equal(lease, again.Leases.KeepAlive(lease.Id));
        _time.Advance(TimeToLive);
        WatchedRevision end = await again.WatchAsync(KeyRange.All, 2, Cancellation).FirstAsync(Cancellation).Soon();
        Assert.Equal("2: -a", end.Text());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(999)]
    public async Task A_lease_of_less_than_a_second_is_refused(int milliseconds)
    {
        RpcException error = await Assert.ThrowsAsync<RpcException>(
            () => _host.Caller.GrantLeaseAsync(TimeSpan.FromMilliseconds(milliseconds), Cancellation).AsTask());
        Assert.Equal(RpcStatusCode.InvalidArgument, error.StatusCode);
    }

    [Fact]
    public async Task The_longest_lease_is_as_good_as_any()
    {
        Lease lease = await _host.Caller.GrantLeaseAsync(TimeSpan.MaxValue, Cancellation);
        _time.Advance(TimeSpan.FromHours(1));

        Assert.Equal(1, await _host.PutAsync("a", "1", lease.Id));
    }

    private static async Task ExpectMissingAsync(long lease, Func<Task> call)
    {
        var error = await Assert.ThrowsAsync<RpcFaultException<LeaseNotFoundFault>>(call);
        Assert.Equal((RpcStatusCode.NotFound, lease), (error.StatusCode, error.Detail.Lease));
    }

    private async Task<Lease> GrantAsync()
    {
        Lease lease = await _host.Caller.GrantLeaseAsync(TimeToLive, Cancellation);
        Assert.Equal(TimeToLive, lease.TimeToLive);
        Assert.NotEqual(0, lease.Id);
        return lease;
    }
}
