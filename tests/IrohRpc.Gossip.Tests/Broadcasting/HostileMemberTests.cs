using IrohRpc.Gossip.Actions;
using IrohRpc.Gossip.Messages;
using IrohRpc.Gossip.Topics;

namespace IrohRpc.Gossip.Tests.Broadcasting;

/// <summary>What one member can make another hold.</summary>
public sealed class HostileMemberTests
{
    private static readonly GossipSettings Settings = new() { MaxMissingMessages = 100, MaxMessageIds = 200, MaxCachedBytes = 10_000 };

    [Fact]
    public void A_message_under_a_wrong_id_is_a_violation_and_goes_no_further()
    {
        TopicState state = NewState();
        state.Receive(Peer(1), new ContentMessage(MessageId.Of([1]), [2], 0), TimeSpan.Zero);
        TopicAction.Violation violation = Assert.Single(state.Actions.OfType<TopicAction.Violation>());
        Assert.Equal(Peer(1), violation.Peer);
        Assert.DoesNotContain(state.Actions, static action => action is TopicAction.Received);
    }

    [Fact]
    public void Names_of_messages_that_never_come_are_bounded()
    {
        TopicState state = NewState();
        MakeNeighbor(state, Peer(1));
        for (int i = 0; i < 50; i++)
        {
            state.Receive(Peer(1), new IHaveMessage([.. Enumerable.Range(i * 10, 10).Select(static n => (MessageId.Of(BitConverter.GetBytes(n)), (ushort)1))]), TimeSpan.Zero);
        }

        Assert.Equal(100, state.Tree.MissingCount);
        state.Disconnected(Peer(1));
        Assert.Equal(0, state.Tree.MissingCount);
    }

    [Fact]
    public void What_is_kept_of_messages_is_bounded_in_bytes_and_number_and_time()
    {
        TopicState state = NewState();
        for (int i = 0; i < 1000; i++)
        {
            byte[] content = [.. BitConverter.GetBytes(i), .. new byte[200]];
            state.Receive(Peer(1), new ContentMessage(MessageId.Of(content), content, 3), TimeSpan.Zero);
            state.Clear();
        }

        Assert.InRange(state.Tree.CachedBytes, 1, 10_000);
        Assert.Equal(200, state.Tree.KnownIds);
        state.Expire(new TopicTimer.Evict(), TimeSpan.FromSeconds(91));
        Assert.Equal((0, 0), (state.Tree.CachedBytes, state.Tree.KnownIds));
    }

    [Fact]
    public void Views_stay_small_whatever_is_offered()
    {
        TopicState state = NewState();
        for (int i = 1; i < 400; i++)
        {
            state.Receive(Peer(i), new JoinMessage([]), TimeSpan.Zero);
            state.Receive(Peer(i), new ShuffleReplyMessage([.. Enumerable.Range(i * 1000, 900).Select(static n => new PeerInfo(Peer(n), new byte[50]))]), TimeSpan.Zero);
            state.Receive(Peer(i), new ForwardJoinMessage(new PeerInfo(Peer(-i), [1]), ushort.MaxValue), TimeSpan.Zero);
            state.Receive(Peer(i), new ShuffleMessage(Peer(i), [], 0), TimeSpan.Zero);
            state.Clear();
        }

        Assert.InRange(state.Membership.Neighbors.Count, 1, 5);
        Assert.InRange(state.Membership.Others.Count, 1, 30);
    }

    [Fact]
    public void Peers_that_are_introduced_are_asked_so_many_at_a_time()
    {
        TopicState state = NewState();
        MakeNeighbor(state, Peer(1));
        state.Clear();
        for (int i = 0; i < 5_000; i++)
        {
            state.Receive(Peer(1), new ForwardJoinMessage(new PeerInfo(Peer(100 + i), new byte[60]), 0), TimeSpan.Zero);
        }

        Assert.Equal(Settings.MaxPendingNeighbors, state.Membership.Pending.Count());
        Assert.Equal(Settings.MaxPendingNeighbors - 1, state.Actions.OfType<TopicAction.Send>().Select(static send => send.Peer).Distinct().Count());
    }

    [Fact]
    public void A_peer_that_claims_to_be_us_changes_nothing()
    {
        TopicState state = NewState();
        state.Receive(Peer(1), new ShuffleReplyMessage([new PeerInfo(Peer(0), [])]), TimeSpan.Zero);
        state.Receive(Peer(1), new ForwardJoinMessage(new PeerInfo(Peer(0), []), 0), TimeSpan.Zero);
        Assert.DoesNotContain(Peer(0), state.Membership.Others);
        Assert.DoesNotContain(state.Actions, static action => action is TopicAction.Send send && send.Peer == Peer(0));
    }

    private static TopicState NewState() => new(Peer(0), Settings, new Random(1));

    private static void MakeNeighbor(TopicState state, EndpointId peer) => state.Receive(peer, new NeighborMessage(true, null), TimeSpan.Zero);

    private static EndpointId Peer(int number)
    {
        var id = new byte[EndpointId.Size];
        BitConverter.TryWriteBytes(id, number);
        return new EndpointId(id);
    }
}
