using IrohRpc.Transports;

namespace IrohRpc.Tests;

public sealed class EndpointsOnMemory : EndpointSuite
{
    private readonly MemoryNetwork _network = new();

    protected override ITransport Transport => _network.Transport;

    // The server leaves, and its goodbye is on the way for longer than a call takes to arrive: what is called meanwhile is certainly refused.
    [Fact]
    public async Task Upload_that_a_leaving_server_has_refused_is_read_again_from_where_it_began()
    {
        CancellationToken token = TestContext.Current.CancellationToken;
        var probe = new Probe();
        var stopping = new TaskCompletionSource<CancellationToken>(TaskCreationOptions.RunContinuationsAsynchronously);
        probe.Look = context => stopping.TrySetResult(context!.Stopping);
        using SecretKey key = SecretKey.Generate();
        await using PeerEndpoint old = await _network.BindAsync(options => options.SecretKey = key, token);
        await using PeerEndpoint young = await _network.BindAsync(options => options.SecretKey = key, token);
        await using PeerEndpoint client = await _network.BindAsync(cancellationToken: token);
        Router oldRouter = await old.Route().Map<IProbe>(probe).StartAsync(token);
        await using Router youngRouter = await young.Route().Map<IProbe>(new Probe()).StartAsync(token);
        IProbe proxy = client.Connect<IProbe>(new EndpointAddress(key.Id, old.Address.Addresses.Concat(young.Address.Addresses)));
        await proxy.ContextAsync(new CallContext(), token).Soon();
        CancellationToken leaves = await stopping.Task.Soon();
        Task<string> held = proxy.HoldAsync(token).AsTask();
        await probe.Entered.Task.Soon();

        _network.SetLatency(key.Id, client.Id, TimeSpan.FromSeconds(1));
        Task shutdown = oldRouter.ShutdownAsync(token).AsTask();
        var left = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using (leaves.Register(() => left.TrySetResult()))
        {
            await left.Task.Soon();
        }

        await using var source = new CountingStream(new byte[30_000]) { Position = 10_000 };
        int before = source.Rewinds;
        Task<long> upload = proxy.LengthAsync(source, token).AsTask();
        _network.SetLatency(key.Id, client.Id, TimeSpan.Zero);
        Assert.Equal(20_000, await upload.Soon());
        Assert.Equal(1, source.Rewinds - before);
        probe.Gate.SetResult();
        Assert.Equal("held", await held.Soon());
        await shutdown.Soon();
    }

    private protected override Task LoseAsync(PeerConnection connection)
    {
        _network.LoseConnection(connection);
        return connection.Closed;
    }

    private sealed class CountingStream(byte[] bytes) : MemoryStream(bytes)
    {
        private int _rewinds;

        public int Rewinds => Volatile.Read(ref _rewinds);

        public override long Position
        {
            get => base.Position;
            set
            {
                Interlocked.Increment(ref _rewinds);
                base.Position = value;
            }
        }
    }
}
