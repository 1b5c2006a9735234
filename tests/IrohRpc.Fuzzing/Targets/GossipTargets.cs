using IrohRpc.Gossip;
using IrohRpc.Gossip.Calls;
using IrohRpc.Gossip.Messages;
using IrohRpc.Gossip.Net;
using IrohRpc.Gossip.Topics;

namespace IrohRpc.Fuzzing;

/// <summary>What members of a topic say to each other.</summary>
internal static class GossipTargets
{
    private static readonly TopicId Topic = TopicId.FromName("fuzzing");
    private static readonly EndpointId[] Peers = [.. Enumerable.Range(10, 6).Select(static seed => Id(seed))];

    public static IEnumerable<FuzzTarget> All =>
    [
        new("gossip-message", ReadMessage, static () => Messages().Select(MessageEncoding.Encode)),
        new("gossip-topic", ReceiveMessages, TopicSeeds) { FreeBytes = 1024 * 1024, Bounded = 3_000 },
        new("gossip-peer-data", static input => PeerData.TryDecode(Peers[0], input, out _), static () => [PeerData.Encode(new EndpointAddress(Peers[0], TransportAddress.Relay("https://relay.example/")))]),
        new("gossip-frames", ReadFrames, static () => [[0, 0, 0, 2, 1, 2], [0x7f, 0xff, 0xff, 0xff]]),
        new("topic-call", ReadCall, static () => [TopicCall.Write(Topic, null, default, 1, 2, [3, 4], [1, 2, 3]), TopicCall.Write(Topic, static body => IdentityTargets.Key.Sign(body), IdentityTargets.Key.Id, 1, 2, [3], [1, 2, 3])]),
    ];

    private static void ReadMessage(ReadOnlySpan<byte> input)
    {
        if (MessageEncoding.TryDecode(input, out GossipMessage? message, out string? problem))
        {
            FuzzTargets.Require(MessageEncoding.TryDecode(MessageEncoding.Encode(message), out _, out _), "a message does not come back as it went");
        }
        else
        {
            FuzzTargets.Require(!problem.Any(char.IsControl), $"what is said of it would reach a terminal: {problem}");
        }
    }

    // A peer, a length, a message; again and again.
    private static void ReceiveMessages(ReadOnlySpan<byte> input)
    {
        var state = new TopicState(Peers[0], new GossipSettings(), new Random(1));
        state.Start();
        TimeSpan now = TimeSpan.Zero;
        while (input.Length > 2)
        {
            EndpointId from = Peers[1 + (input[0] % 5)];
            ReadOnlySpan<byte> bytes = input.Slice(2, Math.Min(input[1], input.Length - 2));
            if (input[0] >= 0xf0)
            {
                state.Disconnected(from);
            }
            else if (MessageEncoding.TryDecode(bytes, out GossipMessage? message, out _))
            {
                state.Receive(from, message, now);
            }

            now += TimeSpan.FromMilliseconds(input[0]);
            state.Clear();
            input = input[(2 + bytes.Length)..];
        }
    }

    private static void ReadFrames(ReadOnlySpan<byte> input)
    {
        var stream = new BytesStream(input.ToArray());
        try
        {
            while (Frames.ReadAsync(stream, 4096, CancellationToken.None).AsTask().GetAwaiter().GetResult() is { } frame)
            {
                FuzzTargets.Require(frame.Length <= 4096, "a frame is longer than it may be");
            }
        }
        catch (IOException)
        {
            // What it should say of them.
        }
    }

    private static void ReadCall(ReadOnlySpan<byte> input)
    {
        TopicCall.Peek(input, out _);
        FuzzTargets.Require(TopicCall.Read(Topic, input, out _)?.Any(char.IsControl) != true, "what is said of it would reach a terminal");
    }

    private static EndpointId Id(int seed)
    {
        using var key = SecretKey.FromBytes(Enumerable.Repeat((byte)seed, 32).ToArray());
        return key.Id;
    }

    private static IEnumerable<GossipMessage> Messages()
    {
        var id = MessageId.Of([1, 2, 3]);
        return
        [
            new JoinMessage([1, 2]), new ForwardJoinMessage(new PeerInfo(Peers[1], null), 6), new ShuffleMessage(Peers[1], [new PeerInfo(Peers[2], [1])], 3),
            new ShuffleReplyMessage([new PeerInfo(Peers[3], null)]), new NeighborMessage(true, null), new DisconnectMessage(true), new ContentMessage(id, [1, 2, 3], 1),
            new GraftMessage(id, 2), new IHaveMessage([(id, 3)]),
        ];
    }

    private static IEnumerable<byte[]> TopicSeeds()
    {
        byte[] all = [.. Messages().Select(MessageEncoding.Encode).SelectMany(static (message, index) => (byte[])[(byte)index, (byte)message.Length, .. message])];
        return [all, [0xf1, 1, 0, .. all]];
    }
}
