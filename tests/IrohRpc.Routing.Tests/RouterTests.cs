using IrohRpc.Tests.Support;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace IrohRpc.Tests;

public sealed class RouterTests : IAsyncDisposable
{
    private readonly Peers _peers = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _peers.DisposeAsync();

    [Fact]
    public async Task Each_connection_reaches_the_handler_of_its_alpn_with_the_peer_that_it_is_from()
    {
        PeerEndpoint acceptor = await _peers.BindAsync();
        PeerEndpoint dialler = await _peers.BindAsync();
        var seen = new TaskCompletionSource<PeerConnection>();
        await using Router router = await acceptor.Route()
            .Map("one/1", TestProtocols.Says("one"))
            .Map("two/1", async (connection, cancellationToken) =>
            {
                seen.SetResult(connection);
                await TestProtocols.Says("two")(connection, cancellationToken);
            })
            .StartAsync(Cancellation);
        await using PeerConnection one = await dialler.DialAsync(acceptor.Address, "one/1", Cancellation);
        await using PeerConnection two = await dialler.DialAsync(acceptor.Address, "two/1", Cancellation);
        Assert.Equal("one", await TestProtocols.HearAsync(one, Cancellation));
        Assert.Equal("two", await TestProtocols.HearAsync(two, Cancellation));
        PeerConnection handled = await seen.Task;
        Assert.Equal(dialler.Id, handled.PeerId);
        Assert.Equal("two/1", handled.Alpn);
        Assert.Equal("memory", handled.Transport);
        Assert.False(handled.IsDialler);
    }

    [Fact]
    public async Task The_order_of_registration_is_the_order_of_preference()
    {
        PeerEndpoint acceptor = await _peers.BindAsync();
        PeerEndpoint dialler = await _peers.BindAsync();
        await using Router router = await acceptor.Route()
            .Map("p/10", TestProtocols.EchoAsync)
            .Map("p/9", TestProtocols.EchoAsync)
            .StartAsync(Cancellation);
        Assert.Equal(["p/10", "p/9"], router.Alpns);
        await using PeerConnection connection = await dialler.DialAsync(acceptor.Address, ["p/9", "p/10"], Cancellation);
        Assert.Equal("p/10", connection.Alpn);
    }

    [Fact]
    public async Task A_duplicate_or_malformed_alpn_is_an_error_that_names_it()
    {
        PeerEndpoint endpoint = await _peers.BindAsync();
        RouterBuilder builder = endpoint.Route().Map("twice/1", TestProtocols.EchoAsync);
        Assert.Contains("twice/1", Assert.Throws<ArgumentException>(() => builder.Map("twice/1", TestProtocols.EchoAsync)).Message);
        Assert.Throws<ArgumentException>(() => builder.Map("", TestProtocols.EchoAsync));
        Assert.Contains("256", Assert.Throws<ArgumentException>(() => builder.Map(new string('x', 256), TestProtocols.EchoAsync)).Message);
        Assert.Throws<ArgumentException>(() => builder.Map("\ud800", TestProtocols.EchoAsync));
        await using Router router = await builder.StartAsync(Cancellation);
        var error = await Assert.ThrowsAsync<ArgumentException>(() => router.AddAsync("twice/1", TestProtocols.EchoAsync, Cancellation).AsTask());
        Assert.Contains("twice/1", error.Message);
    }

    [Fact]
    public async Task A_handler_that_returns_closes_the_connection_without_error()
    {
        PeerEndpoint acceptor = await _peers.BindAsync();
        PeerEndpoint dialler = await _peers.BindAsync();
        await using Router router = await acceptor.Route().Map("brief/1", (_, _) => ValueTask.CompletedTask).StartAsync(Cancellation);
        await using PeerConnection connection = await dialler.DialAsync(acceptor.Address, "brief/1", Cancellation);
        ConnectionEnd end = await connection.Closed.WaitAsync(Peers.Bound, Cancellation);
        Assert.Equal((PeerErrorKind.ClosedByPeer, 0L), (end.Kind, end.ErrorCode!.Value));
        Assert.Empty(_peers.Log.AtLeast(LogLevel.Warning));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_handler_that_throws_costs_its_own_connection_and_nothing_else(bool synchronously)
    {
        PeerEndpoint acceptor = await _peers.BindAsync();
        PeerEndpoint dialler = await _peers.BindAsync();
        await using Router router = await acceptor.Route()
            .Map("echo/1", TestProtocols.EchoAsync)
            .Map("broken/1", async (_, _) =>
            {
                if (!synchronously)
                {
                    await Task.Yield();
                }

                throw new InvalidDataException("the handler's secret");
            })
            .StartAsync(Cancellation);
        await using PeerConnection echo = await dialler.DialAsync(acceptor.Address, "echo/1", Cancellation);
        for (int i = 0; i < 3; i++)
        {
            await using PeerConnection broken = await dialler.DialAsync(acceptor.Address, "broken/1", Cancellation);
            ConnectionEnd end = await broken.Closed.WaitAsync(Peers.Bound, Cancellation);
            Assert.Equal(ConnectionErrorCodes.HandlerFailed, end.ErrorCode);
            Assert.DoesNotContain("secret", end.Reason);
        }

        Assert.Equal("still here", await TestProtocols.CallEchoAsync(echo, "still here", Cancellation));
        await using PeerConnection later = await dialler.DialAsync(acceptor.Address, "echo/1", Cancellation);
        Assert.Equal("and later", await TestProtocols.CallEchoAsync(later, "and later", Cancellation));
        LogLine[] errors = [.. _peers.Log.AtLeast(LogLevel.Warning)];
        Assert.Equal(3, errors.Length);
        Assert.All(errors, line =>
        {
            Assert.Equal(LogLevel.Error, line.Level);
            Assert.Contains("broken/1", line.Message);
            Assert.Contains(dialler.Id.ToString(), line.Message);
            Assert.IsType<InvalidDataException>(line.Exception);
        });
    }

    [Fact]
    public async Task A_handler_that_blocks_its_thread_holds_up_nobody()
    {
        PeerEndpoint acceptor = await _peers.BindAsync();
        PeerEndpoint dialler = await _peers.BindAsync();
        using var blocked = new SemaphoreSlim(0);
        using var release = new ManualResetEventSlim();
        await using Router router = await acceptor.Route()
            .Map("block/1", (_, _) =>
            {
                blocked.Release();
                release.Wait(Cancellation);
                return ValueTask.CompletedTask;
            })
            .Map("echo/1", TestProtocols.EchoAsync)
            .StartAsync(Cancellation);
        try
        {
            await using PeerConnection blocking = await dialler.DialAsync(acceptor.Address, "block/1", Cancellation);
            Assert.True(await blocked.WaitAsync(Peers.Bound, Cancellation));
            await using PeerConnection echo = await dialler.DialAsync(acceptor.Address, "echo/1", Cancellation);
            Assert.Equal("free", await TestProtocols.CallEchoAsync(echo, "free", Cancellation).WaitAsync(Peers.Bound, Cancellation));
        }
        finally
        {
            release.Set();
        }
    }

    [Fact]
    public async Task A_peer_that_leaves_is_not_the_handlers_error()
    {
        PeerEndpoint acceptor = await _peers.BindAsync();
        PeerEndpoint dialler = await _peers.BindAsync();
        await using Router router = await acceptor.Route().Map("echo/1", TestProtocols.EchoAsync).StartAsync(Cancellation);
        PeerConnection connection = await dialler.DialAsync(acceptor.Address, "echo/1", Cancellation);
        await TestProtocols.CallEchoAsync(connection, "hello", Cancellation);
        await connection.CloseAsync(7, "gone", Cancellation);
        await Eventually.HoldsAsync(() => router.RunningHandlers == 0);
        Assert.Empty(_peers.Log.AtLeast(LogLevel.Warning));
    }

    [Fact]
    public async Task A_handler_that_fails_by_what_another_peer_did_is_logged_as_failed()
    {
        PeerEndpoint acceptor = await _peers.BindAsync();
        PeerEndpoint dialler = await _peers.BindAsync();
        await using Router router = await acceptor.Route()
            .Map("proxy/1", (_, _) => throw new PeerException(PeerErrorKind.ConnectionLost, "the connection behind was lost"))
            .StartAsync(Cancellation);
        await using PeerConnection connection = await dialler.DialAsync(acceptor.Address, "proxy/1", Cancellation);
        ConnectionEnd end = await connection.Closed.WaitAsync(Peers.Bound, Cancellation);
        Assert.Equal(ConnectionErrorCodes.HandlerFailed, end.ErrorCode);
        await Eventually.HoldsAsync(() => router.RunningHandlers == 0);
        Assert.Contains(_peers.Log.AtLeast(LogLevel.Error), line => line.Exception?.Message == "the connection behind was lost");
    }

    [Fact]
    public async Task A_protocol_can_be_added_and_removed_while_others_run()
    {
        PeerEndpoint acceptor = await _peers.BindAsync();
        PeerEndpoint dialler = await _peers.BindAsync();
        await using Router router = await acceptor.Route().Map("first/1", TestProtocols.EchoAsync).StartAsync(Cancellation);
        await router.AddAsync("second/1", TestProtocols.EchoAsync, Cancellation);
        Assert.Equal(["first/1", "second/1"], router.Alpns);
        await using PeerConnection connection = await dialler.DialAsync(acceptor.Address, "second/1", Cancellation);
        Assert.Equal("before", await TestProtocols.CallEchoAsync(connection, "before", Cancellation));

        Assert.True(await router.RemoveAsync("second/1", Cancellation));
        Assert.False(await router.RemoveAsync("second/1", Cancellation));
        PeerException error = await Assert.ThrowsAsync<PeerException>(
            () => dialler.DialAsync(acceptor.Address, "second/1", Cancellation).AsTask());
        Assert.Equal(PeerErrorKind.NoCommonAlpn, error.Kind);
        Assert.Equal("a connection of a removed protocol goes on", await TestProtocols.CallEchoAsync(
            connection, "a connection of a removed protocol goes on", Cancellation));

        await router.AddAsync("second/1", TestProtocols.Says("another"), Cancellation);
        await using PeerConnection again = await dialler.DialAsync(acceptor.Address, "second/1", Cancellation);
        Assert.Equal("another", await TestProtocols.HearAsync(again, Cancellation));
    }

    [Fact]
    public async Task Adding_and_removing_under_load_disturbs_no_other_protocol()
    {
        PeerEndpoint acceptor = await _peers.BindAsync(options => options.Limits.MaxConnectionsPerPeer = 1_000);
        PeerEndpoint dialler = await _peers.BindAsync();
        await using Router router = await acceptor.Route().Map("steady/1", TestProtocols.EchoAsync).StartAsync(Cancellation);
        Task[] changers =
        [
            .. Enumerable.Range(0, 4).Select(changer => Task.Run(
                async () =>
                {
                    for (int i = 0; i < 50; i++)
                    {
                        await router.AddAsync($"changing/{changer}", TestProtocols.EchoAsync, Cancellation);
                        Assert.True(await router.RemoveAsync($"changing/{changer}", Cancellation));
                    }
                },
                Cancellation)),
        ];
        Task[] callers =
        [
            .. Enumerable.Range(0, 4).Select(caller => Task.Run(
                async () =>
                {
                    for (int i = 0; i < 50; i++)
                    {
                        await using PeerConnection connection = await dialler.DialAsync(acceptor.Address, "steady/1", Cancellation);
                        Assert.Equal($"{caller} {i}", await TestProtocols.CallEchoAsync(connection, $"{caller} {i}", Cancellation));
                    }
                },
                Cancellation)),
        ];
        await Task.WhenAll([.. changers, .. callers]).WaitAsync(Peers.Bound, Cancellation);
        Assert.Equal(["steady/1"], router.Alpns);
    }

    [Fact]
    public async Task Shutdown_stops_accepting_tells_handlers_and_waits_for_them()
    {
        PeerEndpoint acceptor = await _peers.BindAsync();
        PeerEndpoint dialler = await _peers.BindAsync();
        var told = new TaskCompletionSource();
        var finish = new TaskCompletionSource();
        Router router = await acceptor.Route()
            .Map("slow/1", async (_, cancellationToken) =>
            {
                cancellationToken.Register(told.SetResult);
                await finish.Task;
            })
            .StartAsync(Cancellation);
        await using PeerConnection connection = await dialler.DialAsync(acceptor.Address, "slow/1", Cancellation);
        await Eventually.HoldsAsync(() => router.RunningHandlers == 1);
        Task first = router.ShutdownAsync(Cancellation).AsTask();
        Task second = router.DisposeAsync().AsTask();
        await told.Task.WaitAsync(Peers.Bound, Cancellation);
        PeerException error = await Assert.ThrowsAsync<PeerException>(
            () => dialler.DialAsync(acceptor.Address, "slow/1", Cancellation).AsTask());
        Assert.Equal(PeerErrorKind.Refused, error.Kind);
        Assert.False(first.IsCompleted);
        Assert.False(connection.Closed.IsCompleted);

        finish.SetResult();
        await Task.WhenAll(first, second).WaitAsync(Peers.Bound, Cancellation);
        ConnectionEnd end = await connection.Closed.WaitAsync(Peers.Bound, Cancellation);
        Assert.Equal(ConnectionErrorCodes.NoError, end.ErrorCode);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => router.AddAsync("late/1", TestProtocols.EchoAsync, Cancellation).AsTask());
        await Assert.ThrowsAsync<ObjectDisposedException>(() => router.RemoveAsync("slow/1", Cancellation).AsTask());
    }

    [Fact]
    public async Task A_handler_that_ends_by_its_token_closes_with_the_code_for_it()
    {
        PeerEndpoint acceptor = await _peers.BindAsync();
        PeerEndpoint dialler = await _peers.BindAsync();
        Router router = await acceptor.Route().Map("echo/1", TestProtocols.EchoAsync).StartAsync(Cancellation);
        await using PeerConnection connection = await dialler.DialAsync(acceptor.Address, "echo/1", Cancellation);
        await TestProtocols.CallEchoAsync(connection, "up", Cancellation);
        await router.ShutdownAsync(Cancellation);
        ConnectionEnd end = await connection.Closed.WaitAsync(Peers.Bound, Cancellation);
        Assert.Equal(ConnectionErrorCodes.ShuttingDown, end.ErrorCode);
        Assert.Empty(_peers.Log.AtLeast(LogLevel.Warning));
    }

    [Fact]
    public async Task A_handler_that_does_not_end_loses_its_connection_at_the_drain_time_out()
    {
        var clock = new FakeTimeProvider();
        PeerEndpoint acceptor = await _peers.BindAsync(options =>
        {
            options.TimeProvider = clock;
            options.DrainTimeout = TimeSpan.FromSeconds(3);
        });
        PeerEndpoint dialler = await _peers.BindAsync();
        var told = new TaskCompletionSource();
        Router router = await acceptor.Route()
            .Map("stubborn/1", async (connection, cancellationToken) =>
            {
                cancellationToken.Register(told.SetResult);
                await connection.AcceptBidirectionalStreamAsync(CancellationToken.None);
            })
            .StartAsync(Cancellation);
        await using PeerConnection connection = await dialler.DialAsync(acceptor.Address, "stubborn/1", Cancellation);
        await Eventually.HoldsAsync(() => router.RunningHandlers == 1);
        Task shutdown = router.ShutdownAsync(Cancellation).AsTask();
        await told.Task.WaitAsync(Peers.Bound, Cancellation);
        clock.Advance(TimeSpan.FromSeconds(2.9));
        Assert.False(connection.Closed.IsCompleted);
        await clock.AdvanceUntilAsync(() => connection.Closed.IsCompleted);
        await shutdown.WaitAsync(Peers.Bound, Cancellation);
        Assert.Equal(ConnectionErrorCodes.ShuttingDown, (await connection.Closed).ErrorCode);
    }

    [Fact]
    public async Task A_handler_that_never_ends_does_not_stop_the_shutdown()
    {
        PeerEndpoint acceptor = await _peers.BindAsync(options =>
        {
            options.TimeProvider = new FakeTimeProvider { AutoAdvanceAmount = TimeSpan.Zero };
            options.DrainTimeout = TimeSpan.Zero;
        });
        var clock = (FakeTimeProvider)acceptor.TimeProvider;
        PeerEndpoint dialler = await _peers.BindAsync();
        var never = new TaskCompletionSource();
        Router router = await acceptor.Route().Map("stuck/1", async (_, _) => await never.Task).StartAsync(Cancellation);
        await using PeerConnection connection = await dialler.DialAsync(acceptor.Address, "stuck/1", Cancellation);
        await Eventually.HoldsAsync(() => router.RunningHandlers == 1);
        Task shutdown = router.ShutdownAsync(Cancellation).AsTask();
        await clock.AdvanceUntilAsync(() => shutdown.IsCompleted);
        await shutdown;
        Assert.Contains(_peers.Log.Lines, line => line.Level == LogLevel.Error && line.Message.Contains("leaves them behind"));
        never.SetResult();
        await Eventually.HoldsAsync(() => router.RunningHandlers == 0);
    }

    [Fact]
    public async Task Another_router_may_follow_one_that_was_shut_down()
    {
        PeerEndpoint acceptor = await _peers.BindAsync();
        PeerEndpoint dialler = await _peers.BindAsync();
        Router first = await acceptor.Route().Map("a/1", TestProtocols.EchoAsync).StartAsync(Cancellation);
        await first.ShutdownAsync(Cancellation);
        await using Router second = await acceptor.Route().Map("b/1", TestProtocols.Says("second")).StartAsync(Cancellation);
        await using PeerConnection connection = await dialler.DialAsync(acceptor.Address, ["a/1", "b/1"], Cancellation);
        Assert.Equal("second", await TestProtocols.HearAsync(connection, Cancellation));
    }

    [Fact]
    public async Task Closing_the_endpoint_drains_its_router()
    {
        PeerEndpoint acceptor = await _peers.BindAsync();
        PeerEndpoint dialler = await _peers.BindAsync();
        var told = new TaskCompletionSource();
        var finish = new TaskCompletionSource();
        Router router = await acceptor.Route()
            .Map("slow/1", async (_, cancellationToken) =>
            {
                cancellationToken.Register(told.SetResult);
                await finish.Task;
            })
            .StartAsync(Cancellation);
        await using PeerConnection connection = await dialler.DialAsync(acceptor.Address, "slow/1", Cancellation);
        await Eventually.HoldsAsync(() => router.RunningHandlers == 1);
        Task close = acceptor.CloseAsync(Cancellation).AsTask();
        await told.Task.WaitAsync(Peers.Bound, Cancellation);
        Assert.False(connection.Closed.IsCompleted);
        finish.SetResult();
        await close.WaitAsync(Peers.Bound, Cancellation);
        Assert.Equal(ConnectionErrorCodes.NoError, (await connection.Closed.WaitAsync(Peers.Bound, Cancellation)).ErrorCode);
        await router.ShutdownAsync(Cancellation);
    }
}
