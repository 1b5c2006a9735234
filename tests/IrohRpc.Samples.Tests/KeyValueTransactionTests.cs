using System.Globalization;
using IrohRpc.Samples.Tests.Programs;
using IrohRpc.Samples.Tests.Stores;
using KeyValue;

namespace IrohRpc.Samples.Tests;

/// <summary>Compare and set, with etcd's meaning.</summary>
public sealed class KeyValueTransactionTests : IAsyncLifetime
{
    private StoreHost _host = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _host = await StoreHost.StartAsync();

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task One_branch_runs_if_the_comparisons_hold_and_the_other_if_not()
    {
        var create = new Transaction(
            [new Comparison("lock", CompareTarget.Version, CompareOperator.Equal, 0)],
            [new Change("lock", "mine".Bytes())],
            [new Change("waiting", "yes".Bytes())]);

        Assert.Equal(new TransactionResult(true, 1), await RunAsync(create));
        Assert.Equal(("mine", null), (await _host.GetAsync("lock"), await _host.GetAsync("waiting")));
        Assert.Equal(new TransactionResult(false, 2), await RunAsync(create));
        Assert.Equal(("mine", "yes"), (await _host.GetAsync("lock"), await _host.GetAsync("waiting")));
    }

    // The key is created at revision 2 and set at revision 3, so that its version is 2.
    [Theory]
    [InlineData(CompareTarget.CreateRevision, 2)]
    [InlineData(CompareTarget.ModRevision, 3)]
    [InlineData(CompareTarget.Version, 2)]
    public async Task Numbers_compare(CompareTarget target, long number)
    {
        await PutKeyAsync();
        (CompareOperator, long, bool)[] cases =
        [
            (CompareOperator.Equal, number, true), (CompareOperator.Equal, number + 1, false),
            (CompareOperator.NotEqual, number, false), (CompareOperator.NotEqual, number + 1, true),
            (CompareOperator.Less, number, false), (CompareOperator.Less, number + 1, true),
            (CompareOperator.Greater, number, false), (CompareOperator.Greater, number - 1, true),
        ];
        foreach ((CompareOperator compare, long with, bool holds) in cases)
        {
            Assert.Equal((compare, with, holds), (compare, with, await HoldsAsync(new Comparison("key", target, compare, with))));
        }
    }

    [Theory]
    [InlineData(CompareOperator.Equal, "m", true)]
    [InlineData(CompareOperator.Equal, "mm", false)]
    [InlineData(CompareOperator.NotEqual, "m", false)]
    [InlineData(CompareOperator.NotEqual, "", true)]
    [InlineData(CompareOperator.Less, "mm", true)]
    [InlineData(CompareOperator.Less, "m", false)]
    [InlineData(CompareOperator.Greater, "lz", true)]
    [InlineData(CompareOperator.Greater, "é", false)]
    public async Task Values_compare_byte_by_byte(CompareOperator compare, string value, bool holds)
    {
        await PutKeyAsync();

        Assert.Equal(holds, await HoldsAsync(new Comparison("key", CompareTarget.Value, compare, 0, value.Bytes())));
    }

    [Fact]
    public async Task A_key_that_is_not_there_has_zeros_for_numbers_and_no_value_to_compare()
    {
        await PutKeyAsync();
        await _host.Caller.DeleteAsync(KeyRange.Of("key"), Cancellation);

        foreach (string key in new[] { "key", "never" })
        {
            Assert.True(await HoldsAsync(new Comparison(key, CompareTarget.Version, CompareOperator.Equal, 0)));
            Assert.True(await HoldsAsync(new Comparison(key, CompareTarget.CreateRevision, CompareOperator.Equal, 0)));
            Assert.True(await HoldsAsync(new Comparison(key, CompareTarget.ModRevision, CompareOperator.Less, 1)));
            Assert.All(
                await Task.WhenAll(Enum.GetValues<CompareOperator>().Select(
                    compare => HoldsAsync(new Comparison(key, CompareTarget.Value, compare, 0, "m".Bytes())))),
                Assert.False);
        }
    }

    [Fact]
    public async Task All_comparisons_have_to_hold_and_none_always_do()
    {
        await PutKeyAsync();
        var holds = new Comparison("key", CompareTarget.Version, CompareOperator.Equal, 2);
        var fails = new Comparison("key", CompareTarget.Version, CompareOperator.Equal, 3);

        Assert.True(await HoldsAsync());
        Assert.True(await HoldsAsync(holds, holds));
        Assert.False(await HoldsAsync(holds, fails));
    }

    [Fact]
    public async Task All_changes_share_one_revision()
    {
        await _host.PutAsync("old", "x");

        Assert.Equal(
            new TransactionResult(true, 2),
            await RunAsync(new Transaction([], [new Change("b", "2".Bytes()), new Change("old", null), new Change("a", "1".Bytes())], [])));

        Assert.Equal("2: a=1 b=2 -old", (await _host.WatchAsync(KeyRange.All, 2, 1))[0].Text());
    }

    [Fact]
    public async Task A_transaction_that_changes_nothing_takes_no_revision()
    {
        await _host.PutAsync("a", "x");

        Assert.Equal(new TransactionResult(true, 1), await RunAsync(new Transaction([], [], [])));
        Assert.Equal(new TransactionResult(true, 1), await RunAsync(new Transaction([], [new Change("gone", null)], [])));
        Assert.Equal(2, await _host.PutAsync("a", "y"));
    }

    [Fact]
    public async Task A_transaction_that_fails_changes_nothing()
    {
        var change = new Transaction([], [new Change("a", "1".Bytes()), new Change("b", "2".Bytes(), Lease: 17)], []);

        var error = await Assert.ThrowsAsync<RpcFaultException<LeaseNotFoundFault>>(() => RunAsync(change));

        Assert.Equal(17, error.Detail.Lease);
        Assert.Empty(await _host.KeysAsync(KeyRange.All));
        Assert.Equal(1, await _host.PutAsync("a", "x"));
    }

    [Fact]
    public async Task A_counter_that_many_increment_by_compare_and_set_loses_nothing()
    {
        const int Callers = 4;
        const int Increments = 10;
        await _host.PutAsync("counter", "0");

        await Task.WhenAll(Enumerable.Range(0, Callers).Select(_ => IncrementAsync(Increments)));

        Assert.Equal($"{Callers * Increments}", await _host.GetAsync("counter"));
        Assert.Equal(1 + (Callers * Increments), await _host.Caller.RevisionAsync(Cancellation));
    }

    private async Task IncrementAsync(int times)
    {
        while (times > 0)
        {
            Entry entry = (await _host.Caller.GetAsync("counter", 0, Cancellation))!;
            int next = int.Parse(entry.Text(), CultureInfo.InvariantCulture) + 1;
            TransactionResult result = await RunAsync(new Transaction(
                [new Comparison("counter", CompareTarget.ModRevision, CompareOperator.Equal, entry.ModRevision)],
                [new Change("counter", $"{next}".Bytes())],
                []));
            times -= result.Succeeded ? 1 : 0;
        }
    }

    private async Task PutKeyAsync()
    {
        await _host.PutAsync("other", "");
        await _host.PutAsync("key", "first");
        await _host.PutAsync("key", "m");
    }

    private async Task<bool> HoldsAsync(params Comparison[] comparisons)
        => (await RunAsync(new Transaction(comparisons, [], []))).Succeeded;

    private Task<TransactionResult> RunAsync(Transaction transaction)
        => _host.Caller.TransactAsync(transaction, Cancellation).Soon();
}
