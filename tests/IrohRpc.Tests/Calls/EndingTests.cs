using IrohRpc.Internal;

namespace IrohRpc.Tests;

/// <summary>Services, scopes and connections end after the calls that use them.</summary>
public sealed class EndingTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Service_of_a_connection_outlives_its_calls()
    {
        var probe = new Probe();
        await using Pair<IProbe> pair = await Pair<IProbe>.StartAsync(
            probe,
            bind: connection =>
            {
                connection.OwnService(probe);
                return new ServiceBinding<IProbe>(probe);
            });
        Task<string> call = pair.Proxy.HoldAsync(Token).AsTask();
        await probe.Entered.Task.Soon();
        await pair.Client.Connection.CloseAsync(0, cancellationToken: Token).Soon();
        await probe.Cancelled.Task.Soon();
        Assert.False(probe.Disposed.Task.IsCompleted);
        Assert.False(pair.Server.Completion.IsCompleted);
        probe.Gate.SetResult();
        await probe.Disposed.Task.Soon();
        await Assert.ThrowsAsync<RpcException>(() => call.Soon());
    }

    [Fact]
    public async Task Handlers_hear_of_a_shutdown_before_they_have_to_end()
    {
        var stopping = new TaskCompletionSource<CancellationToken>(TaskCreationOptions.RunContinuationsAsynchronously);
        var probe = new Probe { Look = context => stopping.TrySetResult(context!.Stopping) };
        await using Pair<IProbe> pair = await Pair<IProbe>.StartAsync(probe);
        await pair.Proxy.ContextAsync(new CallContext(), Token).Soon();
        Task<string> call = pair.Proxy.HoldAsync(Token).AsTask();
        await probe.Entered.Task.Soon();
        Task drained = pair.Server.DrainAsync();
        CancellationToken token = await stopping.Task.Soon();
        var heard = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using CancellationTokenRegistration registration = token.Register(() => heard.TrySetResult());
        await heard.Task.Soon();
        Assert.False(drained.IsCompleted);
        Assert.False(probe.Cancelled.Task.IsCompleted);
        probe.Gate.SetResult();
        Assert.Equal("held", await call.Soon());
        await drained.Soon();
    }

    [Fact]
    public async Task Drain_waits_for_calls_to_objects_of_the_callers()
    {
        var probe = new Probe();
        await using Pair<IProbe> pair = await Pair<IProbe>.StartAsync(probe);
        var listener = new HeldListener();
        await pair.Proxy.SubscribeAsync(listener, Token).Soon();
        Task<string> callback = probe.Listeners[0].HearAsync("you", Token).AsTask();
        await listener.Entered.Task.Soon();
        var stopping = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using CancellationTokenRegistration registration = pair.Server.Stopping.Register(() => stopping.TrySetResult());
        Task drained = pair.Server.DrainAsync();
        await stopping.Task.Soon();
        await Assert.ThrowsAsync<RpcException>(() => pair.Proxy.EchoAsync("late", Token).Soon());
        Assert.False(drained.IsCompleted);
        listener.Gate.SetResult("heard");
        Assert.Equal("heard", await callback.Soon());
        await drained.Soon();
        await pair.Client.Connection.Closed.Soon();
    }

    [Fact]
    public async Task Every_lane_may_say_that_the_peer_leaves_before_one_says_that_nothing_more_comes()
    {
        var probe = new Probe();
        await using Pair<IProbe> pair = await Pair<IProbe>.StartAsync(probe);
        var listener = new HeldListener();
        listener.Gate.SetResult("heard");
        await pair.Proxy.SubscribeAsync(listener, Token).Soon();
        pair.Client.PeerSaysGoAway(isAgain: false);
        pair.Client.PeerSaysGoAway(isAgain: false);
        Assert.Equal("heard", await probe.Listeners[0].HearAsync("you", Token).AsTask().Soon());
        pair.Client.PeerSaysGoAway(isAgain: true);
        await pair.Client.Connection.Closed.Soon();
    }

    [Fact]
    public async Task Call_after_the_peer_said_that_it_leaves_fails_while_another_is_in_progress()
    {
        var probe = new Probe();
        await using Pair<IProbe> pair = await Pair<IProbe>.StartAsync(probe);
        Task<string> call = pair.Proxy.HoldAsync(Token).AsTask();
        await probe.Entered.Task.Soon();
        pair.Client.PeerSaysGoAway(isAgain: false);
        RpcException late = await Assert.ThrowsAsync<RpcException>(() => pair.Proxy.EchoAsync("late", Token).Soon());
        Assert.Equal(RpcStatusCode.Unavailable, late.StatusCode);
        Assert.True(late.IsNotStarted);
        probe.Gate.SetResult();
        Assert.Equal("held", await call.Soon());
        await pair.Client.Connection.Closed.Soon();
    }

    [Fact]
    public async Task One_way_handler_ends_with_its_connection()
    {
        var token = new TaskCompletionSource<CancellationToken>(TaskCreationOptions.RunContinuationsAsynchronously);
        var fired = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using Pair<IOneWay> pair = await Pair<IOneWay>.StartAsync(new OneWay(token, fired));
        pair.Proxy.Post(CancellationToken.None);
        await token.Task.Soon();
        await pair.Client.DisposeAsync().Soon();
        await fired.Task.Soon();
    }

    [Fact]
    public async Task Handler_may_dispose_of_its_connection()
    {
        Pair<IProbe>? pair = null;
        var disposed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var probe = new Probe { Look = _ => true };
        probe.OnContext = () => _ = DisposeAsync();
        await using (pair = await Pair<IProbe>.StartAsync(probe))
        {
            Task<bool> call = pair.Proxy.ContextAsync(null, Token).AsTask();
            await disposed.Task.Soon();
            try
            {
                await call.Soon();
            }
            catch (RpcException)
            {
                // Whichever was faster.
            }
        }

        async Task DisposeAsync()
        {
            await pair!.Server.DisposeAsync();
            disposed.TrySetResult();
        }
    }

    [Fact]
    public async Task Streaming_handler_may_await_the_disposal_of_its_connection()
    {
        var service = new DisposingService();
        await using Pair<IDisposing> pair = await Pair<IDisposing>.StartAsync(
            service,
            bind: connection =>
            {
                service.Connection = connection;
                return new ServiceBinding<IDisposing>(service);
            });
        await Assert.ThrowsAnyAsync<Exception>(async () => await pair.Proxy.ItemsAsync(Token).CountAsync(Token).Soon());
        await service.Disposed.Task.Soon();
    }

    [Fact]
    public void Connection_is_started_once()
    {
        // The second would compete with the first for the peer's streams.
        var connection = new NoConnection();
        PeerRpcConnection.Start(connection, default(ServiceBinding), new ServiceOptions());
        Assert.Throws<InvalidOperationException>(() => PeerRpcConnection.Start(connection, default(ServiceBinding), new ServiceOptions()));
    }

    private sealed class HeldListener : IListener
    {
        public TaskCompletionSource Entered { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource<string> Gate { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public async ValueTask<string> HearAsync(string text, CancellationToken cancellationToken)
        {
            Entered.TrySetResult();
            return await Gate.Task;
        }
    }

    private sealed class OneWay(TaskCompletionSource<CancellationToken> token, TaskCompletionSource fired) : IOneWay
    {
        public void Post(CancellationToken cancellationToken)
        {
            cancellationToken.Register(() => fired.TrySetResult());
            token.TrySetResult(cancellationToken);
        }
    }

    private sealed class DisposingService : IDisposing
    {
        public RpcConnection? Connection { get; set; }

        public TaskCompletionSource Disposed { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public async IAsyncEnumerable<int> ItemsAsync([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
        {
            yield return 1;
            await Connection!.DisposeAsync();
            Disposed.TrySetResult();
        }
    }

    private sealed class NoConnection : PeerConnection
    {
        public override EndpointId PeerId => throw new NotSupportedException();

        public override string Alpn => "none/1";

        public override bool IsDialler => true;

        public override string Transport => "none";

        public override TransportAddress RemoteAddress => throw new NotSupportedException();

        public override TransportAddress LocalAddress => throw new NotSupportedException();

        public override Task<ConnectionEnd> Closed { get; } = new TaskCompletionSource<ConnectionEnd>().Task;

        public override ValueTask<PeerStream> OpenBidirectionalStreamAsync(CancellationToken cancellationToken = default) => throw new NotSupportedException();

        public override ValueTask<PeerStream> OpenUnidirectionalStreamAsync(CancellationToken cancellationToken = default) => throw new NotSupportedException();

        public override async ValueTask<PeerStream> AcceptBidirectionalStreamAsync(CancellationToken cancellationToken = default)
        {
            await Task.Delay(Timeout.Infinite, cancellationToken);
            throw new NotSupportedException();
        }

        public override ValueTask<PeerStream> AcceptUnidirectionalStreamAsync(CancellationToken cancellationToken = default)
            => AcceptBidirectionalStreamAsync(cancellationToken);

        public override ValueTask CloseAsync(long errorCode, string reason = "", CancellationToken cancellationToken = default) => ValueTask.CompletedTask;

        public override ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}

/// <summary>A contract whose only method is one-way.</summary>
[Alpn("oneway/1")]
public partial interface IOneWay
{
    void Post(CancellationToken cancellationToken = default);
}

/// <summary>A contract whose service disposes of its connection.</summary>
[Alpn("disposing/1")]
public partial interface IDisposing
{
    IAsyncEnumerable<int> ItemsAsync(CancellationToken cancellationToken = default);
}
