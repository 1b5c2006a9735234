using System.Collections.Concurrent;
using IrohRpc.Internal;
using IrohRpc.Transports;

namespace IrohRpc.Tests;

/// <summary>Calls through endpoints and routers, how users make them, on each transport.</summary>
public abstract class EndpointSuite : IAsyncLifetime
{
    private readonly ConcurrentStack<PeerConnection> _accepted = new();
    private readonly Workshop _service = new();
    private PeerEndpoint _server = null!;
    private PeerEndpoint _client = null!;
    private Router _router = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    protected abstract ITransport Transport { get; }

    public async ValueTask InitializeAsync()
    {
        _server = await PeerEndpoint.BindAsync(Options(), Token);
        _client = await PeerEndpoint.BindAsync(Options(), Token);
        _router = await ServeAsync(_server);
    }

    public async ValueTask DisposeAsync()
    {
        // Null where the transport is not there, so that the test was skipped.
        if (_client is not null)
        {
            await _client.DisposeAsync().Soon();
            await _server.DisposeAsync().Soon();
        }

        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task Lazy_proxy_dials_on_first_use_and_is_shared()
    {
        IWorkshop proxy = _client.Connect<IWorkshop>(_server.Ticket);
        Assert.Same(proxy, _client.Connect<IWorkshop>(_server.Ticket));
        PeerChannel connection = PeerChannel.Of(proxy)!;
        Assert.Equal((ChannelState.Idle, 0), (connection.State, connection.Generation));
        Assert.Equal("Hello, you", await proxy.HelloAsync("you", Token).Soon());
        Assert.Equal((ChannelState.Ready, 1), (connection.State, connection.Generation));
    }

    [Fact]
    public async Task Options_of_other_values_make_another_proxy()
    {
        IWorkshop proxy = _client.Connect<IWorkshop>(_server.Ticket);
        Assert.Same(proxy, _client.Connect<IWorkshop>(_server.Ticket, new ClientOptions()));
        IWorkshop hasty = _client.Connect<IWorkshop>(_server.Ticket, new ClientOptions { Timeout = TimeSpan.FromMilliseconds(1) });
        Assert.NotSame(proxy, hasty);
        Assert.Same(hasty, _client.Connect<IWorkshop>(_server.Ticket, new ClientOptions { Timeout = TimeSpan.FromMilliseconds(1) }));
        Assert.Equal("Hello, you", await proxy.HelloAsync("you", Token).Soon());
        Assert.Equal(RpcStatusCode.DeadlineExceeded, (await Assert.ThrowsAsync<RpcException>(() => hasty.HelloAsync("wait", Token).Soon())).StatusCode);
    }

    [Fact]
    public async Task Proxy_dials_again_after_a_loss()
    {
        IWorkshop proxy = _client.Connect<IWorkshop>(_server.Ticket);
        Assert.Equal("Hello, you", await proxy.HelloAsync("you", Token).Soon());
        PeerChannel connection = PeerChannel.Of(proxy)!;
        await LoseAsync(PeerChannel.GetConnection(proxy)!.Connection);
        Assert.Equal("Hello, again", await proxy.HelloAsync("again", Token).Soon());
        Assert.Equal([0, 1, 2], await proxy.CountAsync(3, Token).ToListAsync(Token).Soon());
        Assert.Equal(2, connection.Generation);
    }

    [Fact]
    public async Task Call_that_may_have_run_is_not_sent_again()
    {
        IWorkshop proxy = _client.Connect<IWorkshop>(_server.Ticket);
        Task<string> call = proxy.HelloAsync("wait", Token).AsTask();
        await _service.Entered.Task.Soon();
        await LoseAsync(PeerChannel.GetConnection(proxy)!.Connection);
        var error = await Assert.ThrowsAsync<RpcException>(() => call.Soon());
        Assert.Equal((RpcStatusCode.Unavailable, false), (error.StatusCode, error.IsNotStarted));
    }

    [Fact]
    public async Task Idempotent_call_is_sent_again_after_a_loss()
    {
        IWorkshop proxy = _client.Connect<IWorkshop>(_server.Ticket);
        Task<int> call = proxy.AgainAsync(Token).AsTask();
        await _service.Entered.Task.Soon();
        await LoseAsync(PeerChannel.GetConnection(proxy)!.Connection);
        Assert.Equal(2, await call.Soon());
    }

    [Fact]
    public async Task Idempotent_call_with_bytes_as_its_result_is_made_again_after_a_loss()
    {
        IWorkshop proxy = _client.Connect<IWorkshop>(_server.Ticket);
        Task<Stream> call = proxy.ContentAgainAsync(Token).AsTask();
        await _service.Entered.Task.Soon();
        await LoseAsync(PeerChannel.GetConnection(proxy)!.Connection);
        await using Stream content = await call.Soon();
        using var copy = new MemoryStream();
        await content.CopyToAsync(copy, Token).Soon();
        Assert.Equal(Workshop.Pattern(2), copy.ToArray());
    }

    [Fact]
    public async Task Idempotent_enumeration_begins_again_after_a_loss_where_no_item_has_come()
    {
        IWorkshop proxy = _client.Connect<IWorkshop>(_server.Ticket);
        Task<List<int>> call = proxy.CountAgainAsync(Token).ToListAsync(Token).AsTask();
        await _service.Entered.Task.Soon();
        await LoseAsync(PeerChannel.GetConnection(proxy)!.Connection);
        Assert.Equal([2], await call.Soon());
    }

    [Fact]
    public async Task Enumeration_that_has_begun_is_not_made_again()
    {
        IWorkshop proxy = _client.Connect<IWorkshop>(_server.Ticket);
        await using IAsyncEnumerator<int> items = proxy.CountAsync(1, Token).GetAsyncEnumerator(Token);
        Assert.True(await items.MoveNextAsync().Soon());
        await LoseAsync(PeerChannel.GetConnection(proxy)!.Connection);
        var error = await Assert.ThrowsAsync<RpcException>(() => items.MoveNextAsync().Soon());
        Assert.Equal((RpcStatusCode.Unavailable, false), (error.StatusCode, error.IsNotStarted));
        Assert.Equal("Hello, again", await proxy.HelloAsync("again", Token).Soon());
        Assert.Equal(1, _service.Produced);
    }

    [Fact]
    public async Task Eager_connection_throws_now_and_gives_the_connection()
    {
        await using (PeerClient<IWorkshop> client = await _client.ConnectAsync<IWorkshop>(_server.Ticket, cancellationToken: Token).Soon())
        {
            Assert.Equal((_server.Id, "workshop/2", Transport.Name), (client.Connection.PeerId, client.Connection.Alpn, client.Connection.Transport));
            Assert.Equal("Hello, you", await client.Service.HelloAsync("you", Token).Soon());
        }

        var error = await Assert.ThrowsAsync<PeerException>(() => _client.ConnectAsync<IListener>(_server.Ticket, cancellationToken: Token).Soon());
        Assert.Equal(PeerErrorKind.NoCommonAlpn, error.Kind);
    }

    [Fact]
    public async Task Peer_without_the_service_makes_calls_unavailable()
    {
        IListener proxy = _client.Connect<IListener>(_server.Ticket);
        var error = await Assert.ThrowsAsync<RpcException>(() => proxy.HearAsync("x", Token).Soon());
        Assert.Equal((RpcStatusCode.Unavailable, true), (error.StatusCode, error.IsNotStarted));
    }

    [Fact]
    public async Task Factory_makes_a_service_for_each_connection_and_disposes_of_it()
    {
        var disposed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await _router.ShutdownAsync(Token).Soon();
        await using Router router = await _server.Route()
            .Map<IListener>(connection => new OwnListener(connection.PeerId.ToString(), disposed)).StartAsync(Token);
        await using (PeerClient<IListener> client = await _client.ConnectAsync<IListener>(_server.Ticket, cancellationToken: Token).Soon())
        {
            Assert.Equal($"{_client.Id} x", await client.Service.HearAsync("x", Token).Soon());
        }

        await disposed.Task.Soon();
    }

    [Fact]
    public async Task Service_is_resolved_and_released_for_each_call()
    {
        int released = 0;
        await _router.ShutdownAsync(Token).Soon();
        await using Router router = await _server.Route()
            .MapPerCall<IListener>(
                context => new Workshop.Listener(context.PeerId.ToString()),
                _ =>
                {
                    Interlocked.Increment(ref released);
                    return ValueTask.CompletedTask;
                })
            .StartAsync(Token);
        await using (PeerClient<IListener> client = await _client.ConnectAsync<IListener>(_server.Ticket, cancellationToken: Token).Soon())
        {
            Assert.Equal($"{_client.Id} heard x", await client.Service.HearAsync("x", Token).Soon());
            Assert.Equal($"{_client.Id} heard y", await client.Service.HearAsync("y", Token).Soon());
        }

        Assert.Equal(2, released);
    }

    [Fact]
    public async Task Shutdown_answers_the_calls_in_progress()
    {
        IWorkshop proxy = _client.Connect<IWorkshop>(_server.Ticket);
        Task<string> call = proxy.HelloAsync("wait", Token).AsTask();
        await _service.Entered.Task.Soon();
        Task shutdown = _router.ShutdownAsync(Token).AsTask();
        _service.Gate.SetResult();
        Assert.Equal("waited", await call.Soon());
        await shutdown.Soon();
    }

    [Fact]
    public async Task Server_calls_a_dialler_that_offers_a_service()
    {
        var mine = new Workshop();
        await _router.ShutdownAsync(Token).Soon();
        var called = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using Router router = await _server.Route()
            .Map<IWorkshop>(connection =>
            {
                _ = CallBackAsync(connection, called);
                return new Workshop();
            })
            .StartAsync(Token);
        await using PeerClient<IWorkshop> client = await _client.ConnectAsync<IWorkshop>(_server.Ticket, service: mine, cancellationToken: Token).Soon();
        Assert.Equal("Hello, dialler", await called.Task.Soon());

        static async Task CallBackAsync(RpcConnection connection, TaskCompletionSource<string> called)
            => called.SetResult(await connection.GetProxy<IWorkshop>().HelloAsync("dialler"));
    }

    [Fact]
    public async Task Stream_call_that_a_leaving_server_refuses_is_made_again_elsewhere()
    {
        // The same peer at two addresses, as during a roll-out: the one leaves, and waits for its last answer, while the other is there already.
        using SecretKey key = SecretKey.Generate();
        await using PeerEndpoint old = await PeerEndpoint.BindAsync(Options(key), Token);
        await using PeerEndpoint young = await PeerEndpoint.BindAsync(Options(key), Token);
        Router oldRouter = await ServeAsync(old);
        IWorkshop proxy = _client.Connect<IWorkshop>(new EndpointAddress(old.Id, old.Address.Addresses.Concat(young.Address.Addresses)));
        Task<string> waiting = proxy.HelloAsync("wait", Token).AsTask();
        await _service.Entered.Task.Soon();
        PeerConnection leaving = PeerChannel.GetConnection(proxy)!.Connection;
        await using Router router = await ServeAsync(young);
        Task shutdown = oldRouter.ShutdownAsync(Token).AsTask();
        await RefusesCallsAsync(leaving);
        Assert.Equal([0, 1, 2], await proxy.CountAsync(3, Token).ToListAsync(Token).Soon());
        Assert.Equal("Hello, you", await proxy.HelloAsync("you", Token).Soon());
        Assert.Equal(2, PeerChannel.Of(proxy)!.Generation);
        Assert.False(waiting.IsCompleted);
        _service.Gate.SetResult();
        Assert.Equal("waited", await waiting.Soon());
        await shutdown.Soon();
    }

    [Fact]
    public async Task Upload_of_a_stream_that_can_seek_is_made_again_from_its_beginning_where_a_leaving_server_refuses_it()
    {
        using SecretKey key = SecretKey.Generate();
        await using PeerEndpoint old = await PeerEndpoint.BindAsync(Options(key), Token);
        await using PeerEndpoint young = await PeerEndpoint.BindAsync(Options(key), Token);
        Router oldRouter = await ServeAsync(old);
        IWorkshop proxy = _client.Connect<IWorkshop>(new EndpointAddress(old.Id, old.Address.Addresses.Concat(young.Address.Addresses)));
        Task<string> waiting = proxy.HelloAsync("wait", Token).AsTask();
        await _service.Entered.Task.Soon();
        await using Router router = await ServeAsync(young);
        Task shutdown = oldRouter.ShutdownAsync(Token).AsTask();

        // From the middle on, and before the caller has heard that its server leaves.
        var source = new MemoryStream(new byte[300_000]) { Position = 100_000 };
        Task<long>[] uploads = [.. Enumerable.Range(0, 20).Select(_ => proxy.LengthAsync(new MemoryStream(new byte[50_000]), Token).AsTask())];
        Assert.Equal(200_000, await proxy.LengthAsync(source, Token).Soon());
        Assert.All(await Task.WhenAll(uploads).Soon(), length => Assert.Equal(50_000, length));
        _service.Gate.SetResult();
        Assert.Equal("waited", await waiting.Soon());
        await shutdown.Soon();
    }

    [Fact]
    public async Task Shutdown_delivers_an_answer_that_takes_a_stream_of_its_own()
    {
        IWorkshop proxy = _client.Connect<IWorkshop>(_server.Ticket);
        await using IAsyncEnumerator<int> items = proxy.CountAsync(100_000, Token).GetAsyncEnumerator(Token);
        Assert.True(await items.MoveNextAsync().Soon());
        Task shutdown = _router.ShutdownAsync(Token).AsTask();
        int count = 1;
        while (await items.MoveNextAsync().Soon())
        {
            count++;
        }

        Assert.Equal(100_000, count);
        await shutdown.Soon();
    }

    /// <summary>Ends a connection without the caller's doing: by default as a peer that crashes at a high level does, which closes it at once.</summary>
    private protected virtual async Task LoseAsync(PeerConnection connection)
    {
        Assert.True(_accepted.TryPop(out PeerConnection? accepted));

        // With a reason the close is delivered; without one it is a single packet, which a busy machine may lose, and only silence would tell then.
        await accepted.CloseAsync(7, "lost", Token).Soon();
        await connection.Closed.Soon();
    }

    private ValueTask<Router> ServeAsync(PeerEndpoint endpoint)
        => endpoint.Route()
            .Map<IWorkshop>(connection =>
            {
                _accepted.Push(connection.Connection);
                return _service;
            })
            .StartAsync(Token);

    // The shutdown runs by itself; that it has come to the connection shows in its refusals.
    private static async Task RefusesCallsAsync(PeerConnection connection)
    {
        byte[] request = [1, 1, .. RawPeer.Request(0, "Count", "(i32)->stream<i32>", [0, 0, 0, 0])];
        while (true)
        {
            await using PeerStream stream = await connection.OpenBidirectionalStreamAsync(Token).Soon();
            await stream.WriteAsync(request, Token).Soon();
            if ((await RawPeer.ReadAsync(stream))!.Value is { Type: (byte)FrameType.Failure } answer)
            {
                Assert.Equal((byte)RpcStatusCode.Unavailable, answer.Body[1]);
                return;
            }
        }
    }

    private PeerEndpointOptions Options(SecretKey? key = null) => new() { Transports = [Transport], SecretKey = key };

    private sealed class OwnListener(string peer, TaskCompletionSource disposed) : IListener, IAsyncDisposable
    {
        public ValueTask<string> HearAsync(string text, CancellationToken cancellationToken) => ValueTask.FromResult($"{peer} {text}");

        public ValueTask DisposeAsync()
        {
            disposed.SetResult();
            return ValueTask.CompletedTask;
        }
    }
}
