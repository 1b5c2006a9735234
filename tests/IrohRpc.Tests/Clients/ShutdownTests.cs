using System.Diagnostics;
using IrohRpc.Internal;
using IrohRpc.Tests.Versions;
using IrohRpc.Transports;
using Microsoft.Extensions.Time.Testing;

namespace IrohRpc.Tests;

/// <summary>A peer that goes away, and comes back or does not: what its callers see.</summary>
public sealed class ShutdownTests : IAsyncLifetime
{
    // So long that the clock of a test does not come to its end, however far it runs ahead of what the test waits for.
    private static readonly TimeSpan Always = TimeSpan.FromDays(30);

    private readonly MemoryNetwork _network = new();
    private readonly FakeTimeProvider _clock = new();
    private readonly Workshop _service = new();
    private readonly RestartingPeer _peer;
    private PeerEndpoint _client = null!;

    public ShutdownTests() => _peer = new RestartingPeer(_network.Transport);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await _peer.StartAsync(router => router.Map<IWorkshop>(_service));
        _client = await PeerEndpoint.BindAsync(new PeerEndpointOptions { Transports = [_network.Transport], ListenOn = [], TimeProvider = _clock }, Token);
    }

    public async ValueTask DisposeAsync()
    {
        await _client.DisposeAsync().Soon();
        await _peer.DisposeAsync();
    }

    [Fact]
    public async Task Call_that_comes_during_shutdown_waits_for_the_peer_to_come_back()
    {
        IWorkshop proxy = ProxyThatWaits(Always);
        Task<string> before = proxy.HelloAsync("wait", Token).AsTask();
        await _service.Entered.Task.Soon();
        PeerChannel connection = PeerChannel.Of(proxy)!;
        var noticed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        connection.Changed += (_, _) => noticed.TrySetResult();
        Task stopping = _peer.StopAsync();
        await noticed.Task.Soon();
        Assert.Null(PeerChannel.GetConnection(proxy));
        Task<string> during = proxy.HelloAsync("during", Token).AsTask();
        Assert.False(during.IsCompleted);
        _service.Gate.SetResult();
        Assert.Equal("waited", await before.Soon());
        await stopping.Soon();
        Assert.False(during.IsCompleted);

        await _peer.StartAsync(router => router.Map<IWorkshop>(new Workshop()));
        await AdvanceUntilAsync(during);
        Assert.Equal("Hello, during", await during.Soon());
        Assert.Equal(2, connection.Generation);
    }

    [Fact]
    public async Task Stream_under_way_comes_to_its_end_before_the_connection_does()
    {
        IWorkshop proxy = _client.Connect<IWorkshop>(_peer.Ticket);
        Assert.Equal("Hello, you", await proxy.HelloAsync("you", Token).Soon());
        await using IAsyncEnumerator<int> numbers = proxy.CountAsync(50, Token).GetAsyncEnumerator(Token);
        Assert.True(await numbers.MoveNextAsync().Soon());
        PeerConnection connection = PeerChannel.GetConnection(proxy)!.Connection;
        Task stopping = _peer.StopAsync();
        for (int i = 1; i < 50; i++)
        {
            Assert.True(await numbers.MoveNextAsync().Soon());
            Assert.Equal(i, numbers.Current);
        }

        Assert.False(await numbers.MoveNextAsync().Soon());
        await numbers.DisposeAsync().Soon();
        Assert.Equal(PeerErrorKind.ClosedLocally, (await connection.Closed.Soon()).Kind);
        await stopping.Soon();
    }

    [Fact]
    public async Task Wait_for_a_peer_that_stays_away_is_bounded_and_ends_with_the_last_failure()
    {
        IWorkshop proxy = ProxyThatWaits(TimeSpan.FromSeconds(5));
        _network.RefuseDials(_peer.Ticket.Address.Id);
        Task<string> call = proxy.HelloAsync("you", Token).AsTask();
        await AdvanceUntilAsync(call);
        var error = await Assert.ThrowsAsync<RpcException>(() => call);
        Assert.Equal((RpcStatusCode.Unavailable, true), (error.StatusCode, error.IsNotStarted));
        Assert.Equal(PeerErrorKind.Refused, Assert.IsType<PeerException>(error.InnerException).Kind);
    }

    [Fact]
    public async Task Waiting_calls_end_with_their_token_and_with_their_endpoint()
    {
        IWorkshop proxy = ProxyThatWaits(Always);
        _network.RefuseDials(_peer.Ticket.Address.Id);
        using var giveUp = new CancellationTokenSource();
        Task<string> cancelled = proxy.HelloAsync("one", giveUp.Token).AsTask();
        Task<string> closed = proxy.HelloAsync("other", Token).AsTask();
        await giveUp.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled.Soon());
        Assert.False(closed.IsCompleted);
        await _client.DisposeAsync().Soon();
        await AdvanceUntilAsync(closed);
        await Assert.ThrowsAnyAsync<Exception>(() => closed.Soon());
    }

    [Fact]
    public async Task What_waiting_does_not_mend_fails_at_once()
    {
        IListener proxy = _client.Connect<IListener>(_peer.Ticket, new ClientOptions { WaitForReady = TimeSpan.FromSeconds(5), TimeProvider = _clock });
        var error = await Assert.ThrowsAsync<RpcException>(() => proxy.HearAsync("x", Token).Soon());
        Assert.Equal(PeerErrorKind.NoCommonAlpn, Assert.IsType<PeerException>(error.InnerException).Kind);
    }

    [Fact]
    public async Task Stream_call_waits_for_the_peer_to_come_back()
    {
        IWorkshop proxy = ProxyThatWaits(Always);
        await _peer.StopAsync();
        Task<List<int>> call = proxy.CountAsync(3, Token).ToListAsync(Token).AsTask();
        await _peer.StartAsync(router => router.Map<IWorkshop>(new Workshop()));
        await AdvanceUntilAsync(call);
        Assert.Equal([0, 1, 2], await call.Soon());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Call_on_a_connection_that_nobody_served_did_not_start(bool streaming)
    {
        await using PeerEndpoint acceptor = await BindUnservedAsync();
        await using PeerClient<IWorkshop> client = await ConnectAsync(acceptor);
        Task call = CallAsync(client.Service, streaming);
        await DropUnservedAsync(acceptor);
        var error = await Assert.ThrowsAsync<RpcException>(() => call.Soon());
        Assert.Equal((RpcStatusCode.Unavailable, true), (error.StatusCode, error.IsNotStarted));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Call_on_a_connection_that_nobody_served_is_made_again_on_the_next(bool streaming)
    {
        await using PeerEndpoint acceptor = await BindUnservedAsync();
        IWorkshop proxy = _client.Connect<IWorkshop>(acceptor.Ticket);
        Task<int> call = CallAsync(proxy, streaming);
        await DropUnservedAsync(acceptor);
        await using RpcConnection served = PeerRpcConnection.Start(
            await acceptor.AcceptAsync(Token).Soon(), new ServiceBinding<IWorkshop>(_service), new ServiceOptions());
        Assert.Equal(3, await call.Soon());
    }

    private static async Task<int> CallAsync(IWorkshop workshop, bool streaming)
        => streaming ? (await workshop.CountAsync(3, Token).ToListAsync(Token)).Count : await workshop.AddAsync(1, 2);

    private ValueTask<PeerEndpoint> BindUnservedAsync()
        => PeerEndpoint.BindAsync(new PeerEndpointOptions { Transports = [_network.Transport], Alpns = ["workshop/2"] }, Token);

    private Task<PeerClient<IWorkshop>> ConnectAsync(PeerEndpoint acceptor) => _client.ConnectAsync<IWorkshop>(acceptor.Ticket, cancellationToken: Token).Soon();

    // What a router does with a connection that comes while it shuts down, here once the call is certain to have arrived.
    private static async Task DropUnservedAsync(PeerEndpoint acceptor)
    {
        await using PeerConnection accepted = await acceptor.AcceptAsync(Token).Soon();
        await using PeerStream stream = await accepted.AcceptBidirectionalStreamAsync(Token).Soon();
        Assert.NotEqual(0, await stream.ReadAsync(new byte[64], Token).Soon());
        await accepted.CloseAsync(ConnectionErrorCodes.NotServed, "", Token).Soon();
    }

    private IWorkshop ProxyThatWaits(TimeSpan wait)
        => _client.Connect<IWorkshop>(_peer.Ticket, new ClientOptions { WaitForReady = wait, TimeProvider = _clock });

    /// <summary>Lets time pass in small steps, and others run between them: on a busy machine, few steps of theirs to many of the clock's.</summary>
    private async Task AdvanceUntilAsync(Task task)
    {
        var elapsed = Stopwatch.StartNew();
        while (!task.IsCompleted && elapsed.Elapsed < RpcPair.Bound)
        {
            _clock.Advance(TimeSpan.FromMilliseconds(10));
            for (int turn = 0; turn < 10; turn++)
            {
                await Task.Yield();
            }
        }

        await task.Soon().ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }
}
