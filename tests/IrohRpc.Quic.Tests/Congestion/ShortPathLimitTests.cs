using IrohRpc.Quic.Congestion;
using IrohRpc.Quic.Recovery;

namespace IrohRpc.Quic.Tests.Congestion;

public class ShortPathLimitTests
{
    [Theory]
    [InlineData(1_000)]
    [InlineData(50_000)]
    public void A_path_of_a_millisecond_or_more_has_no_bound_but_the_congestion_window(int rttMicroseconds)
    {
        var limit = new ShortPathLimit();
        limit.OnRound(Rtt(rttMicroseconds), At(0.1));
        limit.OnPreferred(At(0.1));
        Assert.Equal(long.MaxValue, limit.Bytes);
    }

    [Fact]
    public void The_bound_is_narrower_while_streams_send_that_go_before_others_and_wide_again_afterwards()
    {
        var limit = new ShortPathLimit();
        RttEstimator rtt = Rtt(20);
        limit.OnRound(rtt, At(0.1));
        Assert.Equal(128 * 1024, limit.Bytes);
        limit.OnPreferred(At(0.1));
        Assert.Equal(32 * 1024, limit.Bytes);
        limit.OnRound(rtt, At(0.105));
        Assert.Equal(32 * 1024, limit.Bytes);
        limit.OnRound(rtt, At(0.111));
        Assert.Equal(128 * 1024, limit.Bytes);
    }

    [Fact]
    public void A_fast_network_gets_what_it_holds_and_as_much_again()
    {
        var limit = new ShortPathLimit();
        RttEstimator rtt = Rtt(500);
        limit.OnRound(rtt, At(1));

        // 1.25 GB/s: 625,000 bytes in half a millisecond.
        limit.OnAcknowledged(1_250_000);
        limit.OnRound(rtt, At(1.001));
        Assert.InRange(limit.Bytes, 1_249_000, 1_251_000);
        limit.OnPreferred(At(1.001));
        Assert.InRange(limit.Bytes, 781_000, 782_000);
    }

    [Fact]
    public void A_stream_that_goes_before_others_is_not_held_up_by_the_bound_that_is_there_for_it()
    {
        var congestion = new PathCongestion(Rtt(20), new MtuDiscovery(MtuDiscovery.BaseSize), new Wide());
        for (long number = 0; number < 2 * 32 * 1024 / 1200; number++)
        {
            congestion.OnSent(PacketSpace.Application, Packet(number));
        }

        congestion.OnAcknowledged(PacketSpace.Application, Packet(0), At(1));
        Assert.True(congestion.CanSend(1200));
        congestion.OnPreferred(At(1));
        Assert.False(congestion.CanSend(1200));
        Assert.True(congestion.CanSend(1200, isPreferred: true));
    }

    private static SentPacket Packet(long number) => new()
    {
        PacketNumber = number,
        TimeSent = At(0.5),
        Size = 1200,
        Flags = SentPacketFlags.AckEliciting | SentPacketFlags.InFlight,
    };

    private static TimeSpan At(double seconds) => TimeSpan.FromSeconds(seconds);

    private static RttEstimator Rtt(int microseconds)
    {
        var rtt = new RttEstimator();
        rtt.Update(TimeSpan.FromMicroseconds(microseconds), TimeSpan.Zero, TimeSpan.Zero);
        return rtt;
    }

    private sealed class Wide : ICongestionController
    {
        public long Window => 1 << 20;

        public long SlowStartThreshold => 0;

        public void OnAcknowledged(in SentPacket packet, bool isWindowLimited, RttEstimator rtt, TimeSpan now)
        {
        }

        public void OnRoundTrip(TimeSpan largestSentAt, TimeSpan sample, TimeSpan now)
        {
        }

        public bool OnCongestion(TimeSpan sentAt, bool isEcn, TimeSpan now) => false;

        public void OnPersistentCongestion()
        {
        }

        public void OnSpuriousCongestion()
        {
        }

        public void OnMtuChanged(int mtu)
        {
        }
    }
}
