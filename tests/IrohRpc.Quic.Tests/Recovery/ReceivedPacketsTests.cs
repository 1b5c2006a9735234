using CsCheck;
using IrohRpc.Multiplexing.Streams;
using IrohRpc.Quic.Recovery;

namespace IrohRpc.Quic.Tests.Recovery;

public class ReceivedPacketsTests
{
    private static readonly TimeSpan MaxAckDelay = TimeSpan.FromMilliseconds(25);
    private static readonly TimeSpan Start = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(1);

    [Fact]
    public void An_ACK_frame_reports_exactly_what_was_received()
        => Gen.Select(Gen.Int[0, 200].Array[1, 60], Gen.OneOf(Gen.Const(0L), Gen.Long[0, 1L << 40])).Sample((numbers, origin) =>
        {
            var received = new ReceivedPackets(PacketSpace.Application, MaxAckDelay);
            SortedSet<long> model = [];
            foreach (int number in numbers)
            {
                Assert.Equal(!model.Add(origin + number), received.IsDuplicate(origin + number));
                received.OnReceived(origin + number, true, EcnCodepoint.NotEct, Start);
            }

            Assert.Equal(model, Reported(Write(received, 1400, Start)!));
        });

    [Fact]
    public void An_acknowledgement_that_is_due_waits_for_an_answer_once_and_for_a_moment()
    {
        var received = new ReceivedPackets(PacketSpace.Application, MaxAckDelay);
        received.OnReceived(0, true, EcnCodepoint.NotEct, Start);
        received.OnReceived(1, true, EcnCodepoint.NotEct, Start);
        Assert.Equal(Start, received.AckDeadline);
        received.Hold(Start, Moment);
        Assert.Equal(Start + Moment, received.AckDeadline);

        // More that comes is held as well, but not for longer.
        TimeSpan later = Start + (Moment / 2);
        received.OnReceived(2, true, EcnCodepoint.NotEct, later);
        received.Hold(later, Moment);
        Assert.Equal(Start + Moment, received.AckDeadline);

        // After an acknowledgement a new moment begins.
        Assert.NotNull(Write(received, 1400, later));
        received.OnReceived(3, true, EcnCodepoint.NotEct, later);
        received.OnReceived(4, true, EcnCodepoint.NotEct, later);
        received.Hold(later, Moment);
        Assert.Equal(later + Moment, received.AckDeadline);
    }

    [Fact]
    public void An_acknowledgement_that_tells_of_a_loss_or_of_congestion_or_that_a_bulk_sender_waits_for_is_not_held()
    {
        foreach ((long number, EcnCodepoint mark) in ((long, EcnCodepoint)[])[(7, EcnCodepoint.NotEct), (1, EcnCodepoint.CongestionExperienced)])
        {
            var received = new ReceivedPackets(PacketSpace.Application, MaxAckDelay);
            received.OnReceived(0, true, EcnCodepoint.NotEct, Start);
            received.OnReceived(number, true, mark, Start);
            received.Hold(Start, Moment);
            Assert.Equal(Start, received.AckDeadline);
        }

        var bulk = new ReceivedPackets(PacketSpace.Application, MaxAckDelay);
        for (int number = 0; number < 40; number++)
        {
            bulk.OnReceived(number, true, EcnCodepoint.NotEct, Start);
        }

        bulk.Hold(Start, Moment);
        Assert.Equal(Start, bulk.AckDeadline);
    }

    [Fact]
    public void An_acknowledgement_that_may_wait_longer_than_a_moment_goes_on_waiting()
    {
        var received = new ReceivedPackets(PacketSpace.Application, MaxAckDelay);
        received.Hold(Start, Moment);
        Assert.Equal(ReceivedPackets.NoDeadline, received.AckDeadline);
        received.OnReceived(0, true, EcnCodepoint.NotEct, Start);
        received.Hold(Start, Moment);
        Assert.Equal(Start + MaxAckDelay, received.AckDeadline);
    }

    [Fact]
    public void A_small_room_takes_the_newest_ranges()
        => Gen.Select(Gen.Int[0, 2000].Array[1, 200], Gen.Int[0, 60], Gen.Bool).Sample((numbers, room, ecn) =>
        {
            var received = new ReceivedPackets(PacketSpace.Application, MaxAckDelay);
            SortedSet<long> model = [];
            foreach (int number in numbers)
            {
                if (model.Add(number))
                {
                    received.OnReceived(number, true, ecn ? EcnCodepoint.Ect0 : EcnCodepoint.NotEct, Start);
                }
            }

            byte[]? frame = Write(received, room, Start);
            Assert.True(frame is not null || room < 16);
            if (frame is not null)
            {
                SortedSet<long> reported = Reported(frame);
                Assert.Equal(model.Where(number => number >= reported.Min), reported);
            }
        });

    [Fact]
    public void Every_second_packet_is_acknowledged_at_once_and_one_alone_after_a_delay()
    {
        var received = new ReceivedPackets(PacketSpace.Application, MaxAckDelay);
        Assert.Equal(ReceivedPackets.NoDeadline, received.AckDeadline);
        received.OnReceived(0, true, EcnCodepoint.NotEct, Start);
        Assert.Equal(Start + MaxAckDelay, received.AckDeadline);
        received.OnReceived(1, true, EcnCodepoint.NotEct, Start + TimeSpan.FromMilliseconds(3));
        Assert.Equal(Start + TimeSpan.FromMilliseconds(3), received.AckDeadline);
        Write(received, 100, Start);
        Assert.Equal(ReceivedPackets.NoDeadline, received.AckDeadline);
    }

    [Fact]
    public void Packets_that_elicit_nothing_are_reported_only_along_with_others()
    {
        var received = new ReceivedPackets(PacketSpace.Application, MaxAckDelay);
        for (int i = 0; i < 10; i++)
        {
            received.OnReceived(i, false, EcnCodepoint.NotEct, Start);
        }

        Assert.Equal(ReceivedPackets.NoDeadline, received.AckDeadline);
        Assert.True(received.HasUnacknowledged);
        Assert.Equal(10, Reported(Write(received, 100, Start)!).Count);
    }

    [Theory]
    [InlineData("Initial")]
    [InlineData("Handshake")]
    public void Handshake_packets_are_acknowledged_at_once(string space)
    {
        var received = new ReceivedPackets(Enum.Parse<PacketSpace>(space), MaxAckDelay);
        received.OnReceived(0, true, EcnCodepoint.NotEct, Start);
        Assert.Equal(Start, received.AckDeadline);
    }

    [Theory]
    [InlineData(new[] { 0, 1, 3 }, true)]
    [InlineData(new[] { 0, 3, 1 }, true)]
    [InlineData(new[] { 0, 1, 2 }, false)]
    public void A_gap_and_a_late_packet_are_acknowledged_at_once(int[] numbers, bool isImmediate)
    {
        var received = new ReceivedPackets(PacketSpace.Application, MaxAckDelay, ackElicitingThreshold: 100);
        received.OnReceived(numbers[0], true, EcnCodepoint.NotEct, Start);
        received.OnReceived(numbers[1], true, EcnCodepoint.NotEct, Start);
        Write(received, 100, Start);
        received.OnReceived(numbers[2], true, EcnCodepoint.NotEct, Start);
        Assert.Equal(isImmediate ? Start : Start + MaxAckDelay, received.AckDeadline);
    }

    [Fact]
    public void A_gap_that_packets_without_elicitation_fill_is_none()
    {
        var received = new ReceivedPackets(PacketSpace.Application, MaxAckDelay, ackElicitingThreshold: 100);
        received.OnReceived(0, true, EcnCodepoint.NotEct, Start);
        Write(received, 100, Start);
        received.OnReceived(1, false, EcnCodepoint.NotEct, Start);
        received.OnReceived(2, true, EcnCodepoint.NotEct, Start);
        Assert.Equal(Start + MaxAckDelay, received.AckDeadline);
    }

    [Fact]
    public void A_mark_of_congestion_is_acknowledged_at_once_and_counted()
    {
        var received = new ReceivedPackets(PacketSpace.Application, MaxAckDelay, ackElicitingThreshold: 100);
        received.OnReceived(0, true, EcnCodepoint.Ect0, Start);
        Assert.Equal(Start + MaxAckDelay, received.AckDeadline);
        received.OnReceived(1, true, EcnCodepoint.CongestionExperienced, Start);
        Assert.Equal(Start, received.AckDeadline);
        received.OnReceived(2, true, EcnCodepoint.Ect1, Start);
        received.OnReceived(2, true, EcnCodepoint.Ect1, Start);
        byte[] written = Write(received, 100, Start)!;
        var reader = new FrameReader(written);
        reader.ReadFrameType();
        Assert.Equal(new EcnCounts(1, 1, 1), AckFrame.Read(ref reader).Ecn);
    }

    [Fact]
    public void The_delay_is_that_of_the_largest_packet()
    {
        var received = new ReceivedPackets(PacketSpace.Application, MaxAckDelay);
        received.OnReceived(7, true, EcnCodepoint.NotEct, Start);
        received.OnReceived(3, true, EcnCodepoint.NotEct, Start + TimeSpan.FromMilliseconds(9));
        byte[] written = Write(received, 100, Start + TimeSpan.FromMilliseconds(16))!;
        var reader = new FrameReader(written);
        reader.ReadFrameType();
        Assert.Equal(16_000 >> 3, AckFrame.Read(ref reader).EncodedDelay);
    }

    [Fact]
    public void What_the_peer_knows_to_be_acknowledged_is_not_reported_again_but_a_late_packet_is()
    {
        var received = new ReceivedPackets(PacketSpace.Application, MaxAckDelay);
        foreach (int number in new[] { 0, 1, 5, 6 })
        {
            received.OnReceived(number, true, EcnCodepoint.NotEct, Start);
        }

        Write(received, 100, Start);
        received.OnAckAcknowledged(6);
        Assert.Null(Write(received, 100, Start));
        received.OnReceived(7, true, EcnCodepoint.NotEct, Start);
        Assert.Equal([7], Reported(Write(received, 100, Start)!));
        Assert.True(received.IsDuplicate(5));
        Assert.False(received.IsDuplicate(3));
        received.OnReceived(3, true, EcnCodepoint.NotEct, Start);
        Assert.Equal([3, 5, 6, 7], Reported(Write(received, 100, Start)!));
    }

    [Fact]
    public void Nothing_received_is_not_acknowledged()
        => Assert.Null(Write(new ReceivedPackets(PacketSpace.Application, MaxAckDelay), 100, Start));

    internal static byte[]? Write(ReceivedPackets received, int room, TimeSpan now)
    {
        byte[] buffer = new byte[room];
        var writer = new FrameWriter(buffer);
        return received.TryWriteAck(ref writer, 3, now, out _) ? buffer[..writer.Written] : null;
    }

    private static SortedSet<long> Reported(byte[] frame)
    {
        var reader = new FrameReader(frame);
        reader.ReadFrameType();
        SortedSet<long> reported = [];
        foreach (AckRange range in AckFrame.Read(ref reader))
        {
            for (long number = range.Smallest; number <= range.Largest; number++)
            {
                Assert.True(reported.Add(number));
            }
        }

        Assert.True(reader.IsAtEnd);
        return reported;
    }
}
