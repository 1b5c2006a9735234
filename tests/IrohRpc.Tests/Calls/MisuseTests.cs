using System.Runtime.CompilerServices;

namespace IrohRpc.Tests;

/// <summary>Nothing crosses: misuse of one call's result harms no other, and says what to do instead.</summary>
[Collection<RunsAlone>]
public sealed class MisuseTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Asking_too_early_for_a_result_harms_no_other_call()
    {
        var probe = new Probe();
        await using Pair<IProbe> pair = await Pair<IProbe>.StartAsync(probe);
        ValueTask<string> early = pair.Proxy.HoldAsync(Token);
        var error = Assert.Throws<InvalidOperationException>(() => ResultOf(early));
        Assert.Contains("AsTask", error.Message, StringComparison.Ordinal);

        // The same thread, which would rent what the misuse had given back.
        Task<string> other = pair.Proxy.BlockAsync(Token).AsTask();
        probe.Gate.SetResult();
        Assert.Equal("held", await early.Soon());
        Assert.False(other.IsCompleted);
        probe.BlockingGate.Set();
        Assert.Equal("blocked", await other.Soon());
    }

    [Fact]
    public async Task Awaiting_a_result_twice_is_an_error_and_harms_no_other_call()
    {
        await using Pair<IProbe> pair = await Pair<IProbe>.StartAsync(new Probe());
        ValueTask<string> call = pair.Proxy.EchoAsync("one", Token);
        Assert.Equal("one", await call);
        ValueTask<string> next = pair.Proxy.EchoAsync("two", Token);
        var error = await Assert.ThrowsAsync<InvalidOperationException>(async () => await call);
        Assert.Contains("AsTask", error.Message, StringComparison.Ordinal);
        Assert.Equal("two", await next.Soon());
    }

    [Fact]
    public async Task Results_asked_for_in_every_wrong_way_stay_with_their_calls()
    {
        await using Pair<IProbe> pair = await Pair<IProbe>.StartAsync(new Probe());
        await Task.WhenAll(Enumerable.Range(0, 8).Select(caller => Task.Run(async () =>
        {
            for (int round = 0; round < 200; round++)
            {
                ValueTask<string> wrong = pair.Proxy.EchoAsync("yield", Token);
                try
                {
                    _ = ResultOf(wrong);
                }
                catch (InvalidOperationException)
                {
                    // Asked too early.
                }

                string mine = $"{caller} {round}";
                Assert.Equal(mine, await pair.Proxy.EchoAsync(mine, Token).AsTask().Soon());
            }
        }))).Soon();
    }

    [Fact]
    public async Task Second_MoveNext_at_once_is_an_error_and_the_first_gets_its_item()
    {
        var probe = new Probe();
        await using Pair<IProbe> pair = await Pair<IProbe>.StartAsync(probe);
        await using IAsyncEnumerator<int> items = pair.Proxy.BlockingItemsAsync(2, Token).GetAsyncEnumerator(Token);
        Task<bool> first = items.MoveNextAsync().AsTask();
        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => items.MoveNextAsync().AsTask());
        Assert.Contains("one reader", error.Message, StringComparison.Ordinal);
        probe.NextItem.Release(2);
        Assert.True(await first.Soon());
        Assert.Equal(0, items.Current);
        Assert.True(await items.MoveNextAsync().Soon());
        Assert.Equal(1, items.Current);
    }

    [Fact]
    public async Task Second_read_at_once_is_an_error()
    {
        await using Pair<IProbe> pair = await Pair<IProbe>.StartAsync(new Probe());
        var source = new System.IO.Pipelines.Pipe();
        Task<long> call = pair.Proxy.LengthAsync(source.Reader.AsStream(), Token).AsTask();
        await source.Writer.CompleteAsync();
        Assert.Equal(0, await call.Soon());
    }

    [Fact]
    public async Task Disposing_of_an_enumerator_ends_a_MoveNext_that_waits()
    {
        var probe = new Probe();
        await using Pair<IProbe> pair = await Pair<IProbe>.StartAsync(probe);
        IAsyncEnumerator<int> items = pair.Proxy.ItemsAsync(-1, Token).GetAsyncEnumerator(Token);
        Assert.True(await items.MoveNextAsync().Soon());
        Task<bool> waiting = items.MoveNextAsync().AsTask();
        await items.DisposeAsync().Soon();
        await Assert.ThrowsAnyAsync<Exception>(() => waiting.Soon());
        await probe.Stopped.Task.Soon();
    }

    [Fact]
    public async Task Cancel_does_not_run_the_callers_continuation()
    {
        var probe = new Probe();
        await using Pair<IProbe> pair = await Pair<IProbe>.StartAsync(probe);
        using var stop = new CancellationTokenSource();
        int canceller = 0;
        var continued = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
        Task call = CallAsync();
        await probe.Entered.Task.Soon();
        var thread = new Thread(() =>
        {
            canceller = Environment.CurrentManagedThreadId;
            stop.Cancel();
        });
        thread.Start();
        Assert.NotEqual(await continued.Task.Soon(), canceller);
        thread.Join();
        await call.Soon();
        probe.Gate.SetResult();

        async Task CallAsync()
        {
            try
            {
                await pair.Proxy.HoldAsync(stop.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException)
            {
                continued.SetResult(Environment.CurrentManagedThreadId);
            }
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
#pragma warning disable CA2012, xUnit1031 // The misuse is what is tested.
    private static string ResultOf(ValueTask<string> call) => call.Result;
#pragma warning restore CA2012, xUnit1031
}
