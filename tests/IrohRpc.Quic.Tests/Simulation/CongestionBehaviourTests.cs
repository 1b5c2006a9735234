using System.Runtime.CompilerServices;

namespace IrohRpc.Quic.Tests.Simulation;

/// <summary>
/// Whole connections that share a link, over time. IROHRPC_PLOTS=1 writes the pictures of docs/quic.md: <c>IROHRPC_PLOTS=1 dotnet run
/// --project tests/IrohRpc.Quic.Tests -- --filter-class '*CongestionBehaviourTests'</c>.
/// </summary>
public class CongestionBehaviourTests
{
    // 8 Mbit/s and 50 ms, with a queue of one bandwidth-delay product.
    private const long Rate = 1_000_000;
    private const double Step = 0.25;
    private static readonly LinkConditions Link = new() { Rate = Rate, Delay = TimeSpan.FromMilliseconds(25), QueueBytes = 50_000 };

    [Fact]
    public void One_flow_follows_the_rate_of_the_link()
    {
        using SimulatedPair pair = Pair();
        BulkFlow flow = BulkFlow.Start(pair.Client, pair.Server);
        List<(double Time, double Value)> got = [], rate = [];
        Record(pair, 30, [flow], [got], rate, time => SetLink(pair, time switch
        {
            >= 10 and < 20 => Link with { Rate = Rate / 4 },
            _ => Link,
        }));
        Assert.InRange(Average(got, 5, 10), 0.85, 1);
        Assert.InRange(Average(got, 14, 20), 0.85 / 4, 1.02 / 4);
        Assert.InRange(Average(got, 25, 30), 0.8, 1);
        Write("throughput", "One flow; the link falls to a quarter from 10 s to 20 s", 30, ("flow", got), ("link", rate));
    }

    [Fact]
    public void Two_flows_come_to_share_the_link()
    {
        using SimulatedPair pair = Pair();
        BulkFlow first = BulkFlow.Start(pair.Client, pair.Server);
        List<(double Time, double Value)> one = [], two = [], rate = [];
        Record(pair, 5, [first], [one], rate);
        BulkFlow second = BulkFlow.Start(pair.Client, pair.Server);
        Record(pair, 40, [first, second], [one, two], rate);
        double share = Average(one, 20, 40) / (Average(one, 20, 40) + Average(two, 20, 40));
        Assert.InRange(share, 0.35, 0.65);
        Assert.InRange(Average(one, 20, 40) + Average(two, 20, 40), 0.85, 1);
        Write("fairness", "Two flows; the second starts at 5 s", 40, ("first", one), ("second", two), ("link", rate));
    }

    [Fact]
    public void A_flow_recovers_from_a_time_of_losses()
    {
        using SimulatedPair pair = Pair();
        BulkFlow flow = BulkFlow.Start(pair.Client, pair.Server);
        List<(double Time, double Value)> got = [], rate = [];
        Record(pair, 30, [flow], [got], rate, time => SetLink(pair, Link with { Loss = time is >= 10 and < 20 ? 0.03 : 0 }));
        Assert.InRange(Average(got, 12, 20), 0.1, 0.6);
        Assert.InRange(Average(got, 25, 30), 0.8, 1);
        Write("loss", "One flow; 3 % of datagrams are lost from 10 s to 20 s", 30, ("flow", got), ("link", rate));
    }

    [Fact]
    public void A_flow_recovers_from_a_black_hole()
    {
        using SimulatedPair pair = Pair();
        BulkFlow flow = BulkFlow.Start(pair.Client, pair.Server);
        List<(double Time, double Value)> got = [], rate = [];
        Record(pair, 30, [flow], [got], rate, time => SetLink(pair, Link with { Loss = time is >= 10 and < 15 ? 1 : 0 }));
        Assert.Equal(0, Average(got, 11, 15));
        Assert.InRange(Average(got, 25, 30), 0.8, 1);
        Write("blackhole", "One flow; nothing gets through from 10 s to 15 s", 30, ("flow", got), ("link", rate));
    }

    private static SimulatedPair Pair() => new(
        there: Link,
        back: new LinkConditions { Delay = TimeSpan.FromMilliseconds(25) },
        client: SimulatedPair.Options(bytes: 4 << 20),
        server: SimulatedPair.Options(bytes: 4 << 20));

    private static void SetLink(SimulatedPair pair, LinkConditions conditions)
        => pair.Network.Link(pair.Client, pair.Server).Conditions = conditions;

    private static void Record(
        SimulatedPair pair,
        double until,
        BulkFlow[] flows,
        List<(double Time, double Value)>[] results,
        List<(double Time, double Value)> rate,
        Action<double>? change = null)
    {
        while (pair.Network.Now.TotalSeconds < until - (Step / 2))
        {
            change?.Invoke(pair.Network.Now.TotalSeconds);
            long[] before = [.. flows.Select(flow => flow.Received)];
            pair.Run(TimeSpan.FromSeconds(Step));
            double time = pair.Network.Now.TotalSeconds;
            for (int i = 0; i < flows.Length; i++)
            {
                results[i].Add((time, (flows[i].Received - before[i]) / Step / Rate));
            }

            LinkConditions link = pair.Network.Link(pair.Client, pair.Server).Conditions;
            rate.Add((time, link.Loss < 1 ? (double)link.Rate / Rate : 0));
        }
    }

    private static double Average(List<(double Time, double Value)> points, double from, double to)
        => points.Where(point => point.Time > from && point.Time <= to).Average(point => point.Value);

    private static void Write(
        string name, string title, double duration, params (string Name, List<(double Time, double Value)> Points)[] series)
    {
        if (Environment.GetEnvironmentVariable("IROHRPC_PLOTS") != "1")
        {
            return;
        }

        var plot = new SvgPlot(title, "Mbit/s", duration, 10);
        foreach ((string label, List<(double Time, double Value)> points) in series)
        {
            plot.Add(label, points.Select(point => (point.Time, point.Value * 8)), isReference: label == "link");
        }

        File.WriteAllText(Path.Combine(Pictures(), name + ".svg"), plot.ToString());
    }

    private static string Pictures([CallerFilePath] string path = "")
    {
        string folder = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(path)!, "../../../docs/quic"));
        Directory.CreateDirectory(folder);
        return folder;
    }
}
