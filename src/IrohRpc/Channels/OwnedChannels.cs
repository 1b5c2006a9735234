namespace IrohRpc.Channels;

/// <summary>The channels that users made, for the endpoint to close with itself.</summary>
internal sealed class OwnedChannels(PeerEndpoint endpoint) : IAsyncDisposable
{
    private readonly Lock _gate = new();
    private readonly HashSet<PeerChannel> _channels = [];
    private bool _isClosed;

    public PeerChannel Create(EndpointAddress peer, PeerChannelOptions? options)
    {
        var channel = new PeerChannel(endpoint, peer, options, Forget);
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_isClosed, typeof(PeerEndpoint));
            _channels.Add(channel);
        }

        return channel;
    }

    public async ValueTask DisposeAsync()
    {
        PeerChannel[] left;
        lock (_gate)
        {
            _isClosed = true;
            left = [.. _channels];
        }

        await Task.WhenAll(left.Select(static channel => channel.DisposeAsync().AsTask())).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private void Forget(PeerChannel closed)
    {
        lock (_gate)
        {
            _channels.Remove(closed);
        }
    }
}
