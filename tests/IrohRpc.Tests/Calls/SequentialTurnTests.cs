using IrohRpc.Calls;

namespace IrohRpc.Tests;

/// <summary>A service that runs calls in order waits for no call that will not come, and remembers no more turns than it may.</summary>
public sealed class SequentialTurnTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>The reset of the stream overtakes the request, so that only the lane can say that the call will not come.</summary>
    [Fact]
    public async Task Streaming_calls_that_are_cancelled_as_they_are_made_hold_up_no_call_behind_them()
    {
        await using RpcPair pair = await RpcPair.StartAsync(EachTransport.Find(EachTransport.Memory), new ServiceOptions { Sequential = true });
        for (int round = 0; round < 100; round++)
        {
            using var cancellation = new CancellationTokenSource();
            Task<long> cancelled = pair.Proxy.SumAsync(AsyncEnumerable.Range(0, 1000), cancellation.Token).AsTask();
            await cancellation.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled);
            Assert.Equal("Hello, next", await pair.Proxy.HelloAsync("next", Token).Soon());
        }
    }

    [Fact]
    public void Turns_that_a_peer_skips_without_end_are_not_remembered()
    {
        var gate = new SequentialGate(most: 100);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int turn = 0; turn < 100_000; turn++)
        {
            gate.Skip(turn);
            gate.Refuse(100_000 + turn);
        }

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 100_000);
    }
}
