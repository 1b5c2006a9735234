using IrohRpc.Multiplexing.Streams;

namespace IrohRpc.Tests;

public sealed class FlowControlTests
{
    private readonly byte[] _buffer = new byte[100_000];

    [Fact]
    public void No_more_leaves_than_a_stream_is_allowed_and_the_peer_is_told_once()
    {
        HandDrivenPeer peer = HandDrivenPeer.Started(bytes: 1000);
        MultiplexedStream stream = peer.Open();
        Assert.False(stream.Send!.Write(new byte[1500], complete: false));
        List<WireFrame> sent = peer.Receive();
        Assert.Equal(1000, sent.Where(f => f.IsStream).Sum(f => f.Data.Length));
        Assert.Equal([1, 1000], Assert.Single(sent, f => f.Type == 0x15).Fields);
        Assert.Empty(peer.Receive());

        peer.Send(Wire.Frame(0x11, 1, 1200));
        Assert.Equal([1, 1200], Assert.Single(peer.Receive(), f => f.Type == 0x15).Fields);
        Assert.Equal(StreamEvents.None, peer.TakeEvents(stream));
        peer.Send(Wire.Frame(0x11, 1, 1100), Wire.Frame(0x11, 1, 5000));
        Assert.Equal(300, Assert.Single(peer.Receive()).Data.Length);
        Assert.Equal(StreamEvents.Written, peer.TakeEvents(stream));
    }

    [Fact]
    public void No_more_leaves_than_the_connection_is_allowed_and_the_peer_is_told_once()
    {
        HandDrivenPeer peer = HandDrivenPeer.Started(bytes: 1000, allBytes: 1500);
        MultiplexedStream one = peer.Open();
        MultiplexedStream other = peer.Open();
        one.Send!.Write(new byte[1000], complete: true);
        other.Send!.Write(new byte[1000], complete: true);
        List<WireFrame> sent = peer.Receive();
        Assert.Equal(1500, sent.Sum(f => f.IsStream ? f.Data.Length : 0));
        Assert.Equal([1500], Assert.Single(sent, f => f.Type == 0x14).Fields);
        Assert.Empty(peer.Receive());

        peer.Send(Wire.Frame(0x10, 1000), Wire.Frame(0x10, 2000));
        WireFrame rest = Assert.Single(peer.Receive());
        Assert.Equal(500, rest.Data.Length);
        Assert.True(rest.Fin);
    }

    [Fact]
    public void An_end_without_bytes_needs_no_credit()
    {
        HandDrivenPeer peer = HandDrivenPeer.Started(bytes: 100, allBytes: 100);
        MultiplexedStream stream = peer.Open();
        stream.Send!.Write(new byte[100], complete: false);
        peer.Receive();
        stream.Send.Complete();
        Assert.True(Assert.Single(peer.Receive(), f => f.IsStream).Fin);
    }

    [Fact]
    public void A_reset_needs_no_credit_and_frees_the_line_for_others()
    {
        HandDrivenPeer peer = HandDrivenPeer.Started(bytes: 100, allBytes: 100);
        MultiplexedStream stream = peer.Open();
        stream.Send!.Write(new byte[200], complete: false);
        peer.Receive();
        stream.Send.Abort(1);
        Assert.Equal(0x04, Assert.Single(peer.Receive()).Type);
        MultiplexedStream other = peer.Open();
        other.Send!.Write(new byte[10], complete: false);
        peer.Receive();
        peer.Send(Wire.Frame(0x10, 1000));
        Assert.Equal(other.Id, Assert.Single(peer.Receive(), f => f.IsStream).StreamId);
    }

    [Fact]
    public void Streams_given_up_behind_a_peer_without_credit_do_not_pile_up()
    {
        HandDrivenPeer peer = HandDrivenPeer.Started(streams: 1 << 20, bytes: 100, allBytes: 0);
        WeakReference first = OpenAndGiveUp(peer);
        for (int i = 0; i < 1000; i++)
        {
            OpenAndGiveUp(peer);
        }

        // The receiving parts end too, so that the streams can go.
        for (int i = 0; i <= 1000; i++)
        {
            peer.Send(Wire.Frame(0x04, (i * 4) + 1, 0, 0));
        }

        OpenAndGiveUp(peer);
        OpenAndGiveUp(peer);
        GC.Collect();
        Assert.False(first.IsAlive);
    }

    [Fact]
    public void Reading_gives_credit_back_once_it_is_worth_a_frame()
    {
        HandDrivenPeer peer = HandDrivenPeer.Started(limits: HandDrivenPeer.Limits(bytes: 1000, allBytes: 2000));
        peer.Send(Wire.Stream(0, 0, new byte[1000]));
        MultiplexedStream stream = peer.Accept();
        stream.Receive!.Read(_buffer.AsSpan(0, 249));
        Assert.Empty(peer.Receive());
        stream.Receive.Read(_buffer.AsSpan(0, 1));
        Assert.Equal([0, 1250], Assert.Single(peer.Receive(), f => f.Type == 0x11).Fields);
        stream.Receive.Read(_buffer);
        Assert.Contains(peer.Receive(), f => f.Type == 0x10 && f.Fields[0] == 3000);
    }

    [Fact]
    public void A_stream_that_was_alone_for_long_may_be_further_ahead_until_another_speaks()
    {
        HandDrivenPeer peer = HandDrivenPeer.Started(limits: HandDrivenPeer.Limits(bytes: 1000, allBytes: 1 << 20));
        MultiplexedStream? stream = null;
        long sent = 0;

        long?[] usual = [1500, 2000, 2500, 3000, 3500, 4000, 4500, 5000, 5500, 6000, 6500, 7000, 7500, 8000, 8500];
        Assert.Equal(usual, usual.Select(_ => LimitAfter(500)));
        Assert.Equal(8000 + 4000, LimitAfter(500));
        Assert.Null(LimitAfter(999));
        Assert.Equal(9_000 + 4000, LimitAfter(1));

        peer.Send(Wire.Stream(4, 0, [1]));
        Assert.Null(LimitAfter(3249));
        Assert.Equal(12_250 + 1000, LimitAfter(1));

        long? LimitAfter(int count)
        {
            peer.Send(Wire.Stream(0, sent, new byte[count]));
            sent += count;
            stream ??= peer.Accept();
            Assert.Equal(count, stream.Receive!.Read(_buffer));
            return peer.Receive().SingleOrDefault(f => f.Type == 0x11)?.Fields[1];
        }
    }

    [Fact]
    public void Nothing_is_given_for_a_stream_that_has_ended_but_the_connection_gets_its_part()
    {
        HandDrivenPeer peer = HandDrivenPeer.Started(limits: HandDrivenPeer.Limits(bytes: 1000, allBytes: 2000));
        peer.Send(Wire.Stream(0, 0, new byte[1000], fin: true));
        peer.Accept().Receive!.Read(_buffer);
        Assert.Equal(0x10, Assert.Single(peer.Receive()).Type);
    }

    [Fact]
    public void Bytes_that_nobody_will_read_count_as_read()
    {
        HandDrivenPeer peer = HandDrivenPeer.Started(limits: HandDrivenPeer.Limits(bytes: 1000, allBytes: 2000));
        peer.Send(Wire.Stream(0, 0, new byte[600]));
        MultiplexedStream stream = peer.Accept();
        stream.Receive!.Abort(1);
        peer.Send(Wire.Stream(0, 600, new byte[200]), Wire.Frame(0x04, 0, 1, 1000));
        Assert.Equal([3000], Assert.Single(peer.Receive(), f => f.Type == 0x10).Fields);
    }

    [Fact]
    public void A_reader_that_does_not_read_costs_what_arrived_and_not_the_window()
    {
        HandDrivenPeer peer = HandDrivenPeer.Started(
            limits: HandDrivenPeer.Limits(streams: 1000, bytes: 1 << 24, allBytes: 1 << 30));
        for (int i = 0; i < 1000; i++)
        {
            peer.Send(Wire.Stream(i * 4, 0, [1]));
        }

        Assert.InRange(peer.Session.Streams.Segments.RentedBytes, 1000, 1000 * 512);
        for (int i = 0; i < 1000; i++)
        {
            peer.Send(Wire.Stream(i * 4, 1, new byte[2000]));
        }

        Assert.InRange(peer.Session.Streams.Segments.RentedBytes, 2_000_000, 3 * 2_000_000);
    }

    [Fact]
    public void A_stream_of_single_bytes_costs_little_more_than_the_bytes()
    {
        HandDrivenPeer peer = HandDrivenPeer.Started(limits: HandDrivenPeer.Limits(bytes: 1 << 20, allBytes: 1 << 20));
        for (int i = 0; i < 50_000; i++)
        {
            peer.Send(Wire.Stream(0, i, [1]));
        }

        Assert.InRange(peer.Session.Streams.Segments.RentedBytes, 50_000, 100_000);
    }

    [Fact]
    public void What_is_kept_for_sending_is_bounded_whatever_is_written()
    {
        HandDrivenPeer peer = HandDrivenPeer.Started(bytes: 1 << 30, allBytes: 1 << 30);
        MultiplexedStream stream = peer.Open();
        int kept = 0;
        while (stream.Send!.Write(new byte[1000], complete: false))
        {
            kept += 1000;
        }

        Assert.InRange(kept, SendStream.MaxBuffered - 1000, SendStream.MaxBuffered);
        Assert.InRange(peer.Session.Streams.Segments.RentedBytes, kept, 2 * SendStream.MaxBuffered);
    }

    [Fact]
    public void A_large_write_is_sent_from_its_own_memory()
    {
        HandDrivenPeer peer = HandDrivenPeer.Started(bytes: 1 << 30, allBytes: 1 << 30);
        MultiplexedStream stream = peer.Open();
        Assert.False(stream.Send!.Write(new byte[SendStream.LargeWrite], complete: false));
        Assert.Equal(0, peer.Session.Streams.Segments.RentedBytes);
        Assert.Equal(SendStream.LargeWrite, peer.Receive().Sum(f => f.Data.Length));
        Assert.Equal(StreamEvents.Written, peer.TakeEvents(stream));
    }

    [Fact]
    public void No_record_is_longer_than_every_peer_takes()
    {
        HandDrivenPeer peer = HandDrivenPeer.Started(bytes: 1 << 30, allBytes: 1 << 30);
        peer.Open().Send!.Write(new byte[1_000_000], complete: true);
        List<List<WireFrame>> records = peer.ReceiveRecords();
        Assert.Equal(1_000_000, records.Sum(r => r.Sum(f => f.Data.Length)));
        Assert.All(records, r => Assert.InRange(r.Sum(f => f.Data.Length), 1, 16382));
    }

    [Fact]
    public void A_huge_stream_does_not_hold_up_small_ones()
    {
        HandDrivenPeer peer = HandDrivenPeer.Started(bytes: 1 << 30, allBytes: 1 << 30);
        MultiplexedStream huge = peer.Open();
        huge.Send!.Write(new byte[10_000_000], complete: true);
        byte[] batch = new byte[64 * 1024];
        peer.Session.Send(batch, default);
        MultiplexedStream small = peer.Open();
        small.Send!.Write(new byte[10], complete: true);
        MultiplexedStream other = peer.Open();
        other.Send!.Write(new byte[10], complete: true);
        int count = peer.Session.Send(batch, default);
        var sent = WireFrame.DecodeRecords(batch.AsSpan(0, count)).SelectMany(r => r).Select(f => f.StreamId).ToList();
        Assert.Contains(small.Id, sent);
        Assert.Contains(other.Id, sent);
        Assert.Contains(huge.Id, sent);
    }

    private static WeakReference OpenAndGiveUp(HandDrivenPeer peer)
    {
        MultiplexedStream stream = peer.Open();
        stream.Send!.Write(new byte[10], complete: false);
        peer.Receive();
        stream.Send.Abort(1);
        peer.Receive();
        peer.TakeEvents(stream);
        return new WeakReference(stream);
    }
}
