using IrohRpc.Quic.Recovery;

namespace IrohRpc.Quic.Tests.Recovery;

public class RttEstimatorTests
{
    private static readonly TimeSpan Now = TimeSpan.FromSeconds(1);

    [Fact]
    public void Before_a_sample_333_ms_are_assumed()
    {
        var rtt = new RttEstimator();
        Assert.Equal(Ms(333), rtt.Smoothed);
        Assert.Equal(Ms(166.5), rtt.Variation);
        Assert.Equal(Ms(999), rtt.ProbeTimeout);
    }

    [Fact]
    public void The_first_sample_replaces_the_assumption()
    {
        var rtt = new RttEstimator();
        rtt.Update(Ms(100), Ms(40), Now);
        Assert.Equal((Ms(100), Ms(100), Ms(50), Ms(100)), (rtt.Smoothed, rtt.Latest, rtt.Variation, rtt.Min));
        Assert.Equal(Now, rtt.FirstSampleAt);
    }

    [Fact]
    public void Later_samples_are_smoothed_without_the_peers_delay()
    {
        var rtt = new RttEstimator();
        rtt.Update(Ms(100), Ms(0), Now);
        rtt.Update(Ms(140), Ms(20), Now);
        Assert.Equal(Ms(102.5), rtt.Smoothed);
        Assert.Equal(Ms(42.5), rtt.Variation);
        Assert.Equal(Ms(100), rtt.Min);
    }

    [Fact]
    public void A_delay_that_leads_below_the_minimum_is_ignored()
    {
        var rtt = new RttEstimator();
        rtt.Update(Ms(100), Ms(0), Now);
        rtt.Update(Ms(110), Ms(20), Now);
        Assert.Equal(Ms(101.25), rtt.Smoothed);
    }

    [Fact]
    public void The_minimum_can_be_forgotten()
    {
        var rtt = new RttEstimator();
        rtt.Update(Ms(100), Ms(0), Now);
        rtt.ForgetMin();
        rtt.Update(Ms(300), Ms(0), Now);
        Assert.Equal(Ms(300), rtt.Min);
        rtt.Update(Ms(400), Ms(0), Now);
        Assert.Equal(Ms(300), rtt.Min);
    }

    private static TimeSpan Ms(double milliseconds) => TimeSpan.FromMilliseconds(milliseconds);
}
