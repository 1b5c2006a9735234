using System.Threading.Channels;

namespace IrohRpc.Gossip.Net;

/// <summary>One peer: what waits to be sent to it, and its connections. Used under the lock of <see cref="Gossip"/>.</summary>
internal sealed class PeerLink(EndpointId peer, int capacity)
{
    public EndpointId Peer => peer;

    public Channel<Outgoing> Queue { get; private set; } = NewQueue(capacity);

    public HashSet<PeerConnection> Connections { get; } = [];

    /// <summary>The connection that is written to.</summary>
    public PeerConnection? Active { get; set; }

    public bool IsDialling { get; set; }

    public bool IsIdle => Connections.Count == 0 && !IsDialling;

    public void DropQueue()
    {
        Queue.Writer.TryComplete();
        Queue = NewQueue(capacity);
    }

    private static Channel<Outgoing> NewQueue(int capacity)
        => Channel.CreateBounded<Outgoing>(new BoundedChannelOptions(capacity) { SingleReader = true });
}
