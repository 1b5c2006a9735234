using IrohRpc.Transports;

namespace IrohRpc.Tests;

/// <summary>What a channel promises, on each transport.</summary>
public abstract class PeerChannelSuite : IAsyncLifetime
{
    private readonly SecretKey _key = SecretKey.Generate();
    private PeerEndpoint _client = null!;
    private PeerEndpoint _server = null!;

    protected abstract ITransport Transport { get; }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static ClientOptions Patient => new() { WaitForReady = TimeSpan.MaxValue };

    public async ValueTask InitializeAsync()
    {
        _client = await PeerEndpoint.BindAsync(new PeerEndpointOptions { Transports = [Transport], ListenOn = [] }, Token);
        _server = await BindAsync();
    }

    public async ValueTask DisposeAsync()
    {
        // Null where the transport is not there, so that the test was skipped.
        if (_client is not null)
        {
            await _client.DisposeAsync().Soon();
            await _server.DisposeAsync().Soon();
        }

        _key.Dispose();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task One_channel_owns_the_connections_of_several_contracts_and_ends_them()
    {
        await ServeAsync(_server);
        PeerChannel channel = _client.CreateChannel(_server.Ticket);
        var workshop = channel.Get<IWorkshop>();
        var listener = channel.Get<IListener>();
        Assert.Same(workshop, channel.Get<IWorkshop>());
        Assert.Same(channel, PeerChannel.Of(workshop));
        Assert.Equal((ChannelState.Idle, 0), (channel.State, channel.Generation));
        Assert.Equal("Hello, you", await workshop.HelloAsync("you", Token).Soon());
        Assert.Equal("here heard x", await listener.HearAsync("x", Token).Soon());
        Assert.Equal((ChannelState.Ready, 2), (channel.State, channel.Generation));
        PeerConnection connection = PeerChannel.GetConnection(workshop)!.Connection;

        await channel.DisposeAsync().Soon();
        Assert.Equal(ChannelState.Closed, channel.State);
        Assert.Equal(PeerErrorKind.ClosedLocally, (await connection.Closed.Soon()).Kind);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => workshop.HelloAsync("you", Token).Soon());
        Assert.Throws<ObjectDisposedException>(() => channel.Get<IWorkshop>());
    }

    [Fact]
    public async Task A_channel_that_was_disposed_of_is_not_handed_out_by_Connect_again()
    {
        await ServeAsync(_server);
        IWorkshop first = _client.Connect<IWorkshop>(_server.Ticket);
        await first.HelloAsync("you", Token).Soon();
        await PeerChannel.Of(first)!.DisposeAsync().Soon();
        Assert.Equal("Hello, you", await _client.Connect<IWorkshop>(_server.Ticket).HelloAsync("you", Token).Soon());
    }

    [Fact]
    public async Task A_newer_ticket_leads_a_proxy_to_where_the_peer_has_moved()
    {
        await ServeAsync(_server);
        IWorkshop proxy = _client.Connect<IWorkshop>(_server.Ticket);
        await proxy.HelloAsync("you", Token).Soon();
        await _server.DisposeAsync().Soon();
        await Assert.ThrowsAsync<RpcException>(() => proxy.HelloAsync("gone", Token).Soon());

        await using PeerEndpoint moved = await BindAsync();
        await ServeAsync(moved);
        Assert.Same(proxy, _client.Connect<IWorkshop>(moved.Ticket));
        Assert.Equal("Hello, there", await proxy.HelloAsync("there", Token).Soon());
    }

    [Fact]
    public async Task Five_hundred_callers_are_answered_again_after_a_restart()
    {
        Router router = await ServeAsync(_server);
        IWorkshop proxy = _client.Connect<IWorkshop>(_server.Ticket, Patient);
        await proxy.HelloAsync("you", Token).Soon();
        await router.ShutdownAsync(Token).Soon();
        Task<string>[] calls = [.. Enumerable.Range(0, 500).Select(i => proxy.HelloAsync($"{i}", Token).AsTask())];
        await ServeAsync(_server);
        string[] answers = await Task.WhenAll(calls).Soon();
        Assert.Equal(Enumerable.Range(0, 500).Select(i => $"Hello, {i}"), answers);
    }

    /// <summary>The second that ends so soon makes the channel wait before it dials; its end is no reason for calls to fail.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Connections_that_this_side_closes_one_after_the_other_fail_no_later_call(bool waits)
    {
        await ServeAsync(_server);
        IWorkshop proxy = _client.Connect<IWorkshop>(_server.Ticket, waits ? Patient : new ClientOptions());
        for (int i = 0; i < 4; i++)
        {
            Assert.Equal("Hello, you", await proxy.HelloAsync("you", Token).Soon());
            await PeerChannel.GetConnection(proxy)!.Connection.CloseAsync(0, "closed here", Token).AsTask().Soon();
        }
    }

    [Fact]
    public async Task A_peer_that_serves_nothing_yet_is_waited_for()
    {
        IWorkshop proxy = _client.Connect<IWorkshop>(_server.Ticket, Patient);
        Task<string> call = proxy.HelloAsync("you", Token).AsTask();
        PeerChannel channel = PeerChannel.Of(proxy)!;
        await BackingOffAsync(channel);
        Assert.False(call.IsCompleted);
        await ServeAsync(_server);
        Assert.Equal("Hello, you", await call.Soon());
    }

    [Fact]
    public async Task A_refusal_by_rule_is_PermissionDenied_at_once_also_for_who_waits()
    {
        await _server.DisposeAsync().Soon();
        _server = await PeerEndpoint.BindAsync(
            new PeerEndpointOptions { Transports = [Transport], SecretKey = _key, AdmitPeer = _ => false }, Token);
        await ServeAsync(_server);
        IWorkshop proxy = _client.Connect<IWorkshop>(_server.Ticket, Patient);
        RpcException error = await Assert.ThrowsAsync<RpcException>(() => proxy.HelloAsync("you", Token).Soon());
        Assert.Equal((RpcStatusCode.PermissionDenied, true), (error.StatusCode, error.IsNotStarted));
    }

    [Fact]
    public async Task A_deadline_that_ends_a_dial_says_so_and_that_the_call_was_not_started()
    {
        IWorkshop proxy = _client.Connect<IWorkshop>(_server.Ticket, new ClientOptions { WaitForReady = TimeSpan.MaxValue, Timeout = TimeSpan.FromSeconds(1) });
        RpcException error = await Assert.ThrowsAsync<RpcException>(() => proxy.HelloAsync("you", Token).Soon());
        Assert.Equal((RpcStatusCode.DeadlineExceeded, true), (error.StatusCode, error.IsNotStarted));
        Assert.Equal(PeerErrorKind.Refused, Assert.IsType<PeerException>(error.InnerException).Kind);
    }

    [Fact]
    public async Task A_peer_that_the_endpoint_has_met_is_found_by_its_id_alone()
    {
        await ServeAsync(_server);
        await using (PeerChannel known = _client.CreateChannel(_server.Ticket))
        {
            await known.Get<IWorkshop>().HelloAsync("you", Token).Soon();
        }

        await using PeerChannel channel = _client.CreateChannel(_server.Id);
        Assert.Equal("Hello, you", await channel.Get<IWorkshop>().HelloAsync("you", Token).Soon());
    }

    [Fact]
    public async Task A_connection_that_nobody_uses_is_closed_and_the_next_call_makes_another()
    {
        await ServeAsync(_server);
        await using PeerChannel channel = _client.CreateChannel(_server.Ticket, new PeerChannelOptions { IdleTimeout = TimeSpan.FromMilliseconds(1) });
        var workshop = channel.Get<IWorkshop>();
        await workshop.HelloAsync("you", Token).Soon();
        await PeerChannel.GetConnection(workshop)!.Connection.Closed.Soon();
        Assert.Equal("Hello, again", await workshop.HelloAsync("again", Token).Soon());
        Assert.Equal(2, channel.Generation);
    }

    [Fact]
    public async Task A_Changed_handler_that_throws_harms_nobody()
    {
        await ServeAsync(_server);
        PeerChannel channel = _client.CreateChannel(_server.Ticket);
        channel.Changed += (_, _) => throw new InvalidOperationException("mine");
        Assert.Equal("Hello, you", await channel.Get<IWorkshop>().HelloAsync("you", Token).Soon());
        await channel.DisposeAsync().Soon();
    }

    [Fact]
    public async Task Calls_made_while_dialling_arrive_in_their_order()
    {
        var service = new Recorder();
        await using Router router = await _server.Route().Map<IListener>(service, new ServiceOptions { Sequential = true }).StartAsync(Token);
        IListener proxy = _client.Connect<IListener>(_server.Ticket);
        Task[] calls = [.. Enumerable.Range(0, 1000).Select(i => proxy.HearAsync($"{i}", Token).AsTask())];
        await Task.WhenAll(calls).Soon();
        Assert.Equal(Enumerable.Range(0, 1000).Select(i => $"{i}"), service.Heard);
    }

    [Fact]
    public async Task What_was_posted_before_there_is_a_connection_is_delivered_by_disposal()
    {
        var service = new Workshop();
        await using Router router = await _server.Route().Map<IWorkshop>(service, new ServiceOptions { Sequential = true }).StartAsync(Token);
        PeerChannel channel = _client.CreateChannel(_server.Ticket, new PeerChannelOptions { FlushTimeout = RpcPair.Bound });
        channel.Get<IWorkshop>().Note("first");
        channel.Get<IWorkshop>().Note("last");
        await channel.DisposeAsync().Soon();
        Assert.Equal(["first", "last"], await NotesAsync(service, 2));
    }

    [Fact]
    public async Task Disposal_dials_again_for_what_was_posted_and_fails_what_else_waits_or_begins()
    {
        PeerChannel channel = _client.CreateChannel(_server.Ticket, new PeerChannelOptions { Calls = Patient, FlushTimeout = RpcPair.Bound });
        var proxy = channel.Get<IWorkshop>();
        proxy.Note("posted");
        Task<string> waits = proxy.HelloAsync("you", Token).AsTask();
        await BackingOffAsync(channel);
        Task disposal = channel.DisposeAsync().AsTask();
        Assert.Equal(ChannelState.Closed, channel.State);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => waits.Soon());
        await Assert.ThrowsAsync<ObjectDisposedException>(() => proxy.HelloAsync("late", Token).Soon());
        Assert.Throws<ObjectDisposedException>(() => channel.Get<IWorkshop>());
        Assert.False(disposal.IsCompleted);

        var service = new Workshop();
        await using Router router = await _server.Route().Map<IWorkshop>(service).StartAsync(Token);
        await disposal.Soon();
        Assert.Equal(["posted"], await NotesAsync(service, 1));
    }

    [Fact]
    public async Task Disposal_waits_for_a_peer_that_is_not_there_no_longer_than_its_time()
    {
        PeerChannel channel = _client.CreateChannel(_server.Ticket, new PeerChannelOptions { Calls = Patient, FlushTimeout = TimeSpan.FromMilliseconds(1) });
        channel.Get<IWorkshop>().Note("lost");
        await channel.DisposeAsync().Soon();
    }

    [Fact]
    public async Task Endpoint_that_closes_does_not_wait_for_a_connection_that_it_would_not_dial()
    {
        PeerChannel channel = _client.CreateChannel(_server.Ticket, new PeerChannelOptions { Calls = Patient, FlushTimeout = TimeSpan.FromDays(24) });
        channel.Get<IWorkshop>().Note("lost");
        await BackingOffAsync(channel);
        await _client.DisposeAsync().Soon();
    }

    private static async Task<string[]> NotesAsync(Workshop service, int count)
    {
        for (int note = 0; note < count; note++)
        {
            Assert.True(await service.Noted.WaitAsync(RpcPair.Bound, Token));
        }

        return [.. service.Notes];
    }

    private static async Task BackingOffAsync(PeerChannel channel)
    {
        var failed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        channel.Changed += (_, _) =>
        {
            if (channel.State == ChannelState.BackingOff)
            {
                failed.TrySetResult();
            }
        };
        if (channel.State != ChannelState.BackingOff)
        {
            await failed.Task.Soon();
        }
    }

    private static ValueTask<Router> ServeAsync(PeerEndpoint endpoint)
        => endpoint.Route().Map<IWorkshop>(new Workshop()).Map<IListener>(new Workshop.Listener("here")).StartAsync(Token);

    private ValueTask<PeerEndpoint> BindAsync() => PeerEndpoint.BindAsync(new PeerEndpointOptions { Transports = [Transport], SecretKey = _key }, Token);

    private sealed class Recorder : IListener
    {
        public List<string> Heard { get; } = [];

        public ValueTask<string> HearAsync(string text, CancellationToken cancellationToken)
        {
            Heard.Add(text);
            return ValueTask.FromResult(text);
        }
    }
}

public sealed class PeerChannelsOnMemory : PeerChannelSuite
{
    protected override ITransport Transport { get; } = new MemoryNetwork().Transport;
}

public sealed class PeerChannelsOnTls : PeerChannelSuite
{
    protected override ITransport Transport => TlsTransport.Instance;
}

public sealed class PeerChannelsOnMsQuic : PeerChannelSuite
{
    protected override ITransport Transport
    {
        get
        {
            Assert.SkipUnless(MsQuicTransport.Instance.UnsupportedReason is null, MsQuicTransport.Instance.UnsupportedReason ?? "");
            return MsQuicTransport.Instance;
        }
    }
}

public sealed class PeerChannelsOnQuic : PeerChannelSuite
{
    protected override ITransport Transport => QuicTransport.Instance;
}
