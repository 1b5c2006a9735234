using IrohRpc.Transports.Internal;

namespace IrohRpc.Transports.Tests;

/// <summary>A listener whose accepts fail, without the listener.</summary>
public sealed class AcceptDelayTests
{
    [Fact]
    public void A_listener_that_is_dead_does_not_spin()
    {
        var delay = new AcceptDelay(every: 1, TimeSpan.FromSeconds(2));
        double[] waits = [.. Enumerable.Range(0, 8).Select(_ => delay.Next().TotalMilliseconds)];
        Assert.Equal([50, 100, 200, 400, 800, 1600, 2000, 2000], waits);
        delay.Reset();
        Assert.Equal(50, delay.Next().TotalMilliseconds);
    }

    [Fact]
    public void Connections_that_fail_one_by_one_hold_up_no_other()
    {
        var delay = new AcceptDelay(every: 1024, TimeSpan.FromMilliseconds(50));
        TimeSpan[] waits = [.. Enumerable.Range(0, 10 * 1024).Select(_ => delay.Next())];
        Assert.Equal(10, waits.Count(static wait => wait > TimeSpan.Zero));
        Assert.Equal(TimeSpan.FromMilliseconds(50), waits.Max());
    }

    [Fact]
    public void Accepting_that_fails_for_ever_has_a_longest_wait()
    {
        var delay = new AcceptDelay(every: 1, TimeSpan.FromSeconds(2));
        for (int i = 0; i < 100_000; i++)
        {
            Assert.InRange(delay.Next(), TimeSpan.FromMilliseconds(50), TimeSpan.FromSeconds(2));
        }
    }
}
