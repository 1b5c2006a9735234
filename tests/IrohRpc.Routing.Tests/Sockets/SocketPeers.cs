using IrohRpc.Tests.Support;
using IrohRpc.Transports;

namespace IrohRpc.Tests.Sockets;

/// <summary>The endpoints of a test on real sockets of this machine; disposing closes them all.</summary>
internal sealed class SocketPeers : IAsyncDisposable
{
    private readonly List<PeerEndpoint> _endpoints = [];

    public LogCollector Log { get; } = new();

    /// <summary>The transports by their names, joined with a plus sign. Skips the test where one does not work on this machine.</summary>
    public static ITransport[] Transports(string names)
    {
        ITransport[] transports = [.. names.Split('+').Select(Transport)];
        foreach (ITransport transport in transports)
        {
            Assert.SkipUnless(transport.UnsupportedReason is null, $"{transport.Name}: {transport.UnsupportedReason}");
        }

        return transports;
    }

    public async ValueTask<PeerEndpoint> BindAsync(string transports, Action<PeerEndpointOptions>? change = null)
    {
        var options = new PeerEndpointOptions { Transports = Transports(transports), LoggerFactory = Log };
        change?.Invoke(options);
        PeerEndpoint endpoint = await PeerEndpoint.BindAsync(options, TestContext.Current.CancellationToken);
        _endpoints.Add(endpoint);
        return endpoint;
    }

    public async ValueTask DisposeAsync() => await Task.WhenAll(_endpoints.Select(endpoint => endpoint.DisposeAsync().AsTask()));

    private static ITransport Transport(string name)
        => new PeerEndpointOptions().Transports.Append(MsQuicTransport.Instance).Single(transport => transport.Name == name);
}
