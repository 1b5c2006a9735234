using IrohRpc.Gossip.Simulation;

namespace IrohRpc.Gossip.Tests.Membership;

/// <summary>What a thousand members do on a clock that jumps.</summary>
public sealed class SimulationTests
{
    [Theory]
    [InlineData("calm")]
    [InlineData("loss 5 %")]
    [InlineData("30 % killed")]
    [InlineData("partition healed")]
    public void Every_living_member_of_a_thousand_gets_every_message(string scenario)
    {
        SimulatedTopic topic = Scenario.Prepare(scenario, 1000, seed: 7);
        Figures figures = Scenario.Measure(topic, warmUp: 20, count: 20, seed: 7);

        Assert.Equal(1, figures.Components);
        Assert.Equal(1.0, figures.Reliability);
        Assert.InRange(figures.Redundancy, 0, 1.5);
        Assert.InRange(figures.MaxHops, 1, 40);
        Assert.All(topic.Alive, static member =>
        {
            Assert.InRange(member.State.Membership.Neighbors.Count, 1, 5);
            Assert.InRange(member.State.Membership.Others.Count, 0, 30);
        });
    }

    [Fact]
    public void Small_topics_of_many_seeds_hold_together_and_deliver()
    {
        for (int seed = 0; seed < 60; seed++)
        {
            foreach (string scenario in Scenario.Names)
            {
                Figures figures = Scenario.Measure(Scenario.Prepare(scenario, 2 + (seed % 19), seed), 3, 5, seed);
                Assert.True(figures.Reliability == 1.0 || figures.Members == 1, $"seed {seed}, {scenario}: {figures.Reliability:P2} of {figures.Members} in {figures.Components}");
            }
        }
    }

    [Fact]
    public void The_same_seed_gives_the_same_run()
    {
        Figures first = Scenario.Measure(Scenario.Prepare("loss 5 %", 50, 3), 5, 5, 3);
        Figures second = Scenario.Measure(Scenario.Prepare("loss 5 %", 50, 3), 5, 5, 3);
        Assert.Equal(first.Latencies, second.Latencies);
        Assert.Equal(first with { Latencies = [] }, second with { Latencies = [] });
    }

    [Fact]
    public void Members_may_leave_one_after_the_other_until_one_is_left()
    {
        SimulatedTopic topic = Scenario.Prepare("calm", 30, 5);
        int number = 0;
        while (topic.Alive.Count() > 1)
        {
            topic.Leave(topic.Alive.First());
            topic.RunFor(TimeSpan.FromSeconds(30));
            SimulatedTopic.Member[] alive = [.. topic.Alive];
            topic.Broadcast(alive[0], ++number);
            topic.RunFor(TimeSpan.FromSeconds(5));
            Assert.Equal(alive.Length - 1, topic.Deliveries[number].At.Count);
        }
    }
}
