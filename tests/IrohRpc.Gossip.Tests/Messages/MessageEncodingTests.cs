using System.Text;
using System.Text.Json;
using CsCheck;
using IrohRpc.Gossip.Messages;
using IrohRpc.Gossip.Net;

namespace IrohRpc.Gossip.Tests.Messages;

public sealed class MessageEncodingTests
{
    private static readonly JsonElement Vectors = JsonDocument.Parse(
        File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Vectors", "iroh-035-gossip.json"))).RootElement;

    private static readonly Gen<PeerInfo> Peers = Gen.Select(Gen.Byte.Array[32], Gen.Byte.Array[0, 40].Null())
        .Select(static (id, data) => new PeerInfo(new EndpointId(id), data));

    private static readonly Gen<MessageId> Ids = Gen.Byte.Array[32].Select(static id => new MessageId(id));

    private static readonly Gen<GossipMessage> Any = Gen.OneOf<GossipMessage>(
        Gen.Byte.Array[0, 40].Null().Select(static data => (GossipMessage)new JoinMessage(data)),
        Gen.Select(Peers, Gen.UShort).Select(static (peer, ttl) => (GossipMessage)new ForwardJoinMessage(peer, ttl)),
        Gen.Select(Gen.Byte.Array[32], Peers.List[0, 5], Gen.UShort)
            .Select(static (id, peers, ttl) => (GossipMessage)new ShuffleMessage(new EndpointId(id), peers, ttl)),
        Peers.List[0, 5].Select(static peers => (GossipMessage)new ShuffleReplyMessage(peers)),
        Gen.Select(Gen.Bool, Gen.Byte.Array[0, 40].Null()).Select(static (high, data) => (GossipMessage)new NeighborMessage(high, data)),
        Gen.Bool.Select(static alive => (GossipMessage)new DisconnectMessage(alive)),
        Gen.Select(Ids, Gen.Byte.Array[0, 300], Gen.UShort.Nullable())
            .Select(static (id, content, round) => (GossipMessage)new ContentMessage(id, content, round)),
        Gen.Const((GossipMessage)new PruneMessage()),
        Gen.Select(Ids.Nullable(), Gen.UShort).Select(static (id, round) => (GossipMessage)new GraftMessage(id, round)),
        Gen.Select(Ids, Gen.UShort).List[0, 9].Select(static list => (GossipMessage)new IHaveMessage(list)));

    [Fact]
    public void Messages_are_byte_for_byte_those_of_real_iroh()
    {
        byte[] join = Convert.FromHexString(Vectors.GetProperty("sentJoin").GetString()!);
        Assert.Equal(join[32..], MessageEncoding.Encode(new JoinMessage(null)));

        byte[][] frames = [.. Vectors.GetProperty("frames").EnumerateArray().Select(static frame => Convert.FromHexString(frame.GetString()!))];
        GossipMessage[] messages = [.. frames.Select(static frame =>
        {
            Assert.True(MessageEncoding.TryDecode(frame.AsSpan(32), out GossipMessage? message, out string? problem), problem);
            Assert.Equal(Convert.ToHexStringLower(frame.AsSpan(32)), Convert.ToHexStringLower(MessageEncoding.Encode(message)));
            return message;
        })];
        byte[] data = Assert.IsType<JoinMessage>(messages[0]).Data!;
        Assert.True(Assert.IsType<NeighborMessage>(messages[1]).IsHighPriority);
        ContentMessage content = Assert.IsType<ContentMessage>(messages[2]);
        Assert.Equal("hello gossip", Encoding.UTF8.GetString(content.Content));
        Assert.Equal(MessageId.Of(content.Content), content.Id);
        Assert.Equal((ushort?)0, content.Round);

        Assert.True(PeerData.TryDecode(default, data, out EndpointAddress? address));
        Assert.Contains(address.Addresses, static next => next.Kind == TransportAddressKind.Relay);
        Assert.Equal(Convert.ToHexStringLower(data), Convert.ToHexStringLower(PeerData.Encode(address)));
    }

    [Fact]
    public void Every_message_survives() => Any.Sample(static message =>
    {
        byte[] bytes = MessageEncoding.Encode(message);
        Assert.True(MessageEncoding.TryDecode(bytes, out GossipMessage? read, out string? problem), problem);
        Assert.Equal(bytes, MessageEncoding.Encode(read));
        Assert.Equal(message.GetType(), read.GetType());
    });

    [Fact]
    public void Damaged_bytes_are_refused_or_read_and_never_bring_the_reader_down()
        => Gen.Select(Any, Gen.Int, Gen.Byte).Sample(static (message, at, change) =>
        {
            byte[] bytes = MessageEncoding.Encode(message);
            for (int length = 0; length < bytes.Length; length++)
            {
                Assert.False(MessageEncoding.TryDecode(bytes.AsSpan(0, length), out _, out string? problem));
                Assert.NotNull(problem);
            }

            bytes[(at & int.MaxValue) % bytes.Length] ^= change;
            MessageEncoding.TryDecode(bytes, out _, out _);
            Assert.False(MessageEncoding.TryDecode([.. bytes, 0], out GossipMessage? longer, out _) && longer is PruneMessage);
        });
}
