using IrohRpc.Quic.Congestion;

namespace IrohRpc.Quic.Tests.Congestion;

/// <summary>Recovery and congestion control together over a simulated link.</summary>
public class BottleneckTests
{
    [Theory]
    [InlineData(125_000, 10)]
    [InlineData(1_250_000, 50)]
    [InlineData(1_250_000, 200)]
    [InlineData(6_250_000, 20)]
    public void A_link_is_filled_whatever_its_rate_and_length(double rate, int rttMilliseconds)
    {
        var link = new Bottleneck { Rate = rate, Delay = Ms(rttMilliseconds / 2), QueueBytes = Math.Max((int)(rate * rttMilliseconds / 1000), 15_000) };
        var flow = new Flow(link);
        flow.Send();
        link.Run(TimeSpan.FromSeconds(5));
        Assert.InRange(Throughput(link, flow, 20), 0.93, 1.01);
    }

    [Fact]
    public void Slow_start_is_left_before_it_fills_the_queue()
    {
        var link = new Bottleneck { QueueBytes = 1_000_000 };
        var flow = new Flow(link);
        flow.Send();
        link.Run(TimeSpan.FromSeconds(5));
        Assert.Equal(0, link.Drops);
    }

    [Theory]
    [InlineData(125_000_000, 100, 132 * 1024)]
    [InlineData(1_200_000_000, 400, 1_200_000)]
    public void A_path_of_less_than_a_millisecond_is_filled_and_its_queue_is_not(double rate, int rttMicroseconds, long mostInFlight)
    {
        var link = new Bottleneck { Rate = rate, Delay = TimeSpan.FromMicroseconds(rttMicroseconds / 2), QueueBytes = 50_000_000 };
        var flow = new Flow(link);
        flow.Send();
        link.Run(TimeSpan.FromMilliseconds(20));
        Assert.InRange(Throughput(link, flow, 0.1), 0.93, 1.01);
        Assert.InRange(flow.Path.BytesInFlight, 1, mostInFlight);
    }

    [Fact]
    public void Two_flows_share_a_link()
    {
        var link = new Bottleneck();
        Flow first = new(link), second = new(link);
        first.Send();
        link.Run(TimeSpan.FromSeconds(5));
        second.Send();
        link.Run(TimeSpan.FromSeconds(20));
        double shareOfFirst = Throughput(link, first, 30, out double sum, second);
        Assert.InRange(sum, 0.93, 1.01);
        Assert.InRange(shareOfFirst, 0.35, 0.65);
    }

    [Fact]
    public void One_percent_of_random_loss_on_an_empty_link_leaves_more_than_Reno_could_reach()
    {
        // Reno's average window is sqrt(3 / (2 * loss)) = 12.2 packets in each round trip of 50 ms.
        var link = new Bottleneck { Rate = 12_500_000, QueueBytes = 625_000, Loss = 0.01 };
        var flow = new Flow(link);
        flow.Send();
        link.Run(TimeSpan.FromSeconds(5));
        double reno = 12.2 * 1200 / 0.05;
        Assert.InRange(Throughput(link, flow, 60) * link.Rate, 1.5 * reno, 3 * reno);
        Assert.Equal(0, flow.PersistentCongestions);
    }

    [Theory]
    [InlineData(0.5)]
    [InlineData(5)]
    [InlineData(20)]
    public void After_an_outage_the_flow_comes_back(double seconds)
    {
        var link = new Bottleneck();
        var flow = new Flow(link);
        flow.Send();
        link.Run(TimeSpan.FromSeconds(10));
        link.IsDown = true;
        link.Run(TimeSpan.FromSeconds(seconds));
        link.IsDown = false;

        // The next probe leaves within as long as the outage lasted.
        link.Run(TimeSpan.FromSeconds(seconds + 5));
        Assert.InRange(Throughput(link, flow, 10), 0.85, 1.01);
        Assert.Equal(seconds >= 1 ? 1 : 0, flow.PersistentCongestions);
    }

    [Fact]
    public void Reordering_costs_little()
    {
        var link = new Bottleneck { Reordering = 0.05, QueueBytes = 125_000 };
        var flow = new Flow(link);
        flow.Send();
        link.Run(TimeSpan.FromSeconds(10));
        Assert.InRange(Throughput(link, flow, 20), 0.85, 1.01);
        Assert.True(flow.Spurious > 0);
    }

    [Fact]
    public void Marks_keep_the_queue_short_without_a_loss()
    {
        var link = new Bottleneck { QueueBytes = 1_000_000, MarkAboveBytes = 30_000 };
        var flow = new Flow(link, usesEcn: true);
        flow.Send();
        link.Run(TimeSpan.FromSeconds(5));
        Assert.InRange(Throughput(link, flow, 20), 0.9, 1.01);
        Assert.Equal(0, link.Drops);
        Assert.Equal(EcnState.Capable, flow.Path.Ecn.State);
        Assert.InRange(flow.Path.CongestionEvents, 2, 100);
    }

    [Fact]
    public void A_link_that_bleaches_marks_is_used_without_them()
    {
        var link = new Bottleneck { MarkAboveBytes = 30_000, BleachesEcn = true };
        var flow = new Flow(link, usesEcn: true);
        flow.Send();
        link.Run(TimeSpan.FromSeconds(5));
        Assert.Equal(EcnState.Failed, flow.Path.Ecn.State);
        Assert.InRange(Throughput(link, flow, 10), 0.9, 1.01);
    }

    [Fact]
    public void Datagrams_grow_to_what_the_link_carries_and_shrink_when_it_carries_less()
    {
        var link = new Bottleneck();
        var flow = new Flow(link, discoversMtu: true);
        flow.Send();
        link.Run(TimeSpan.FromSeconds(5));
        Assert.Equal(1452, flow.Path.Mtu.Current);

        link.Mtu = 1300;
        link.Run(TimeSpan.FromSeconds(20));
        Assert.Equal(1200, flow.Path.Mtu.Current);
        Assert.InRange(Throughput(link, flow, 10), 0.85, 1.01);
        link.Run(TimeSpan.FromSeconds(60));
        Assert.InRange(flow.Path.Mtu.Current, 1280, 1300);
    }

    [Fact]
    public void The_last_packets_of_a_transfer_arrive_although_they_are_lost_at_first()
    {
        for (int seed = 0; seed < 200; seed++)
        {
            var link = new Bottleneck(seed) { Loss = 0.3 };
            var flow = new Flow(link) { Pending = 30_000 };
            flow.Send();
            link.Run(TimeSpan.FromSeconds(120));
            Assert.True(flow.Delivered >= 30_000, $"seed {seed}: {flow.Delivered}");
            Assert.Equal(0, flow.Path.BytesInFlight);
            Assert.Equal(TimeSpan.MaxValue, flow.Recovery.NextTimeout);
        }
    }

    private static TimeSpan Ms(double milliseconds) => TimeSpan.FromMilliseconds(milliseconds);

    private static double Throughput(Bottleneck link, Flow flow, double seconds)
    {
        Throughput(link, flow, seconds, out double sum);
        return sum;
    }

    private static double Throughput(Bottleneck link, Flow flow, double seconds, out double sum, params Flow[] others)
    {
        long before = flow.Delivered;
        long[] othersBefore = [.. others.Select(other => other.Delivered)];
        link.Run(TimeSpan.FromSeconds(seconds));
        double own = flow.Delivered - before;
        double all = own + others.Zip(othersBefore, (other, start) => other.Delivered - start).Sum();
        sum = all / seconds / link.Rate;
        return own / all;
    }
}
