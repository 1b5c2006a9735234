using IrohRpc.Multiplexing.Streams;

namespace IrohRpc.Tests;

public sealed class LossyStreamTests
{
    private readonly byte[] _buffer = new byte[200_000];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Every_byte_arrives_once_and_in_order_whatever_the_link_does(int round)
    {
        for (int seed = round * 1000; seed < (round * 1000) + 80; seed++)
        {
            try
            {
                RunTransfer(seed);
            }
            catch (Exception failure)
            {
                throw new InvalidOperationException($"Seed {seed}.", failure);
            }
        }
    }

    [Fact]
    public void Bytes_are_kept_until_they_are_acknowledged_and_no_longer()
    {
        var link = new LossyLink();
        MultiplexedStream stream = link.Client.Streams.TryOpen(bidirectional: false)!;
        Assert.True(stream.Send!.Write(Pattern(0, 1000), complete: true));
        (byte[] payload, int frames) = LossyLink.Take(link.Client);
        Assert.True(link.Client.Streams.Segments.RentedBytes >= 1000);
        Assert.Equal(1, link.Client.Streams.StreamCount);
        LossyLink.Deliver(link.Server, payload);
        LossyLink.Acknowledge(link.Client, frames);
        Assert.Equal(0, link.Client.Streams.Segments.RentedBytes);
        Assert.Equal(0, link.Client.Streams.StreamCount);
        Assert.Equal(0, link.Client.Frames.Count);
    }

    [Fact]
    public void Only_what_has_not_arrived_otherwise_is_sent_again()
    {
        var link = new LossyLink();
        MultiplexedStream stream = link.Client.Streams.TryOpen(bidirectional: false)!;
        stream.Send!.Write(Pattern(0, 3000), complete: false);
        (byte[] first, int firstFrames) = LossyLink.Take(link.Client);
        (byte[] second, int secondFrames) = LossyLink.Take(link.Client);
        (_, int thirdFrames) = LossyLink.Take(link.Client);
        Assert.True(first.Length > 1000 && second.Length > 1000);
        LossyLink.Lose(link.Client, firstFrames);
        (byte[] again, int againFrames) = LossyLink.Take(link.Client);
        Assert.Equal(first, again);
        LossyLink.Acknowledge(link.Client, secondFrames);
        LossyLink.Acknowledge(link.Client, againFrames);
        LossyLink.Lose(link.Client, thirdFrames);
        Assert.NotEmpty(LossyLink.Take(link.Client).Payload);
        Assert.Empty(LossyLink.Take(link.Client).Payload);
    }

    [Fact]
    public void The_end_is_sent_again_where_only_it_was_lost()
    {
        var link = new LossyLink();
        MultiplexedStream stream = link.Client.Streams.TryOpen(bidirectional: false)!;
        stream.Send!.Write(Pattern(0, 10), complete: false);
        LossyLink.Acknowledge(link.Client, LossyLink.Take(link.Client).Frames);
        stream.Send.Complete();
        LossyLink.Lose(link.Client, LossyLink.Take(link.Client).Frames);
        Assert.Equal(1, link.Client.Streams.StreamCount);
        (byte[] payload, int frames) = LossyLink.Take(link.Client);
        Assert.NotEmpty(payload);
        LossyLink.Acknowledge(link.Client, frames);
        Assert.Equal(0, link.Client.Streams.StreamCount);
    }

    [Fact]
    public void A_reset_and_a_stop_and_limits_are_sent_until_they_arrive()
    {
        var link = new LossyLink(limits: HandDrivenPeer.Limits(8, 1000, 1000));
        MultiplexedStream stream = link.Client.Streams.TryOpen(bidirectional: true)!;
        stream.Send!.Write(Pattern(0, 1000), complete: false);
        Exchange(link.Client, link.Server);
        MultiplexedStream accepted = link.Server.Streams.TryAccept(bidirectional: true)!;
        accepted.Receive!.Read(_buffer);
        stream.Send.Abort(7);
        stream.Receive!.Abort(8);
        for (int i = 0; i < 3; i++)
        {
            (byte[] payload, int frames) = LossyLink.Take(link.Client);
            Assert.Equal([0x04, 0x05], Types(payload).Order());
            LossyLink.Lose(link.Client, frames);
            (payload, frames) = LossyLink.Take(link.Server);
            Assert.Equal([0x10, 0x11], Types(payload).Order());
            LossyLink.Lose(link.Server, frames);
        }

        Exchange(link.Client, link.Server);
        Assert.Equal(ReceiveState.Reset, accepted.Receive.State);
        Assert.Equal(8, accepted.Send!.StopCode);
        Exchange(link.Server, link.Client);
        Assert.Equal(0, link.Client.Streams.StreamCount);
        Assert.Equal(0, link.Server.Streams.StreamCount);
    }

    [Fact]
    public void A_limit_that_was_overtaken_by_a_higher_one_is_not_sent_again()
    {
        var link = new LossyLink(limits: HandDrivenPeer.Limits(8, 1000, 100_000));
        MultiplexedStream stream = link.Client.Streams.TryOpen(bidirectional: false)!;
        stream.Send!.Write(Pattern(0, 2000), complete: false);
        Exchange(link.Client, link.Server);
        MultiplexedStream accepted = link.Server.Streams.TryAccept(bidirectional: false)!;
        accepted.Receive!.Read(_buffer);
        (byte[] limit, int lost) = LossyLink.Take(link.Server);
        LossyLink.Deliver(link.Client, limit);
        Exchange(link.Client, link.Server);
        accepted.Receive.Read(_buffer);
        LossyLink.Acknowledge(link.Server, LossyLink.Take(link.Server).Frames);
        LossyLink.Lose(link.Server, lost);
        Assert.Empty(LossyLink.Take(link.Server).Payload);
    }

    [Fact]
    public void STOP_SENDING_after_everything_was_sent_ends_what_is_sent_again()
    {
        var link = new LossyLink();
        MultiplexedStream stream = link.Client.Streams.TryOpen(bidirectional: false)!;
        stream.Send!.Write(Pattern(0, 100), complete: true);
        int frames = LossyLink.Take(link.Client).Frames;
        LossyLink.Deliver(link.Client, Wire.Frame(0x05, stream.Id, 9));
        LossyLink.Lose(link.Client, frames);
        (byte[] payload, _) = LossyLink.Take(link.Client);
        Assert.Equal(Wire.Integers(0x04, stream.Id, 9, 100), payload);
    }

    [Fact]
    public void What_arrives_for_a_stream_that_has_ended_is_ignored()
    {
        var link = new LossyLink();
        byte[] frame = Wire.Stream(2, 0, [1, 2, 3], fin: true);
        LossyLink.Deliver(link.Server, frame);
        MultiplexedStream stream = link.Server.Streams.TryAccept(bidirectional: false)!;
        Assert.Equal(3, stream.Receive!.Read(_buffer));
        Assert.Equal(0, link.Server.Streams.StreamCount);
        LossyLink.Deliver(link.Server, frame);
        Assert.Null(link.Server.Streams.TryAccept(bidirectional: false));
    }

    [Theory]
    [InlineData(10, 5, false, 8, 5, true)]
    [InlineData(10, 5, true, 8, 5, true)]
    [InlineData(10, 5, true, 20, 1, false)]
    [InlineData(0, 5, true, 0, 6, false)]
    public void The_final_size_is_one_and_nothing_lies_beyond_it(
        long offset, int length, bool fin, long secondOffset, int secondLength, bool secondFin)
    {
        var link = new LossyLink();
        LossyLink.Deliver(link.Server, Wire.Stream(2, offset, new byte[length], fin));
        TransportViolationException violation = Assert.Throws<TransportViolationException>(
            () => LossyLink.Deliver(link.Server, Wire.Stream(2, secondOffset, new byte[secondLength], secondFin)));
        Assert.Equal(TransportErrorCode.FinalSizeError, violation.Code);
    }

    [Fact]
    public void Flow_control_counts_the_highest_offset_and_not_the_bytes()
    {
        var link = new LossyLink(limits: HandDrivenPeer.Limits(8, 1000, 1500));
        LossyLink.Deliver(link.Server, Wire.Stream(2, 999, [1]));
        LossyLink.Deliver(link.Server, Wire.Stream(2, 0, new byte[1000]));
        LossyLink.Deliver(link.Server, Wire.Stream(6, 499, [1]));
        Assert.Equal(
            TransportErrorCode.FlowControlError,
            Assert.Throws<TransportViolationException>(() => LossyLink.Deliver(link.Server, Wire.Stream(6, 500, [1]))).Code);
    }

    [Fact]
    public void Single_bytes_far_apart_cost_no_more_than_the_window()
    {
        const int window = 1 << 20;
        var link = new LossyLink(limits: HandDrivenPeer.Limits(8, window, window));
        for (int offset = window - 1; offset > 0; offset -= 4096)
        {
            LossyLink.Deliver(link.Server, Wire.Stream(2, offset, [1]));
        }

        Assert.InRange(link.Server.Streams.Segments.RentedBytes, 1, window + 4096);
        link.Server.Streams.TryAccept(bidirectional: false)!.Receive!.Abort(0);
        Assert.Equal(0, link.Server.Streams.Segments.RentedBytes);
    }

    [Fact]
    public void Bytes_that_come_again_differently_divided_lead_on_to_what_lies_beyond_a_run_that_they_cover()
    {
        var link = new LossyLink();
        byte[] data = Pattern(2, 9000);
        LossyLink.Deliver(link.Server, Wire.Stream(2, 1000, data[1000..2000]));
        LossyLink.Deliver(link.Server, Wire.Stream(2, 3000, data[3000..9000], fin: true));
        LossyLink.Deliver(link.Server, Wire.Stream(2, 0, data[..3500]));
        MultiplexedStream stream = link.Server.Streams.TryAccept(bidirectional: false)!;
        Assert.Equal(9000, stream.Receive!.Read(_buffer));
        Assert.Equal(data, _buffer[..9000]);
        Assert.Equal(ReceiveState.DataRead, stream.Receive.State);
        Assert.Equal(0, link.Server.Streams.Segments.RentedBytes);
    }

    [Fact]
    public void A_stream_in_too_many_pieces_ends_the_connection()
    {
        var link = new LossyLink(limits: HandDrivenPeer.Limits(8, 1 << 20, 1 << 20));
        Assert.Equal(
            TransportErrorCode.InternalError,
            Assert.Throws<TransportViolationException>(() =>
            {
                for (int offset = 1; offset < 1 << 20; offset += 2)
                {
                    LossyLink.Deliver(link.Server, Wire.Stream(2, offset, [1]));
                }
            }).Code);
    }

    [Fact]
    public void Streams_of_one_priority_share_the_link_within_a_fifth()
    {
        var link = new LossyLink(limits: HandDrivenPeer.Limits(8, 1 << 30, 1 << 30));
        MultiplexedStream[] streams = [.. Enumerable.Range(0, 4).Select(_ => link.Client.Streams.TryOpen(bidirectional: false)!)];
        MultiplexedStream chatty = link.Client.Streams.TryOpen(bidirectional: false)!;
        var sent = streams.ToDictionary(stream => stream.Id, _ => 0L);
        foreach (MultiplexedStream stream in streams)
        {
            stream.Send!.Write(new byte[1_000_000], complete: false);
        }

        for (int packet = 0; packet < 1000; packet++)
        {
            if (packet % 2 == 0)
            {
                chatty.Send!.Write(new byte[packet % 700], complete: false);
            }

            (byte[] payload, int frames) = LossyLink.Take(link.Client);
            while (link.Client.Frames.TryTake(ref frames, out SentFrame frame))
            {
                if (frame.Stream is { } stream && stream != chatty)
                {
                    sent[stream.Id] += frame.Length;
                    StreamMultiplexer.HandleAcknowledged(frame);
                }
            }
        }

        Assert.True(sent.Values.Min() * 1.2 > sent.Values.Max(), string.Join(", ", sent.Values));
    }

    [Fact]
    public void A_higher_priority_goes_before_a_lower_one_also_when_it_comes_later()
    {
        var link = new LossyLink(limits: HandDrivenPeer.Limits(8, 1 << 30, 1 << 30));
        MultiplexedStream bulk = link.Client.Streams.TryOpen(bidirectional: false)!;
        MultiplexedStream lane = link.Client.Streams.TryOpen(bidirectional: false)!;
        lane.SetPriority(1);
        bulk.Send!.Write(new byte[100_000], complete: false);
        LossyLink.Take(link.Client);
        lane.Send!.Write(new byte[3000], complete: false);
        for (int i = 0; i < 2; i++)
        {
            Assert.All(FramesOf(link.Client), frame => Assert.Same(lane, frame.Stream));
        }

        Assert.Equal([lane.Id, bulk.Id], FramesOf(link.Client).Select(frame => frame.Stream!.Id));
        bulk.SetPriority(2);
        lane.Send.Write(new byte[3000], complete: false);
        FramesOf(link.Client);
        Assert.All(FramesOf(link.Client), frame => Assert.Same(bulk, frame.Stream));
    }

    [Fact]
    public void A_lost_packet_is_sent_again_although_the_connection_has_no_credit()
    {
        var link = new LossyLink(limits: HandDrivenPeer.Limits(8, 1000, 1000));
        MultiplexedStream stream = link.Client.Streams.TryOpen(bidirectional: false)!;
        stream.Send!.Write(Pattern(0, 1500), complete: false);
        (byte[] first, int frames) = LossyLink.Take(link.Client);
        LossyLink.Lose(link.Client, frames);
        (byte[] again, int againFrames) = LossyLink.Take(link.Client);
        Assert.Contains(0x0aL, Types(again));
        LossyLink.Deliver(link.Server, again);
        LossyLink.Acknowledge(link.Client, againFrames);
        MultiplexedStream accepted = link.Server.Streams.TryAccept(bidirectional: false)!;
        Assert.Equal(1000, accepted.Receive!.Read(_buffer));
        Exchange(link.Server, link.Client);
        Exchange(link.Client, link.Server);
        Assert.Equal(500, accepted.Receive.Read(_buffer));
    }

    private static List<SentFrame> FramesOf(LossyLink.Side side)
    {
        int frames = LossyLink.Take(side).Frames;
        var all = new List<SentFrame>();
        while (side.Frames.TryTake(ref frames, out SentFrame frame))
        {
            all.Add(frame);
        }

        return all;
    }

    private static void Exchange(LossyLink.Side from, LossyLink.Side to)
    {
        while (true)
        {
            (byte[] payload, int frames) = LossyLink.Take(from);
            if (payload.Length == 0)
            {
                return;
            }

            LossyLink.Deliver(to, payload);
            LossyLink.Acknowledge(from, frames);
        }
    }

    // The types of the frames but for the flags of STREAM.
    private static List<long> Types(byte[] payload)
    {
        var types = new List<long>();
        var reader = new FrameReader(payload);
        while (!reader.IsAtEnd)
        {
            long type = reader.ReadFrameType();
            int integers = type switch { 0x04 => 3, 0x05 or 0x11 or 0x15 => 2, 0x08 or 0x0c => 0, _ => 1 };
            types.Add(type is >= 8 and <= 15 ? 0x0a : type);
            if (type is >= 8 and <= 15)
            {
                reader.ReadInteger();
                if ((type & 4) != 0)
                {
                    reader.ReadInteger();
                }

                reader.ReadBytes();
                continue;
            }

            for (int i = 0; i < integers; i++)
            {
                reader.ReadInteger();
            }
        }

        return types;
    }

    private static byte[] Pattern(long stream, int length)
        => [.. Enumerable.Range(0, length).Select(i => (byte)((i * 31) + (i >> 8) + stream))];

    private void RunTransfer(int seed)
    {
        var random = new Random(seed);
        var link = new LossyLink(seed, HandDrivenPeer.Limits(6, random.Next(1, 3) * 3000, random.Next(1, 4) * 4000))
        {
            Loss = random.NextDouble() * 0.4,
            Repetition = random.NextDouble() * 0.2,
            SpuriousLoss = random.NextDouble() * 0.2,
            Reorder = random.Next(30),
            PacketLength = random.Next(500, 1400),
        };
        var writers = new List<Writer>();
        var readers = new List<MultiplexedStream>();
        var received = new Dictionary<long, List<byte>>();
        for (int i = 0; i < 8; i++)
        {
            writers.Add(new Writer(Pattern(i, random.Next(20_000)), random));
        }

        link.Run(() =>
        {
            bool any = false;
            foreach (Writer writer in writers)
            {
                if ((writer.Stream ??= link.Client.Streams.TryOpen(bidirectional: false)) is not null)
                {
                    any |= writer.Step();
                }
            }

            while (link.Server.Streams.TryAccept(bidirectional: false) is { } accepted)
            {
                readers.Add(accepted);
                received[accepted.Id] = [];
            }

            foreach (MultiplexedStream reader in readers)
            {
                int count = reader.Receive!.Read(_buffer.AsSpan(0, random.Next(3000)));
                received[reader.Id].AddRange(_buffer.AsSpan(0, count));
                any |= reader.Receive.Available > 0 || count > 0;
            }

            while (link.Client.Streams.TryTakeEvent(out _, out _) | link.Server.Streams.TryTakeEvent(out _, out _))
            {
            }

            return any;
        });

        Assert.All(writers, writer => Assert.Equal(writer.Data, received[writer.Stream!.Id]));
        Assert.All(readers, reader => Assert.Equal(ReceiveState.DataRead, reader.Receive!.State));
        foreach (LossyLink.Side side in new[] { link.Client, link.Server })
        {
            Assert.Equal(0, side.Streams.StreamCount);
            Assert.Equal(0, side.Streams.Segments.RentedBytes);
            Assert.Equal(0, side.Frames.Count);
        }
    }

    private sealed class Writer(byte[] data, Random random)
    {
        private int _written;

        public byte[] Data { get; } = data;

        public MultiplexedStream? Stream { get; set; }

        public bool Step()
        {
            SendStream send = Stream!.Send!;
            if (send.IsWriteWaiting || send.IsCompleted)
            {
                return false;
            }

            int count = Math.Min(random.Next(5000), Data.Length - _written);
            send.Write(Data.AsMemory(_written, count), complete: _written + count == Data.Length);
            _written += count;
            return true;
        }
    }
}
