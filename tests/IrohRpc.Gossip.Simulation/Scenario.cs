namespace IrohRpc.Gossip.Simulation;

/// <summary>What happens to a topic before messages are counted.</summary>
internal static class Scenario
{
    public static IReadOnlyList<string> Names { get; } = ["calm", "loss 5 %", "30 % killed", "partition healed"];

    /// <summary>All members join through the first, within a second, and settle; then what the scenario's name says happens.</summary>
    public static SimulatedTopic Prepare(string name, int members, int seed)
    {
        var topic = new SimulatedTopic(seed, loss: name == "loss 5 %" ? 0.05 : 0);
        var random = new Random(seed);
        SimulatedTopic.Member first = topic.AddMember();
        for (int i = 1; i < members; i++)
        {
            topic.After(TimeSpan.FromSeconds(random.NextDouble()), () => topic.Join(topic.AddMember(), first));
        }

        topic.RunFor(TimeSpan.FromMinutes(5));
        switch (name)
        {
            case "30 % killed":
                foreach (SimulatedTopic.Member member in topic.Members.OrderBy(_ => random.Next()).Take(members * 3 / 10).ToArray())
                {
                    topic.Kill(member);
                }

                topic.RunFor(TimeSpan.FromMinutes(2));
                break;
            case "partition healed":
                var half = new HashSet<EndpointId>(topic.Members.Where((_, index) => index % 2 == 0).Select(static member => member.Id));
                topic.Cut((one, other) => half.Contains(one) != half.Contains(other));
                topic.RunFor(TimeSpan.FromMinutes(2));
                topic.IsCut = static (_, _) => false;
                topic.RunFor(TimeSpan.FromMinutes(5));
                break;
        }

        return topic;
    }

    /// <summary>Broadcasts from random members, one after the other; the first ones shape the tree and are not counted.</summary>
    public static Figures Measure(SimulatedTopic topic, int warmUp, int count, int seed)
    {
        var random = new Random(seed);
        SimulatedTopic.Member[] alive = [.. topic.Alive];
        SimulatedTopic.Member[] speakers = [.. Enumerable.Range(0, 5).Select(_ => alive[random.Next(alive.Length)])];
        for (int number = 0; number < warmUp + count; number++)
        {
            if (number == warmUp)
            {
                topic.RunFor(TimeSpan.FromSeconds(5));
            }

            topic.Broadcast(speakers[number % speakers.Length], number);
            topic.RunFor(TimeSpan.FromMilliseconds(200));
        }

        topic.RunFor(TimeSpan.FromSeconds(20));
        SimulatedTopic.Delivery[] counted = [.. Enumerable.Range(warmUp, count).Select(number => topic.Deliveries[number])];
        int expected = alive.Length - 1;
        var hops = counted.SelectMany(static delivery => delivery.At.Values.Select(static at => at.Hops)).Order().ToArray();
        double[] latencies = [.. counted.SelectMany(static delivery => delivery.At.Values.Select(static at => at.Latency.TotalMilliseconds)).Order()];
        long received = counted.Sum(static delivery => (long)delivery.At.Count);
        return new Figures(
            alive.Length, topic.Components(), (double)received / ((long)expected * count), ((double)counted.Sum(static delivery => delivery.Copies) / received) - 1,
            hops.Average(), hops[^1], At(latencies, 0.5), At(latencies, 0.99), latencies[^1], latencies);
    }

    private static double At(double[] sorted, double quantile) => sorted[(int)Math.Min(sorted.Length - 1, sorted.Length * quantile)];
}

/// <summary>What came of the broadcasts of one run.</summary>
/// <param name="Members">How many members live.</param>
/// <param name="Components">How many groups they form.</param>
/// <param name="Reliability">The share of members that got a message, on average.</param>
/// <param name="Redundancy">How many whole messages came for nothing, for each one that did not.</param>
/// <param name="MeanHops">Hops on average.</param>
/// <param name="MaxHops">The most hops.</param>
/// <param name="MedianMs">Half of the deliveries were this fast, in milliseconds.</param>
/// <param name="P99Ms">99 of 100 were.</param>
/// <param name="MaxMs">All were.</param>
/// <param name="Latencies">Each delivery, sorted.</param>
internal sealed record Figures(
    int Members, int Components, double Reliability, double Redundancy, double MeanHops, int MaxHops, double MedianMs, double P99Ms, double MaxMs,
    double[] Latencies);
