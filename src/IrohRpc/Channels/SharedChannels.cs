using System.Collections.Concurrent;

namespace IrohRpc.Channels;

/// <summary>
/// The channels behind <c>endpoint.Connect</c>, one for each peer. A channel stays while somebody holds a proxy of it or it has a connection; the
/// endpoint closes what is left.
/// </summary>
internal sealed class SharedChannels(PeerEndpoint endpoint) : IAsyncDisposable
{
    private const int SweepEvery = 256;

    private readonly ConcurrentDictionary<EndpointId, WeakReference<PeerChannel>> _channels = new();
    private readonly Lock _gate = new();
    private int _added;
    private bool _isClosed;

    /// <summary>The channel of a peer, which learns the addresses.</summary>
    public PeerChannel Get(EndpointAddress peer)
    {
        PeerChannel? channel;
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_isClosed, typeof(PeerEndpoint));
            if (!_channels.TryGetValue(peer.Id, out WeakReference<PeerChannel>? known) || !known.TryGetTarget(out channel))
            {
                channel = new PeerChannel(endpoint, peer, null, Forget);
                _channels[peer.Id] = new WeakReference<PeerChannel>(channel);
                if (++_added % SweepEvery == 0)
                {
                    Sweep();
                }

                return channel;
            }
        }

        channel.AddAddresses(peer);
        return channel;
    }

    public async ValueTask DisposeAsync()
    {
        List<PeerChannel> left = [];
        lock (_gate)
        {
            _isClosed = true;
            foreach (WeakReference<PeerChannel> known in _channels.Values)
            {
                if (known.TryGetTarget(out PeerChannel? channel))
                {
                    left.Add(channel);
                }
            }
        }

        await Task.WhenAll(left.Select(static channel => channel.DisposeAsync().AsTask())).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    // A channel that was disposed of is not handed out again.
    private void Forget(PeerChannel closed)
    {
        lock (_gate)
        {
            if (_channels.TryGetValue(closed.PeerId, out WeakReference<PeerChannel>? known) && known.TryGetTarget(out PeerChannel? channel) && channel == closed)
            {
                _channels.TryRemove(closed.PeerId, out _);
            }
        }
    }

    private void Sweep()
    {
        foreach ((EndpointId peer, WeakReference<PeerChannel> known) in _channels)
        {
            if (!known.TryGetTarget(out _))
            {
                _channels.TryRemove(peer, out _);
            }
        }
    }
}
