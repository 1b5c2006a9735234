using IrohRpc.Quic.Congestion;
using IrohRpc.Quic.Recovery;

namespace IrohRpc.Quic.Tests.Congestion;

public class CubicTests
{
    private const int Mtu = 1200;
    private static readonly RttEstimator Rtt = Sampled(100, 200);
    private static readonly RttEstimator EmptyQueueRtt = Sampled(100);

    [Theory]
    [InlineData(1200, 12000)]
    [InlineData(1452, 14520)]
    [InlineData(1500, 14720)]
    [InlineData(9000, 18000)]
    public void The_initial_window_is_that_of_RFC_9002(int mtu, int expected) => Assert.Equal(expected, new Cubic(mtu).Window);

    [Fact]
    public void Slow_start_grows_by_what_is_acknowledged()
    {
        var cubic = new Cubic(Mtu);
        Ack(cubic, 5, Ms(0), Ms(100));
        Assert.Equal(12000 + (5 * Mtu), cubic.Window);
    }

    [Fact]
    public void A_window_that_is_not_in_use_does_not_grow()
    {
        var cubic = new Cubic(Mtu);
        cubic.OnAcknowledged(Packet(Ms(0)), isWindowLimited: false, Rtt, Ms(100));
        Assert.Equal(12000, cubic.Window);
    }

    [Fact]
    public void One_reduction_answers_all_losses_of_a_round_trip()
    {
        var cubic = new Cubic(Mtu);
        Assert.True(cubic.OnCongestion(Ms(10), isEcn: false, Ms(110)));
        Assert.Equal(8400, cubic.Window);
        Assert.False(cubic.OnCongestion(Ms(50), isEcn: false, Ms(150)));
        Assert.False(cubic.OnCongestion(Ms(110), isEcn: false, Ms(210)));
        Assert.Equal(8400, cubic.Window);
        Assert.True(cubic.OnCongestion(Ms(111), isEcn: true, Ms(211)));
        Assert.Equal(5880, cubic.Window);
    }

    [Fact]
    public void Packets_sent_before_the_reduction_do_not_grow_the_window()
    {
        var cubic = new Cubic(Mtu);
        cubic.OnCongestion(Ms(10), isEcn: false, Ms(110));
        Ack(cubic, 5, Ms(100), Ms(200));
        Assert.Equal(8400, cubic.Window);
    }

    [Fact]
    public void The_window_never_falls_below_two_packets()
    {
        var cubic = new Cubic(Mtu);
        for (int i = 1; i < 50; i++)
        {
            cubic.OnCongestion(Ms(i * 100), isEcn: false, Ms((i * 100) + 50));
        }

        Assert.Equal(2 * Mtu, cubic.Window);
        cubic.OnPersistentCongestion();
        Assert.Equal(2 * Mtu, cubic.Window);
        cubic.OnMtuChanged(1452);
        Assert.Equal(2 * 1452, cubic.Window);
    }

    [Fact]
    public void After_persistent_congestion_slow_start_begins_again()
    {
        var cubic = new Cubic(Mtu);
        Ack(cubic, 100, Ms(0), Ms(100));
        cubic.OnCongestion(Ms(200), isEcn: false, Ms(300));
        cubic.OnPersistentCongestion();
        Assert.Equal(2 * Mtu, cubic.Window);
        Ack(cubic, 1, Ms(400), Ms(500));
        Assert.Equal(3 * Mtu, cubic.Window);
    }

    [Fact]
    public void A_spurious_reduction_is_taken_back_but_one_for_a_mark_is_not()
    {
        var cubic = new Cubic(Mtu);
        cubic.OnCongestion(Ms(10), isEcn: false, Ms(110));
        cubic.OnSpuriousCongestion();
        Assert.Equal(12000, cubic.Window);
        Assert.Equal(long.MaxValue, cubic.SlowStartThreshold);
        cubic.OnCongestion(Ms(120), isEcn: true, Ms(220));
        cubic.OnSpuriousCongestion();
        Assert.Equal(8400, cubic.Window);
    }

    [Fact]
    public void The_window_follows_the_cubic_curve_to_the_old_maximum_and_beyond()
    {
        // A window of 1000 packets at 100 ms: K = cbrt(1000 * 0.3 / 0.4) = 9.09 s (RFC 9438, section 4.2).
        var cubic = new Cubic(Mtu);
        Ack(cubic, 990, Ms(0), Ms(1));
        Assert.Equal(1000, cubic.Window / Mtu);
        cubic.OnCongestion(Ms(10), isEcn: false, Ms(100));
        Assert.Equal(700, cubic.Window / Mtu);

        double[] packets = new double[200];
        for (int round = 0; round < packets.Length; round++)
        {
            TimeSpan now = Ms(200 + (100 * round));
            Ack(cubic, (int)(cubic.Window / Mtu), now - Ms(50), now);
            packets[round] = (double)cubic.Window / Mtu;
        }

        Assert.All(packets.Zip(packets.Skip(1)), pair => Assert.True(pair.Second >= pair.First));
        Assert.InRange(packets[88], 990, 1005);
        Assert.True(packets[20] - packets[0] > 10 * (packets[95] - packets[85]));
        Assert.InRange(packets[150], 1000 + (0.4 * 5.5 * 5.5 * 5.5), 1000 + (0.4 * 6.5 * 6.5 * 6.5));
    }

    [Fact]
    public void A_small_window_grows_at_least_as_Reno_would()
    {
        // At 10 packets and 10 ms the curve is slower than one packet in each round trip.
        RttEstimator rtt = Sampled(10, 20);
        var cubic = new Cubic(Mtu);
        cubic.OnCongestion(Ms(10), isEcn: false, Ms(20));
        double before = (double)cubic.Window / Mtu;
        for (int round = 1; round <= 20; round++)
        {
            TimeSpan now = Ms(20 + (10 * round));
            for (int i = 0; i < 7; i++)
            {
                cubic.OnAcknowledged(Packet(now - Ms(5)), true, rtt, now);
            }
        }

        Assert.InRange(((double)cubic.Window / Mtu) - before, 7, 25);
    }

    [Fact]
    public void A_flow_whose_maximum_falls_aims_lower()
    {
        var falling = new Cubic(Mtu);
        Ack(falling, 990, Ms(0), Ms(1));
        falling.OnCongestion(Ms(10), isEcn: false, Ms(100));
        falling.OnCongestion(Ms(110), isEcn: false, Ms(200));
        long reduced = falling.Window;
        Assert.Equal((long)(1000 * 0.49), reduced / Mtu);

        // The flat part of the curve is at 0.85 of 700 packets, reached after K = cbrt(105 / 0.4) = 6.4 s.
        for (int round = 0; round < 64; round++)
        {
            TimeSpan now = Ms(300 + (100 * round));
            Ack(falling, (int)(falling.Window / Mtu), now - Ms(50), now);
        }

        Assert.InRange(falling.Window / Mtu, 585, 600);
    }

    [Fact]
    public void An_idle_time_does_not_make_the_window_jump()
    {
        var cubic = new Cubic(Mtu);
        Ack(cubic, 990, Ms(0), Ms(1));
        cubic.OnCongestion(Ms(10), isEcn: false, Ms(100));
        Ack(cubic, 700, Ms(150), Ms(200));
        long before = cubic.Window;
        cubic.OnAcknowledged(Packet(Ms(300)), isWindowLimited: false, Rtt, Ms(400));
        cubic.OnAcknowledged(Packet(Ms(100_300)), isWindowLimited: true, Rtt, Ms(100_400));
        Assert.InRange(cubic.Window, before, before + Mtu);
    }

    [Fact]
    public void A_loss_while_queues_are_empty_costs_less_but_not_the_first_one_and_not_a_mark()
    {
        Assert.Equal(700, Reduced(EmptyQueueRtt, isFirst: true, isEcn: false));
        Assert.Equal(850, Reduced(EmptyQueueRtt, isFirst: false, isEcn: false));
        Assert.Equal(700, Reduced(EmptyQueueRtt, isFirst: false, isEcn: true));
        Assert.Equal(700, Reduced(Rtt, isFirst: false, isEcn: false));

        // A tenth longer is short for 10 packets, and 90 of a thousand.
        Assert.Equal(700, Reduced(Sampled(100, 110), isFirst: false, isEcn: false));
    }

    [Fact]
    public void While_queues_are_empty_the_window_grows_by_a_packet_in_each_round_trip()
    {
        double Grown(RttEstimator rtt)
        {
            var cubic = new Cubic(Mtu);
            cubic.OnCongestion(Ms(10), isEcn: false, Ms(110));
            long before = cubic.Window;
            for (int round = 1; round <= 5; round++)
            {
                TimeSpan now = Ms(110 + (10 * round));
                for (int i = 0; i < 7; i++)
                {
                    cubic.OnAcknowledged(Packet(now - Ms(5)), true, rtt, now);
                }
            }

            return (double)(cubic.Window - before) / Mtu;
        }

        Assert.InRange(Grown(EmptyQueueRtt), 3.5, 5.5);
        Assert.InRange(Grown(Rtt), 1.8, 3.5);
    }

    // A window of a thousand packets, after a reduction of its own or before the first.
    private static long Reduced(RttEstimator rtt, bool isFirst, bool isEcn)
    {
        var cubic = new Cubic(Mtu);
        if (!isFirst)
        {
            cubic.OnPersistentCongestion();
            cubic.OnSpuriousCongestion();
        }

        TimeSpan now = Ms(1000);
        while (cubic.Window < 1000 * Mtu)
        {
            now += Ms(10);
            cubic.OnAcknowledged(Packet(now - Ms(5)), true, rtt, now);
        }

        cubic.OnCongestion(now, isEcn, now + Ms(100));
        return (long)Math.Round((double)cubic.Window / Mtu);
    }

    private static void Ack(Cubic cubic, int packets, TimeSpan sentAt, TimeSpan now)
    {
        for (int i = 0; i < packets; i++)
        {
            cubic.OnAcknowledged(Packet(sentAt), isWindowLimited: true, Rtt, now);
        }
    }

    private static SentPacket Packet(TimeSpan sentAt)
        => new() { Size = Mtu, TimeSent = sentAt, Flags = SentPacketFlags.AckEliciting | SentPacketFlags.InFlight };

    // The shortest round trip, and the one that all are like now.
    private static RttEstimator Sampled(double shortest, double current = 0)
    {
        var rtt = new RttEstimator();
        rtt.Update(Ms(shortest), TimeSpan.Zero, TimeSpan.Zero);
        for (int i = 0; i < 10 && current > 0; i++)
        {
            rtt.Update(Ms(current), TimeSpan.Zero, TimeSpan.Zero);
        }

        return rtt;
    }

    private static TimeSpan Ms(double milliseconds) => TimeSpan.FromMilliseconds(milliseconds);
}
