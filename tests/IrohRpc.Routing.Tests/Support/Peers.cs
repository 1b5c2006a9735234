using IrohRpc.Transports;

namespace IrohRpc.Tests.Support;

/// <summary>The endpoints of a test on one network in memory; disposing closes them all.</summary>
internal sealed class Peers : IAsyncDisposable
{
    /// <summary>How long a test waits for what must happen; far more than it ever takes.</summary>
    public static readonly TimeSpan Bound = TimeSpan.FromSeconds(30);

    private readonly List<PeerEndpoint> _endpoints = [];

    public MemoryNetwork Network { get; } = new();

    public LogCollector Log { get; } = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask<PeerEndpoint> BindAsync(Action<PeerEndpointOptions>? change = null)
    {
        var options = new PeerEndpointOptions { Transports = [Network.Transport], LoggerFactory = Log };
        change?.Invoke(options);
        PeerEndpoint endpoint = await PeerEndpoint.BindAsync(options, Cancellation);
        _endpoints.Add(endpoint);
        return endpoint;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (PeerEndpoint endpoint in _endpoints)
        {
            await endpoint.DisposeAsync();
        }
    }
}
