using System.Buffers.Binary;
using IrohRpc.Gossip.Messages;
using IrohRpc.Gossip.Net;

namespace IrohRpc.Gossip;

/// <content>What is said to peers, in the order in which it was queued.</content>
public sealed partial class Gossip
{
    private async Task WriteAsync(PeerLink link, PeerConnection connection, PeerStream? both, CancellationToken cancellationToken)
    {
        var topics = new Dictionary<TopicId, PeerStream>();
        while (true)
        {
            Outgoing outgoing = await link.Queue.Reader.ReadAsync(cancellationToken).ConfigureAwait(false);
            if (outgoing.Message is { } message)
            {
                if (both is not null)
                {
                    await both.WriteAsync(Frames.Of(outgoing.Topic.ToByteArray(), message), cancellationToken).ConfigureAwait(false);
                    continue;
                }

                if (!topics.TryGetValue(outgoing.Topic, out PeerStream? stream))
                {
                    topics[outgoing.Topic] = stream = await connection.OpenUnidirectionalStreamAsync(cancellationToken).ConfigureAwait(false);
                    await stream.WriteAsync(Frames.Of(outgoing.Topic.ToByteArray()), cancellationToken).ConfigureAwait(false);
                }

                await stream.WriteAsync(Frames.Of(message), cancellationToken).ConfigureAwait(false);
                continue;
            }

            if (topics.Remove(outgoing.Topic, out PeerStream? finished))
            {
                finished.CompleteWrites();
            }

            if (outgoing.EndsConnection && EndsNow(link, connection))
            {
                both?.CompleteWrites();
                foreach (PeerStream stream in topics.Values)
                {
                    stream.CompleteWrites();
                }

                return;
            }
        }
    }

    // Somebody may have wanted the peer again meanwhile.
    private bool EndsNow(PeerLink link, PeerConnection connection)
    {
        lock (_lock)
        {
            if (_topics.Values.Any(topic => topic.Needs(link.Peer)) || link.Queue.Reader.TryPeek(out _))
            {
                return false;
            }

            if (link.Active == connection)
            {
                link.Active = null;
            }

            return true;
        }
    }
}
