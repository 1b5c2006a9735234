using System.Runtime.CompilerServices;
using IrohRpc.Transports;

namespace IrohRpc.Tests;

/// <summary>What becomes of a passed object whose holder forgets it.</summary>
public sealed class ReleaseTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Object_whose_proxy_is_collected_is_released()
    {
        await using RpcPair pair = await RpcPair.StartAsync(new MemoryNetwork().Transport);
        await OpenAndForgetAsync(pair);
        while (pair.Server.Objects.Count > 0)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();

            // RELEASE goes over the lane, before or with one of these.
            await pair.Proxy.TouchAsync(Token).Soon();
        }
    }

    [Fact]
    public async Task Finalizer_neither_opens_a_stream_nor_waits_for_one_that_opens()
    {
        using var mayOpen = new ManualResetEventSlim();
        StallingConnection? stalling = null;
        await using RpcPair pair = await RpcPair.StartAsync(
            new MemoryNetwork().Transport, wrapClient: connection => stalling = new StallingConnection(connection, mayOpen));

        // There is no lane yet: releasing opens one, and blocks in that.
        Forget(pair, 1001);
        await CollectAsync().Soon();
        await stalling!.Opening.Task.Soon();
        Forget(pair, 1002);
        await CollectAsync().Soon();
        mayOpen.Set();
        await pair.Proxy.TouchAsync(Token).Soon();
    }

    private static Task CollectAsync() => Task.Run(() =>
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
    });

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static async Task OpenAndForgetAsync(RpcPair pair)
    {
        Assert.NotNull(await pair.Proxy.OpenAsync("door", Token).Soon());
        Assert.Equal(1, pair.Server.Objects.Count);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Forget(RpcPair pair, long number) => Assert.NotNull(pair.Client.ReceiveObject<IListener>(number, default));

    /// <summary>Blocks the thread that opens a stream, as a transport may that has to wait for a lock of its own.</summary>
    private sealed class StallingConnection(PeerConnection inner, ManualResetEventSlim mayOpen) : DelegatingConnection(inner)
    {
        public TaskCompletionSource Opening { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public override ValueTask<PeerStream> OpenBidirectionalStreamAsync(CancellationToken cancellationToken = default)
        {
            Opening.TrySetResult();
            mayOpen.Wait(RpcPair.Bound, CancellationToken.None);
            return base.OpenBidirectionalStreamAsync(cancellationToken);
        }
    }
}
