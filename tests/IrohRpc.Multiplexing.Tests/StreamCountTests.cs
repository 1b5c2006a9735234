using IrohRpc.Multiplexing.QMux;
using IrohRpc.Multiplexing.Streams;

namespace IrohRpc.Tests;

public sealed class StreamCountTests
{
    private readonly byte[] _buffer = new byte[100];

    [Fact]
    public void A_stream_opens_all_lower_ones_and_they_are_accepted_in_order()
    {
        HandDrivenPeer peer = HandDrivenPeer.Started();
        peer.Send(Wire.Stream(8, 0, [3]));
        Assert.Equal(1, peer.Session.Streams.StreamCount);
        Assert.Equal([0, 4, 8], new[] { peer.Accept().Id, peer.Accept().Id, peer.Accept().Id });
        Assert.Null(peer.Session.Streams.TryAccept(bidirectional: true));
        Assert.Null(peer.Session.Streams.TryAccept(bidirectional: false));
    }

    [Theory]
    [InlineData(true, 0, 1)]
    [InlineData(false, 1, 0)]
    public void Each_side_has_its_own_numbers(bool isClient, long own, long peers)
    {
        HandDrivenPeer peer = HandDrivenPeer.Started(isClient);
        Assert.Equal(own, peer.Open().Id);
        Assert.Equal(own + 2, peer.Open(bidirectional: false).Id);
        Assert.Equal(own + 4, peer.Open().Id);
        peer.Send(Wire.Stream(peers, 0, [1]), Wire.Stream(peers + 2, 0, [1]));
        Assert.Equal(peers, peer.Accept().Id);
        Assert.Equal(peers + 2, peer.Accept(bidirectional: false).Id);
    }

    [Fact]
    public void Nothing_opens_before_the_peer_has_said_how_much_it_takes()
    {
        var peer = new HandDrivenPeer();
        Assert.Null(peer.Session.Streams.TryOpen(bidirectional: true));
        Assert.Equal(0x3f5153300d0a0d0a, Assert.Single(peer.Receive()).Type);
        peer.Send(Wire.Parameters(1, 10, 10));
        Assert.NotNull(peer.Session.Streams.TryOpen(bidirectional: true));
        Assert.Empty(peer.Receive());
    }

    [Fact]
    public void Opening_beyond_the_limit_waits_for_the_peer_and_tells_it_once()
    {
        HandDrivenPeer peer = HandDrivenPeer.Started(streams: 1);
        peer.Open();
        Assert.Empty(peer.Receive());
        Assert.Null(peer.Session.Streams.TryOpen(bidirectional: true));
        Assert.Equal([1], Assert.Single(peer.Receive(), f => f.Type == 0x16).Fields);
        Assert.Null(peer.Session.Streams.TryOpen(bidirectional: true));
        Assert.Empty(peer.Receive());
        peer.Open(bidirectional: false);
        Assert.Null(peer.Session.Streams.TryOpen(bidirectional: false));
        Assert.Equal([1], Assert.Single(peer.Receive(), f => f.Type == 0x17).Fields);

        peer.Send(Wire.Frame(0x12, 2), Wire.Frame(0x12, 1));
        Assert.NotNull(peer.Session.Streams.TryOpen(bidirectional: true));
        peer.Send(Wire.Frame(0x13, 2));
        Assert.NotNull(peer.Session.Streams.TryOpen(bidirectional: false));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_place_comes_back_when_the_stream_was_accepted_and_is_finished_with(bool bidirectional)
    {
        long id = bidirectional ? 0 : 2;
        HandDrivenPeer peer = HandDrivenPeer.Started(limits: HandDrivenPeer.Limits(streams: 1));
        peer.Send(Wire.Stream(id, 0, [1], fin: true));
        Assert.Empty(peer.Receive());
        MultiplexedStream stream = peer.Accept(bidirectional);
        stream.Receive!.Read(_buffer);
        if (bidirectional)
        {
            Assert.Empty(peer.Receive());
            stream.Send!.Complete();
        }

        // The place is free once the end has been handed over, so that the word of it may take a record of its own.
        Assert.Equal([2], Assert.Single(peer.Receive(), f => f.Type == (bidirectional ? 0x12 : 0x13)).Fields);
        peer.Send(Wire.Stream(id + 4, 0, [1]));
        Assert.Equal(QMuxSessionState.Open, peer.Session.State);
    }

    [Fact]
    public void A_stream_that_was_reset_before_anybody_accepted_it_keeps_its_place_until_then()
    {
        HandDrivenPeer peer = HandDrivenPeer.Started(limits: HandDrivenPeer.Limits(streams: 1));
        peer.Send(Wire.Frame(0x04, 2, 9, 0));
        Assert.Empty(peer.Receive());
        Assert.Equal(ReceiveState.Reset, peer.Accept(bidirectional: false).Receive!.State);
        Assert.Contains(peer.Receive(), f => f.Type == 0x13);
        Assert.Equal(0, peer.Session.Streams.StreamCount);
    }

    [Fact]
    public void Places_come_back_in_bundles_while_the_peer_has_enough()
    {
        HandDrivenPeer peer = HandDrivenPeer.Started(limits: HandDrivenPeer.Limits(streams: 80, allBytes: 1 << 20));
        int updates = 0;
        for (int i = 0; i < 800; i++)
        {
            peer.Send(Wire.Stream((i * 4) + 2, 0, [1], fin: true));
            peer.Accept(bidirectional: false).Receive!.Read(_buffer);
            updates += peer.Receive().Count(f => f.Type == 0x13);
        }

        Assert.InRange(updates, 10, 80);
    }

    [Fact]
    public void Naming_the_last_stream_allowed_costs_no_state_for_the_lower_ones()
    {
        HandDrivenPeer peer = HandDrivenPeer.Started(limits: HandDrivenPeer.Limits(streams: 60_000));
        peer.Send(Wire.Stream(59_999 * 4, 0, [1]));
        Assert.Equal(1, peer.Session.Streams.StreamCount);
    }
}
