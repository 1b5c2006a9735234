using IrohRpc.Gossip.Actions;
using IrohRpc.Gossip.Messages;
using IrohRpc.Gossip.Topics;

namespace IrohRpc.Gossip.Tests.Membership;

/// <summary>What a member says when it leaves.</summary>
public sealed class LeavingTests
{
    [Fact]
    public void Each_neighbor_of_a_member_that_leaves_hears_of_all_others_before_the_goodbye()
    {
        var state = new TopicState(Peer(0), new GossipSettings(), new Random(1));
        EndpointId[] neighbors = [.. Enumerable.Range(1, 5).Select(Peer)];
        foreach (EndpointId neighbor in neighbors)
        {
            state.Receive(neighbor, new JoinMessage([]), TimeSpan.Zero);
        }

        state.Clear();
        state.Leave();
        foreach (EndpointId neighbor in neighbors)
        {
            GossipMessage[] said = [.. state.Actions.OfType<TopicAction.Send>().Where(send => send.Peer == neighbor).Select(static send => send.Message)];
            var introduction = Assert.IsType<ShuffleReplyMessage>(said[0]);
            Assert.Equal(neighbors.Where(other => other != neighbor).Order(), introduction.Peers.Select(static peer => peer.Id).Order());
            Assert.Equal(new DisconnectMessage(IsAlive: false), Assert.Single(said[1..]));
        }

        Assert.Empty(state.Membership.Neighbors);
    }

    private static EndpointId Peer(int number)
    {
        var bytes = new byte[EndpointId.Size];
        BitConverter.TryWriteBytes(bytes, number + 1);
        return new EndpointId(bytes);
    }
}
