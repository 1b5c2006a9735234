using IrohRpc.Gossip.Messages;
using IrohRpc.Gossip.Net;

namespace IrohRpc.Gossip.Tests.Support;

/// <summary>A peer that speaks the protocol by hand, so far as it wants to.</summary>
internal static class Stranger
{
    /// <summary>Sends the request to join a topic over a connection of either version.</summary>
    /// <returns>The stream that it was sent on, for more; null where the connection ended first.</returns>
    public static async Task<PeerStream?> JoinAsync(PeerConnection connection, TopicId topic)
    {
        CancellationToken cancellation = TestContext.Current.CancellationToken;
        bool isOld = connection.Alpn == GossipProtocol.OldAlpn;
        byte[] join = MessageEncoding.Encode(new JoinMessage(null));
        byte[] frames = isOld ? Frames.Of(topic.ToByteArray(), join) : [.. Frames.Of(topic.ToByteArray()), .. Frames.Of(join)];
        try
        {
            PeerStream stream = isOld
                ? await connection.OpenBidirectionalStreamAsync(cancellation)
                : await connection.OpenUnidirectionalStreamAsync(cancellation);
            await stream.WriteAsync(frames, cancellation);
            return stream;
        }
        catch (PeerException)
        {
            return null;
        }
    }
}
