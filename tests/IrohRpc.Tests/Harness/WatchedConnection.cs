using System.Collections.Concurrent;
using IrohRpc.Transports;

namespace IrohRpc.Tests;

/// <summary>Knows which of its streams were not disposed of.</summary>
internal sealed class WatchedConnection(PeerConnection inner) : DelegatingConnection(inner)
{
    private readonly ConcurrentDictionary<long, PeerStream> _open = new();

    /// <summary>The ids of the streams that nobody has disposed of.</summary>
    public IReadOnlyCollection<long> OpenStreams => [.. _open.Keys.Order()];

    protected override PeerStream Opened(PeerStream stream) => Watch(stream);

    protected override PeerStream Accepted(PeerStream stream) => Watch(stream);

    private WatchedStream Watch(PeerStream stream)
    {
        _open[stream.Id] = stream;
        return new WatchedStream(stream, _open);
    }

    private sealed class WatchedStream(PeerStream inner, ConcurrentDictionary<long, PeerStream> open) : DelegatingStream(inner)
    {
        public override ValueTask DisposeAsync()
        {
            open.TryRemove(Id, out _);
            return base.DisposeAsync();
        }
    }
}
