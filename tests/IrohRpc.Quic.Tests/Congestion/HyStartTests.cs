using IrohRpc.Quic.Congestion;

namespace IrohRpc.Quic.Tests.Congestion;

public class HyStartTests
{
    [Fact]
    public void Steady_round_trips_keep_slow_start()
    {
        var start = new HyStart();
        Assert.False(Run(ref start, rounds: 50, _ => 100, out _));
        Assert.False(start.IsConservative);
    }

    [Fact]
    public void Longer_round_trips_slow_it_down_and_end_it_five_rounds_later()
    {
        var start = new HyStart();
        Assert.True(Run(ref start, rounds: 50, round => round < 10 ? 100 : 120, out int endedAt));
        Assert.InRange(endedAt, 14, 16);
    }

    [Fact]
    public void A_rise_that_passes_is_forgiven()
    {
        var start = new HyStart();
        Assert.False(Run(ref start, rounds: 50, round => round is 10 or 11 ? 120 : 100, out _));
        Assert.False(start.IsConservative);
    }

    [Theory]
    [InlineData(20, 23, false)]
    [InlineData(20, 25, true)]
    [InlineData(400, 415, false)]
    [InlineData(400, 417, true)]
    public void The_threshold_is_an_eighth_within_4_and_16_ms(double before, double after, bool isConservative)
    {
        var start = new HyStart();
        Run(ref start, rounds: 12, round => round < 10 ? before : after, out _);
        Assert.Equal(isConservative, start.IsConservative);
    }

    [Fact]
    public void Few_samples_decide_nothing()
    {
        var start = new HyStart();
        Assert.False(Run(ref start, rounds: 50, round => round < 10 ? 100 : 200, out _, samples: 7));
    }

    private static bool Run(ref HyStart start, int rounds, Func<int, double> rtt, out int endedAt, int samples = 10)
    {
        TimeSpan now = TimeSpan.Zero;
        for (endedAt = 0; endedAt < rounds; endedAt++)
        {
            TimeSpan sentAt = now;
            now += TimeSpan.FromMilliseconds(rtt(endedAt));
            for (int i = 0; i < samples; i++)
            {
                if (start.OnRoundTrip(sentAt, now - sentAt, now))
                {
                    return true;
                }
            }
        }

        return false;
    }
}
