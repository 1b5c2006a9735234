using System.Diagnostics;
using IrohRpc.Transports;

namespace IrohRpc.Tests;

/// <summary>How long objects that were passed can be called, and how many there can be.</summary>
public sealed class ObjectTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Released_object_is_let_go_by_its_owner()
    {
        await using RpcPair pair = await RpcPair.StartAsync(new MemoryNetwork().Transport);
        IListener listener = (await pair.Proxy.OpenAsync("door", Token).Soon())!;
        Assert.Equal(1, pair.Server.Objects.Count);
        Assert.Equal("door heard x", await listener.HearAsync("x", Token).Soon());
        ((IDisposable)listener).Dispose();

        // RELEASE goes over the lane, before the call that follows it there.
        await pair.Proxy.TouchAsync(Token).Soon();
        Assert.Equal(0, pair.Server.Objects.Count);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => listener.HearAsync("y", Token).Soon());
    }

    [Fact]
    public async Task Object_of_a_call_that_was_refused_is_let_go()
    {
        await using RpcPair pair = await RpcPair.StartAsync(new MemoryNetwork().Transport, new ServiceOptions { MaxCallsInProgress = 1 });
        Task<string> waiting = pair.Proxy.HelloAsync("wait", Token).AsTask();
        await pair.Service.Entered.Task.Soon();
        await Assert.ThrowsAsync<RpcException>(() => pair.Proxy.AskAsync(new Workshop.Listener("me"), "x", Token).Soon());
        Assert.Equal(0, pair.Client.Objects.Count);
        pair.Service.Gate.SetResult();
        await waiting.Soon();
    }

    [Fact]
    public async Task Object_that_comes_after_its_caller_has_given_up_is_let_go()
    {
        await using RpcPair pair = await RpcPair.StartAsync(new MemoryNetwork().Transport);
        using var cancellation = new CancellationTokenSource();
        Task<IListener?> call = pair.Proxy.OpenAsync("late", cancellation.Token).AsTask();
        await pair.Service.Entered.Task.Soon();
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call.Soon());
        await pair.Service.Stopped.Task.Soon();
        pair.Service.Gate.SetResult();
        var waited = Stopwatch.StartNew();
        while (pair.Server.CallsInProgress + pair.Server.Objects.Count > 0 && waited.Elapsed < RpcPair.Bound)
        {
            await Task.Yield();
        }

        Assert.Equal((0, 0), (pair.Server.CallsInProgress, pair.Server.Objects.Count));
    }

    [Fact]
    public async Task Peer_holds_no_more_objects_than_it_may()
    {
        await using RpcPair pair = await RpcPair.StartAsync(new MemoryNetwork().Transport, clientOptions: new ClientOptions { MaxObjects = 1 });
        await pair.Proxy.AskAsync(new Workshop.Listener("one"), "x", Token).Soon();
        var error = await Assert.ThrowsAsync<RpcException>(() => pair.Proxy.AskAsync(new Workshop.Listener("two"), "x", Token).Soon());
        Assert.Equal(RpcStatusCode.ResourceExhausted, error.StatusCode);
    }

    [Fact]
    public async Task Objects_go_with_their_connection()
    {
        await using RpcPair pair = await RpcPair.StartAsync(new MemoryNetwork().Transport);
        IListener listener = (await pair.Proxy.OpenAsync("door", Token).Soon())!;
        await pair.Server.Connection.CloseAsync(0, cancellationToken: Token).Soon();
        Assert.Equal(RpcStatusCode.Unavailable, (await Assert.ThrowsAsync<RpcException>(() => listener.HearAsync("x", Token).Soon())).StatusCode);
        await pair.Server.Completion.Soon();
        Assert.Equal(0, pair.Server.Objects.Count);
    }
}
