using System.Net;
using System.Threading.Channels;
using IrohRpc.Identity;
using IrohRpc.Transports;
using IrohRpc.Transports.Conformance;

namespace IrohRpc.Tests;

/// <summary>Calls that leave with the first packet of a dial (0-RTT), over real sockets.</summary>
public sealed class EarlyDataTests : IAsyncLifetime
{
    private readonly SecretKey _serverKey = SecretKey.Generate();
    private readonly Store _store = new();
    private readonly List<IAsyncDisposable> _owned = [];
    private PeerEndpoint _server = null!;
    private PeerEndpoint _client = null!;
    private UdpTap _tap = null!;
    private Func<EndpointId, bool>? _admitPeer;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _server = await ServeAsync();
        _client = await PeerEndpoint.BindAsync(new PeerEndpointOptions { Transports = [Early()], ListenOn = [] }, Token);
        _tap = new UdpTap(_server.Address.Addresses[0].ToIPEndPoint());
    }

    public async ValueTask DisposeAsync()
    {
        await _client.DisposeAsync();
        foreach (IAsyncDisposable owned in Enumerable.Reverse(_owned))
        {
            await owned.DisposeAsync();
        }

        await _tap.DisposeAsync();
        _serverKey.Dispose();
    }

    [Fact]
    public async Task An_idempotent_call_runs_before_any_answer_has_reached_the_caller_and_another_call_does_not()
    {
        await MeetAsync();
        _tap.BlocksAnswers = true;
        await using PeerChannel channel = CreateChannel();
        IEarlyStore store = channel.Get<IEarlyStore>();
        Task<int> read = store.ReadAsync("early", Token).AsTask();
        Assert.Equal("read early", await _store.NextAsync());
        Task<int> add = store.AddAsync("late", Token).AsTask();
        Task<int> behind = store.ReadAsync("behind", Token).AsTask();
        Assert.Null(PeerChannel.GetConnection(store));
        Assert.False(read.IsCompleted || add.IsCompleted || behind.IsCompleted);
        _tap.BlocksAnswers = false;
        Assert.Equal(1, await read.Bounded());
        Assert.Equal(2, await add.Bounded());
        Assert.Equal(3, await behind.Bounded());

        // In their order, each once.
        Assert.Equal("add late", await _store.NextAsync());
        Assert.Equal("read behind", await _store.NextAsync());
        Assert.Equal(0, _store.Waiting);
        Assert.NotNull(PeerChannel.GetConnection(store));
    }

    [Fact]
    public async Task Nothing_leaves_early_unless_the_channel_asks_for_it()
    {
        await MeetAsync();
        _tap.BlocksAnswers = true;
        await using PeerChannel channel = _client.CreateChannel(Peer());
        Task<int> read = channel.Get<IEarlyStore>().ReadAsync("early", Token).AsTask();
        while (_tap.Passed.Count < 2)
        {
            await Task.Yield();
        }

        Assert.Equal(0, _store.Waiting);
        _tap.BlocksAnswers = false;
        Assert.Equal(1, await read.Bounded());
    }

    [Fact]
    public async Task What_somebody_copies_is_not_run_again()
    {
        await MeetAsync();
        _tap.Passed.Clear();
        await using (PeerChannel channel = CreateChannel())
        {
            await channel.Get<IEarlyStore>().ReadAsync("early", Token).AsTask().Bounded();
            Assert.Equal("read early", await _store.NextAsync());
        }

        for (int i = 0; i < 3; i++)
        {
            await _tap.RepeatAsync([.. _tap.Passed]);
        }

        // The peer serves others as before, and has run nothing but what they called.
        await using PeerChannel other = _client.CreateChannel(Peer());
        Assert.Equal(2, await other.Get<IEarlyStore>().ReadAsync("after", Token).AsTask().Bounded());
        Assert.Equal("read after", await _store.NextAsync());
        Assert.Equal(0, _store.Waiting);
    }

    [Fact]
    public async Task A_peer_that_has_restarted_refuses_early_data_and_the_call_runs_once_all_the_same()
    {
        await MeetAsync();
        await _server.DisposeAsync();
        _server = await ServeAsync();
        _tap.Target = _server.Address.Addresses[0].ToIPEndPoint();
        await using PeerChannel channel = CreateChannel();
        Assert.Equal(1, await channel.Get<IEarlyStore>().ReadAsync("early", Token).AsTask().Bounded());
        Assert.Equal("read early", await _store.NextAsync());
        Assert.Equal(0, _store.Waiting);
    }

    [Fact]
    public async Task Early_calls_of_a_peer_that_is_not_admitted_any_more_are_not_run()
    {
        await MeetAsync();
        _admitPeer = static _ => false;
        await using PeerChannel channel = CreateChannel();
        await Assert.ThrowsAsync<RpcException>(() => channel.Get<IEarlyStore>().ReadAsync("early", Token).AsTask().Bounded());
        Assert.Equal(0, _store.Waiting);
    }

    [Fact]
    public async Task An_early_call_to_a_peer_that_has_moved_is_made_again_at_its_other_address()
    {
        await MeetAsync();
        _tap.Target = new IPEndPoint(IPAddress.Loopback, 9);
        await using PeerChannel channel = _client.CreateChannel(
            Peer().With(_server.Address.Addresses[0]), new PeerChannelOptions { UsesEarlyData = true, SilenceTimeout = TimeSpan.FromMilliseconds(500) });
        Assert.Equal(1, await channel.Get<IEarlyStore>().ReadAsync("early", Token).AsTask().Bounded());
        Assert.Equal("read early", await _store.NextAsync());
    }

    /// <remarks>A dialler that keeps no rules: its call of another method reaches the peer with the first packet.</remarks>
    [Fact]
    public async Task A_call_that_is_not_idempotent_is_refused_where_it_comes_early()
    {
        await MeetAsync();
        _tap.BlocksAnswers = true;
        PeerConnection connection = await _client.DialAsync(Peer(), IEarlyStoreAlpns(), allowsEarlyData: true, Token).AsTask().Bounded();
        Assert.False(connection.HandshakeCompleted.IsCompleted);
        RpcConnection rpc = PeerRpcConnection.Start(connection, default(ServiceBinding), new ClientOptions { MaxRetries = 0 });
        Task<int> add = rpc.GetProxy<IEarlyStore>().AddAsync("too early", Token).AsTask();
        Task<int> read = rpc.GetProxy<IEarlyStore>().ReadAsync("behind", Token).AsTask();
        Assert.Equal("read behind", await _store.NextAsync());
        _tap.BlocksAnswers = false;
        RpcException refusal = await Assert.ThrowsAsync<RpcException>(() => add.Bounded());
        Assert.Equal(RpcStatusCode.Unavailable, refusal.StatusCode);
        Assert.True(refusal.IsNotStarted);
        Assert.Contains("idempotent", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(1, await read.Bounded());
        Assert.Equal(0, _store.Waiting);
        await rpc.DisposeAsync();
    }

    [Fact]
    public async Task Streams_of_early_data_wait_for_a_protocol_that_does_not_ask_for_them()
    {
        var served = new TaskCompletionSource<PeerConnection>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using PeerEndpoint raw = await PeerEndpoint.BindAsync(
            new PeerEndpointOptions { Transports = [Early()], ListenOn = [new IPEndPoint(IPAddress.Loopback, 0)] }, Token);
        await using Router router = await raw.Route()
            .Map("raw/1", async (connection, cancellation) =>
            {
                served.TrySetResult(connection);
                await using PeerStream stream = await connection.AcceptBidirectionalStreamAsync(cancellation);
                Assert.True(connection.HandshakeCompleted.IsCompleted);
                await stream.CopyToAsync(stream, cancellation);
                stream.CompleteWrites();
                await connection.Closed;
            })
            .StartAsync(Token);
        _tap.Target = raw.Address.Addresses[0].ToIPEndPoint();
        EndpointAddress peer = new(raw.Id, [TransportAddress.Ip(_tap.Address)]);
        await EchoAsync(await _client.DialAsync(peer, ["raw/1"], allowsEarlyData: true, Token));
        served = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _tap.BlocksAnswers = true;
        PeerConnection early = await _client.DialAsync(peer, ["raw/1"], allowsEarlyData: true, Token);
        Task echo = EchoAsync(early);
        PeerConnection accepted = await served.Task.Bounded();
        Assert.False(accepted.HandshakeCompleted.IsCompleted);
        _tap.BlocksAnswers = false;
        await echo.Bounded();

        static async Task EchoAsync(PeerConnection connection)
        {
            await using PeerStream stream = await connection.OpenBidirectionalStreamAsync(Token);
            await stream.WriteAsync(new byte[100], completeWrites: true, Token);
            await stream.ReadExactlyAsync(new byte[100], Token);
            await connection.HandshakeCompleted.Bounded();
            await connection.CloseAsync(0, "", Token);
            await connection.DisposeAsync();
        }
    }

    private static QuicTransport Early() => new(new QuicTransportOptions { AllowsEarlyData = true });

    private static IReadOnlyList<string> IEarlyStoreAlpns() => ["early-store/1"];

    private EndpointAddress Peer() => new(_server.Id, [TransportAddress.Ip(_tap.Address)]);

    private PeerChannel CreateChannel() => _client.CreateChannel(Peer(), new PeerChannelOptions { UsesEarlyData = true });

    private async Task<PeerEndpoint> ServeAsync()
    {
        PeerEndpoint endpoint = await PeerEndpoint.BindAsync(
            new PeerEndpointOptions
            {
                SecretKey = _serverKey,
                Transports = [Early()],
                ListenOn = [new IPEndPoint(IPAddress.Loopback, 0)],
                AdmitPeer = peer => _admitPeer?.Invoke(peer) ?? true,
            },
            Token);
        _owned.Add(endpoint);
        _owned.Add(await endpoint.Route().Map<IEarlyStore>(_store, new ServiceOptions { Sequential = true }).StartAsync(Token));
        return endpoint;
    }

    // A first connection brings the ticket: the call's answer comes behind it.
    private async Task MeetAsync()
    {
        await using PeerChannel channel = CreateChannel();
        await channel.Get<IEarlyStore>().ReadAsync("meet", Token).AsTask().Bounded();
        Assert.Equal("read meet", await _store.NextAsync());
        _store.Reset();
    }

    private sealed class Store : IEarlyStore
    {
        private readonly Channel<string> _calls = Channel.CreateUnbounded<string>();
        private int _count;

        public int Waiting => _calls.Reader.Count;

        public void Reset() => _count = 0;

        public Task<string> NextAsync() => _calls.Reader.ReadAsync(Token).Bounded();

        public ValueTask<int> ReadAsync(string key, CancellationToken cancellation) => Note($"read {key}");

        public ValueTask<int> AddAsync(string key, CancellationToken cancellation) => Note($"add {key}");

        private ValueTask<int> Note(string call)
        {
            int count = Interlocked.Increment(ref _count);
            Assert.True(_calls.Writer.TryWrite(call));
            return new ValueTask<int>(count);
        }
    }
}
