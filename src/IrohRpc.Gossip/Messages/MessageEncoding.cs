using System.Diagnostics.CodeAnalysis;
using IrohRpc.Identity.Internal;

namespace IrohRpc.Gossip.Messages;

/// <summary>The bytes of messages, as iroh has them: postcard, two enumerations deep.</summary>
internal static class MessageEncoding
{
    public static byte[] Encode(GossipMessage message)
    {
        var writer = new PostcardWriter();
        Write(writer, message);
        return writer.Written.ToArray();
    }

    public static void Write(PostcardWriter writer, GossipMessage message)
    {
        switch (message)
        {
            case JoinMessage join:
                writer.WriteBytes([0, 0]);
                WriteData(writer, join.Data);
                break;
            case ForwardJoinMessage forward:
                writer.WriteBytes([0, 1]);
                WritePeer(writer, forward.Peer);
                writer.WriteVarint(forward.TimeToLive);
                break;
            case ShuffleMessage shuffle:
                writer.WriteBytes([0, 2]);
                writer.WriteBytes(shuffle.Origin.ToByteArray());
                WritePeers(writer, shuffle.Peers);
                writer.WriteVarint(shuffle.TimeToLive);
                break;
            case ShuffleReplyMessage reply:
                writer.WriteBytes([0, 3]);
                WritePeers(writer, reply.Peers);
                break;
            case NeighborMessage neighbor:
                writer.WriteBytes([0, 4, neighbor.IsHighPriority ? (byte)0 : (byte)1]);
                WriteData(writer, neighbor.Data);
                break;
            case DisconnectMessage disconnect:
                writer.WriteBytes([0, 5, disconnect.IsAlive ? (byte)1 : (byte)0, 0]);
                break;
            case ContentMessage content:
                writer.WriteBytes([1, 0]);
                writer.WriteBytes(content.Id.ToByteArray());
                writer.WriteLengthAndBytes(content.Content);
                writer.WriteVarint(content.Round is null ? 1UL : 0);
                if (content.Round is { } round)
                {
                    writer.WriteVarint(round);
                }

                break;
            case PruneMessage:
                writer.WriteBytes([1, 1]);
                break;
            case GraftMessage graft:
                writer.WriteBytes([1, 2, graft.Id is null ? (byte)0 : (byte)1]);
                if (graft.Id is { } id)
                {
                    writer.WriteBytes(id.ToByteArray());
                }

                writer.WriteVarint(graft.Round);
                break;
            case IHaveMessage have:
                writer.WriteBytes([1, 3]);
                writer.WriteVarint((ulong)have.Messages.Count);
                foreach ((MessageId message1, ushort round1) in have.Messages)
                {
                    writer.WriteBytes(message1.ToByteArray());
                    writer.WriteVarint(round1);
                }

                break;
            default:
                throw new ArgumentException($"There is no encoding for {message.GetType().Name}.", nameof(message));
        }
    }

    /// <summary>Reads a message of a peer that may be hostile.</summary>
    public static bool TryDecode(ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out GossipMessage? message, [NotNullWhen(false)] out string? problem)
    {
        var reader = new PostcardReader(bytes);
        message = Read(ref reader);
        if (message is not null && reader.Remaining > 0)
        {
            reader.Fail($"{reader.Remaining} bytes follow the message");
            message = null;
        }

        problem = reader.Problem ?? "it is malformed";
        return message is not null;
    }

    private static GossipMessage? Read(ref PostcardReader reader)
    {
        if (!reader.TryReadVarint("the layer of a message", 1, out ulong layer)
            || !reader.TryReadVarint("the kind of a message", layer == 0 ? 5UL : 3, out ulong kind))
        {
            return null;
        }

        return layer == 0 ? ReadMembership(ref reader, kind) : ReadBroadcast(ref reader, kind);
    }

    private static GossipMessage? ReadMembership(ref PostcardReader reader, ulong kind)
    {
        switch (kind)
        {
            case 0:
                return TryReadData(ref reader, out byte[]? data) ? new JoinMessage(data) : null;
            case 1:
                return TryReadPeer(ref reader, out PeerInfo peer) && reader.TryReadVarint("a time to live", ushort.MaxValue, out ulong hops)
                    ? new ForwardJoinMessage(peer, (ushort)hops)
                    : null;
            case 2:
                return reader.TryReadBytes("an id", EndpointId.Size, out ReadOnlySpan<byte> origin)
                    && TryReadPeers(ref reader, out List<PeerInfo> offered)
                    && reader.TryReadVarint("a time to live", ushort.MaxValue, out ulong left)
                        ? new ShuffleMessage(new EndpointId(origin), offered, (ushort)left)
                        : null;
            case 3:
                return TryReadPeers(ref reader, out List<PeerInfo> peers) ? new ShuffleReplyMessage(peers) : null;
            case 4:
                return reader.TryReadVarint("a priority", 1, out ulong priority) && TryReadData(ref reader, out byte[]? mine)
                    ? new NeighborMessage(priority == 0, mine)
                    : null;
            default:
                return reader.TryReadVarint("whether a peer lives", 1, out ulong alive) && reader.TryReadVarint("an obsolete flag", 1, out _)
                    ? new DisconnectMessage(alive == 1)
                    : null;
        }
    }

    private static GossipMessage? ReadBroadcast(ref PostcardReader reader, ulong kind)
    {
        switch (kind)
        {
            case 0:
                if (!reader.TryReadBytes("the id of a message", MessageId.Size, out ReadOnlySpan<byte> id)
                    || !reader.TryReadVarint("the length of a content", int.MaxValue, out ulong length)
                    || !reader.TryReadBytes("a content", length, out ReadOnlySpan<byte> content)
                    || !reader.TryReadVarint("the scope of a message", 1, out ulong scope))
                {
                    return null;
                }

                ulong round = 0;
                return scope == 1 || reader.TryReadVarint("the round of a message", ushort.MaxValue, out round)
                    ? new ContentMessage(new MessageId(id), content.ToArray(), scope == 1 ? null : (ushort)round)
                    : null;
            case 1:
                return new PruneMessage();
            case 2:
                MessageId? wanted = null;
                if (!reader.TryReadVarint("whether a message is wanted", 1, out ulong some))
                {
                    return null;
                }

                if (some == 1)
                {
                    if (!reader.TryReadBytes("the id of a message", MessageId.Size, out ReadOnlySpan<byte> graft))
                    {
                        return null;
                    }

                    wanted = new MessageId(graft);
                }

                return reader.TryReadVarint("the round of a message", ushort.MaxValue, out ulong graftRound)
                    ? new GraftMessage(wanted, (ushort)graftRound)
                    : null;
            default:
                return ReadIHave(ref reader);
        }
    }

    private static IHaveMessage? ReadIHave(ref PostcardReader reader)
    {
        if (!reader.TryReadVarint("the number of messages", (ulong)(reader.Remaining / (MessageId.Size + 1)), out ulong count))
        {
            return null;
        }

        var messages = new List<(MessageId, ushort)>((int)count);
        for (ulong i = 0; i < count; i++)
        {
            if (!reader.TryReadBytes("the id of a message", MessageId.Size, out ReadOnlySpan<byte> id)
                || !reader.TryReadVarint("the round of a message", ushort.MaxValue, out ulong round))
            {
                return null;
            }

            messages.Add((new MessageId(id), (ushort)round));
        }

        return new IHaveMessage(messages);
    }

    private static void WriteData(PostcardWriter writer, byte[]? data)
    {
        writer.WriteVarint(data is null ? 0UL : 1);
        if (data is not null)
        {
            writer.WriteLengthAndBytes(data);
        }
    }

    private static void WritePeer(PostcardWriter writer, PeerInfo peer)
    {
        writer.WriteBytes(peer.Id.ToByteArray());
        WriteData(writer, peer.Data);
    }

    private static void WritePeers(PostcardWriter writer, IReadOnlyList<PeerInfo> peers)
    {
        writer.WriteVarint((ulong)peers.Count);
        foreach (PeerInfo peer in peers)
        {
            WritePeer(writer, peer);
        }
    }

    private static bool TryReadData(ref PostcardReader reader, out byte[]? data)
    {
        data = null;
        if (!reader.TryReadVarint("whether there are data of a peer", 1, out ulong some))
        {
            return false;
        }

        if (some == 0)
        {
            return true;
        }

        if (!reader.TryReadVarint("the length of a peer's data", (ulong)reader.Remaining, out ulong length)
            || !reader.TryReadBytes("a peer's data", length, out ReadOnlySpan<byte> bytes))
        {
            return false;
        }

        data = bytes.ToArray();
        return true;
    }

    private static bool TryReadPeer(ref PostcardReader reader, out PeerInfo peer)
    {
        peer = default;
        if (!reader.TryReadBytes("an id", EndpointId.Size, out ReadOnlySpan<byte> id) || !TryReadData(ref reader, out byte[]? data))
        {
            return false;
        }

        peer = new PeerInfo(new EndpointId(id), data);
        return true;
    }

    private static bool TryReadPeers(ref PostcardReader reader, out List<PeerInfo> peers)
    {
        peers = [];
        if (!reader.TryReadVarint("the number of peers", (ulong)(reader.Remaining / (EndpointId.Size + 1)), out ulong count))
        {
            return false;
        }

        for (ulong i = 0; i < count; i++)
        {
            if (!TryReadPeer(ref reader, out PeerInfo peer))
            {
                return false;
            }

            peers.Add(peer);
        }

        return true;
    }
}
