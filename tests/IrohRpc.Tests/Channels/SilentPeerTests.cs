using IrohRpc.Transports;

namespace IrohRpc.Tests;

/// <summary>A peer that is gone without a goodbye is met again beside the connection that has fallen silent.</summary>
public sealed class SilentPeerTests : IAsyncLifetime
{
    private readonly Workshop _service = new();
    private readonly FirstIsSilent _transport = new(new MemoryNetwork().Transport);
    private PeerEndpoint _client = null!;
    private PeerEndpoint _server = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _client = await PeerEndpoint.BindAsync(new PeerEndpointOptions { Transports = [_transport] }, Token);
        _server = await PeerEndpoint.BindAsync(new PeerEndpointOptions { Transports = [_transport] }, Token);
        await _server.Route().Map<IWorkshop>(_service).StartAsync(Token);
    }

    public async ValueTask DisposeAsync()
    {
        _service.Gate.TrySetResult();
        await _client.DisposeAsync().Soon();
        await _server.DisposeAsync().Soon();
    }

    [Fact]
    public async Task A_silent_connection_is_replaced_and_what_waited_on_it_fails_as_lost()
    {
        await using PeerChannel channel = _client.CreateChannel(_server.Ticket);
        var workshop = channel.Get<IWorkshop>();
        _transport.Silence = TimeSpan.FromSeconds(3);
        RpcException error = await Assert.ThrowsAsync<RpcException>(() => workshop.HelloAsync("wait", Token).Soon());
        Assert.Equal((RpcStatusCode.Unavailable, false), (error.StatusCode, error.IsNotStarted));
        Assert.Equal("Hello, you", await workshop.HelloAsync("you", Token).Soon());
        Assert.Equal(2, channel.Generation);
    }

    [Fact]
    public async Task A_connection_that_is_only_slow_is_kept()
    {
        await using PeerChannel channel = _client.CreateChannel(_server.Ticket);
        var workshop = channel.Get<IWorkshop>();
        _transport.Silence = TimeSpan.FromSeconds(3);

        // It speaks again while the other is dialled.
        _transport.Dialled = dials =>
        {
            if (dials == 2)
            {
                _transport.Silence = TimeSpan.Zero;
                _service.Gate.TrySetResult();
            }
        };
        Assert.Equal("waited", await workshop.HelloAsync("wait", Token).Soon());
        Assert.Equal(1, channel.Generation);
    }

    private sealed class FirstIsSilent(ITransport inner) : ITransport
    {
        private int _dials;

        public TimeSpan Silence { get; set; }

        public Action<int>? Dialled { get; set; }

        public string Name => inner.Name;

        public string? UnsupportedReason => null;

        public bool CanDial(TransportAddress address) => inner.CanDial(address);

        public async ValueTask<PeerConnection> DialAsync(TransportAddress address, DialRequest request, CancellationToken cancellationToken)
        {
            PeerConnection connection = await inner.DialAsync(address, request, cancellationToken);
            int dials = Interlocked.Increment(ref _dials);
            Dialled?.Invoke(dials);
            return dials == 1 ? new SilentConnection(connection, this) : connection;
        }

        public ValueTask<ITransportListener> ListenAsync(ListenRequest request, CancellationToken cancellationToken)
            => inner.ListenAsync(request, cancellationToken);
    }

    private sealed class SilentConnection(PeerConnection inner, FirstIsSilent transport) : DelegatingConnection(inner)
    {
        public override TimeSpan MeasureSilence() => transport.Silence;
    }
}
