namespace IrohRpc.Hostile.Tests;

/// <summary>The emulated link does to packets what its conditions say; without that, a test of chaos tests nothing.</summary>
public sealed class LinkDirectionTests
{
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(1);

    [Fact]
    public void A_calm_link_delivers_each_packet_once_and_at_once()
        => Assert.All(Send(LinkConditions.Calm, 100), static packet => Assert.Equal([packet.Sent], packet.Arrivals));

    [Fact]
    public void A_link_that_is_cut_delivers_nothing()
        => Assert.All(Send(LinkConditions.Cut, 100), static packet => Assert.Empty(packet.Arrivals));

    [Fact]
    public void Loss_and_duplication_are_as_likely_as_they_say()
    {
        List<(TimeSpan Sent, TimeSpan[] Arrivals)> packets = Send(new LinkConditions { Loss = 0.2, Duplication = 0.25 }, 10_000);
        Assert.InRange(packets.Count(static packet => packet.Arrivals.Length == 0), 1_800, 2_200);
        Assert.InRange(packets.Count(static packet => packet.Arrivals.Length == 2), 1_800, 2_200);
    }

    [Fact]
    public void Jitter_varies_the_delay_and_keeps_the_order()
    {
        List<(TimeSpan Sent, TimeSpan[] Arrivals)> packets = Send(new LinkConditions { Delay = 50 * Tick, Jitter = 25 * Tick }, 1_000);
        TimeSpan[] delays = [.. packets.Select(static packet => packet.Arrivals[0] - packet.Sent)];
        Assert.All(delays, static delay => Assert.InRange(delay, 25 * Tick, 75 * Tick));
        Assert.True(delays.Max() - delays.Min() > 20 * Tick);
        TimeSpan[] arrivals = [.. packets.Select(static packet => packet.Arrivals[0])];
        Assert.Equal(arrivals.Order(), arrivals);
    }

    [Fact]
    public void Reordered_packets_overtake_those_that_were_sent_before_them()
    {
        TimeSpan[] arrivals = [.. Send(new LinkConditions { Delay = 10 * Tick, Reordering = 0.25 }, 1_000).Select(static packet => packet.Arrivals[0])];
        Assert.InRange(arrivals.Zip(arrivals.Skip(1)).Count(static pair => pair.Second < pair.First), 100, 300);
    }

    /// <summary>A thousand bits take a millisecond at 1 Mbit/s. Of twice as much the half is dropped, once the queue is full.</summary>
    [Fact]
    public void A_slow_link_delivers_as_many_bits_as_it_carries_and_drops_what_its_queue_does_not_hold()
    {
        List<(TimeSpan Sent, TimeSpan[] Arrivals)> packets = Send(new LinkConditions { BitRate = 1e6, Queue = 100 * Tick }, 10_000, length: 250);
        Assert.InRange(packets.Count(static packet => packet.Arrivals.Length == 1), 5_000, 5_100);
        Assert.All(packets, static packet => Assert.All(packet.Arrivals, arrival => Assert.InRange(arrival - packet.Sent, TimeSpan.Zero, 103 * Tick)));
    }

    [Fact]
    public void Packets_beyond_the_MTU_are_dropped()
    {
        var conditions = new LinkConditions { Mtu = 1280 };
        Assert.All(Send(conditions, 10, length: 1280), static packet => Assert.Single(packet.Arrivals));
        Assert.All(Send(conditions, 10, length: 1281), static packet => Assert.Empty(packet.Arrivals));
    }

    /// <summary>Sends a packet a millisecond.</summary>
    private static List<(TimeSpan Sent, TimeSpan[] Arrivals)> Send(LinkConditions conditions, int count, int length = 125)
    {
        var direction = new LinkDirection(new Random(1)) { Conditions = conditions };
        var sent = new List<(TimeSpan, TimeSpan[])>();
        var arrivals = new TimeSpan[LinkDirection.MaxArrivals];
        for (int index = 0; index < count; index++)
        {
            int arrived = direction.Send(index * Tick, length, arrivals);
            sent.Add((index * Tick, arrivals[..arrived]));
        }

        return sent;
    }
}
