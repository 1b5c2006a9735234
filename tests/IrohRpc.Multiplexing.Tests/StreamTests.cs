using IrohRpc.Multiplexing.QMux;
using IrohRpc.Multiplexing.Streams;

namespace IrohRpc.Tests;

public sealed class StreamTests
{
    private readonly byte[] _buffer = new byte[4096];

    [Fact]
    public void The_parameters_are_the_first_frame_in_a_record_and_never_sent_again()
    {
        var peer = new HandDrivenPeer();
        List<List<WireFrame>> records = peer.ReceiveRecords();
        Assert.Equal(0x3f5153300d0a0d0a, Assert.Single(Assert.Single(records)).Type);
        peer.Send(Wire.Parameters(8, 1000, 4000));
        Assert.Empty(peer.Receive());
    }

    [Theory]
    [InlineData(0x08)]
    [InlineData(0x09)]
    [InlineData(0x0a)]
    [InlineData(0x0b)]
    [InlineData(0x0c)]
    [InlineData(0x0d)]
    [InlineData(0x0e)]
    [InlineData(0x0f)]
    public void All_eight_STREAM_types_deliver(int type)
    {
        HandDrivenPeer peer = HandDrivenPeer.Started();
        byte[] frame =
        [
            (byte)type, 0,
            .. (type & 4) == 0 ? Array.Empty<byte>() : [0],
            .. (type & 2) == 0 ? Array.Empty<byte>() : [3],
            7, 8, 9,
        ];
        peer.Send(frame);
        MultiplexedStream stream = peer.Accept();
        Assert.Equal(StreamEvents.Readable, peer.TakeEvents(stream));
        Assert.Equal(3, stream.Receive!.Read(_buffer));
        Assert.Equal([7, 8, 9], _buffer[..3]);
        Assert.Equal((type & 1) == 0 ? ReceiveState.Receiving : ReceiveState.DataRead, stream.Receive.State);
    }

    [Fact]
    public void Padding_is_skipped_wherever_it_stands()
    {
        HandDrivenPeer peer = HandDrivenPeer.Started();
        peer.Send(new byte[100], Wire.Stream(0, 0, [1]), new byte[16_000]);
        Assert.Equal(1, peer.Accept().Receive!.Read(_buffer));
        Assert.Equal(QMuxSessionState.Open, peer.Session.State);
    }

    [Fact]
    public void Bytes_go_straight_to_whoever_waits_and_what_is_over_is_kept()
    {
        HandDrivenPeer peer = HandDrivenPeer.Started();
        peer.Send(Wire.Stream(0, 0, []));
        MultiplexedStream stream = peer.Accept();
        byte[] destination = new byte[4];
        stream.Receive!.Expect(destination);
        peer.Send(Wire.Stream(0, 0, [1, 2, 3]), Wire.Stream(0, 3, [4, 5, 6]));
        Assert.Equal(4, stream.Receive.TakeDelivered());
        Assert.Equal([1, 2, 3, 4], destination);
        Assert.Equal(2, stream.Receive.Read(_buffer));
        Assert.Equal([5, 6], _buffer[..2]);
    }

    [Fact]
    public void A_reset_takes_the_place_of_what_was_not_read()
    {
        HandDrivenPeer peer = HandDrivenPeer.Started();
        peer.Send(Wire.Stream(0, 0, [1, 2]), Wire.Frame(0x04, 0, 77, 2));
        MultiplexedStream stream = peer.Accept();
        Assert.Equal(ReceiveState.Reset, stream.Receive!.State);
        Assert.Equal(77, stream.Receive.ResetCode);
        Assert.Equal(0, stream.Receive.Read(_buffer));
        Assert.Equal(0, peer.Session.Streams.Segments.RentedBytes);
    }

    [Fact]
    public void A_reset_after_everything_has_arrived_takes_nothing_away()
    {
        HandDrivenPeer peer = HandDrivenPeer.Started();
        peer.Send(Wire.Stream(0, 0, [1, 2], fin: true), Wire.Frame(0x04, 0, 77, 2));
        MultiplexedStream stream = peer.Accept();
        Assert.Equal(2, stream.Receive!.Read(_buffer));
        Assert.Equal(ReceiveState.DataRead, stream.Receive.State);
    }

    [Fact]
    public void Giving_up_reading_tells_the_peer_once_and_drops_what_still_comes()
    {
        HandDrivenPeer peer = HandDrivenPeer.Started();
        peer.Send(Wire.Stream(2, 0, [1]));
        MultiplexedStream stream = peer.Accept(bidirectional: false);
        Assert.True(stream.Receive!.Abort(9));
        Assert.False(stream.Receive.Abort(10));
        WireFrame stop = Assert.Single(peer.Receive());
        Assert.Equal(0x05, stop.Type);
        Assert.Equal([2, 9], stop.Fields);
        peer.Send(Wire.Stream(2, 1, [2, 3]));
        Assert.Equal(0, peer.Session.Streams.Segments.RentedBytes);
        Assert.Equal(1, peer.Session.Streams.StreamCount);
        peer.Send(Wire.Frame(0x04, 2, 9, 3));
        Assert.Equal(0, peer.Session.Streams.StreamCount);
        Assert.Equal(QMuxSessionState.Open, peer.Session.State);
    }

    [Fact]
    public void Giving_up_reading_what_has_arrived_in_full_says_nothing_to_the_peer()
    {
        HandDrivenPeer peer = HandDrivenPeer.Started();
        peer.Send(Wire.Stream(2, 0, [1], fin: true));
        Assert.True(peer.Accept(bidirectional: false).Receive!.Abort(9));
        Assert.DoesNotContain(peer.Receive(), f => f.Type == 0x05);
        Assert.Equal(0, peer.Session.Streams.StreamCount);
    }

    [Fact]
    public void Giving_up_writing_resets_with_the_size_that_was_sent()
    {
        HandDrivenPeer peer = HandDrivenPeer.Started();
        MultiplexedStream stream = peer.Open();
        Assert.True(stream.Send!.Write(new byte[10], complete: false));
        peer.Receive();
        Assert.True(stream.Send.Write(new byte[10], complete: false));
        Assert.True(stream.Send.Abort(5));
        Assert.False(stream.Send.Abort(6));
        WireFrame reset = Assert.Single(peer.Receive());
        Assert.Equal(0x04, reset.Type);
        Assert.Equal([1, 5, 10], reset.Fields);
        Assert.Equal(0, peer.Session.Streams.Segments.RentedBytes);
    }

    [Fact]
    public void STOP_SENDING_is_answered_by_a_reset_with_its_code()
    {
        HandDrivenPeer peer = HandDrivenPeer.Started();
        MultiplexedStream stream = peer.Open();
        stream.Send!.Write(new byte[2000], complete: false);
        peer.Receive();
        peer.Send(Wire.Frame(0x05, 1, 33));
        Assert.Equal(StreamEvents.Stopped, peer.TakeEvents(stream));
        Assert.Equal(33, stream.Send.StopCode);
        WireFrame reset = Assert.Single(peer.Receive());
        Assert.Equal([1, 33, 1000], reset.Fields);
        Assert.False(stream.Send.IsWriteWaiting);
    }

    [Fact]
    public void STOP_SENDING_after_everything_was_sent_changes_nothing()
    {
        HandDrivenPeer peer = HandDrivenPeer.Started();
        MultiplexedStream stream = peer.Open(bidirectional: false);
        stream.Send!.Write(new byte[10], complete: true);
        peer.Receive();
        peer.Send(Wire.Frame(0x05, 3, 33));
        Assert.Empty(peer.Receive());
        Assert.Equal(SendState.FinSent, stream.Send.State);
    }

    [Fact]
    public void The_end_leaves_with_the_last_bytes_or_alone()
    {
        HandDrivenPeer peer = HandDrivenPeer.Started();
        MultiplexedStream together = peer.Open();
        together.Send!.Write(new byte[] { 1 }, complete: true);
        WireFrame last = Assert.Single(peer.Receive());
        Assert.True(last.Fin);
        Assert.Equal([1], last.Data);
        Assert.Equal(StreamEvents.WritesFinished, peer.TakeEvents(together));

        MultiplexedStream alone = peer.Open();
        alone.Send!.Write(new byte[] { 1 }, complete: false);
        Assert.False(Assert.Single(peer.Receive()).Fin);
        alone.Send.Complete();
        WireFrame end = Assert.Single(peer.Receive());
        Assert.True(end.Fin);
        Assert.Empty(end.Data);
        Assert.Equal(1, end.Offset);
    }

    [Fact]
    public void Small_writes_leave_together_in_one_frame()
    {
        HandDrivenPeer peer = HandDrivenPeer.Started();
        MultiplexedStream stream = peer.Open();
        for (byte i = 0; i < 100; i++)
        {
            stream.Send!.Write(new[] { i }, complete: false);
        }

        WireFrame frame = Assert.Single(peer.Receive());
        Assert.Equal(Enumerable.Range(0, 100).Select(i => (byte)i), frame.Data);
    }

    [Fact]
    public void A_finished_stream_leaves_nothing_behind()
    {
        HandDrivenPeer peer = HandDrivenPeer.Started();
        MultiplexedStream stream = peer.Open();
        stream.Send!.Write(new byte[10], complete: true);
        peer.Receive();
        peer.Send(Wire.Stream(1, 0, [1, 2, 3], fin: true));
        Assert.Equal(1, peer.Session.Streams.StreamCount);
        stream.Receive!.Read(_buffer);
        Assert.Equal(0, peer.Session.Streams.StreamCount);
        Assert.Equal(0, peer.Session.Streams.Segments.RentedBytes);

        // What may still be under way for it is legal and without effect.
        peer.Send(Wire.Frame(0x11, 1, 99_999), Wire.Frame(0x05, 1, 1), Wire.Frame(0x15, 1, 3), Wire.Frame(0x04, 1, 0, 3));
        Assert.Equal(QMuxSessionState.Open, peer.Session.State);
        Assert.Empty(peer.Receive());
    }
}
