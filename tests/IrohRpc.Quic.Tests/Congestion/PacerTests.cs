using IrohRpc.Quic.Congestion;

namespace IrohRpc.Quic.Tests.Congestion;

public class PacerTests
{
    private static readonly TimeSpan Rtt = TimeSpan.FromMilliseconds(100);

    [Fact]
    public void A_window_takes_a_round_trip_to_send_after_a_first_burst()
    {
        var pacer = new Pacer();
        TimeSpan now = TimeSpan.FromSeconds(1);
        const int Packets = 1000;
        for (int i = 0; i < Packets; i++)
        {
            TimeSpan at = pacer.NextSendTime(1200, Packets * 1200, false, Rtt, 1200, now);
            Assert.True(i >= 10 || at == now);
            now = at > now ? at : now;
            pacer.OnSent(1200);
        }

        // A quarter faster than the window, less the burst.
        Assert.InRange((now - TimeSpan.FromSeconds(1)).TotalMilliseconds, 75, 80.1);
    }

    [Fact]
    public void Slow_start_is_paced_at_twice_the_window()
    {
        var pacer = new Pacer();
        TimeSpan now = TimeSpan.FromSeconds(1);
        for (int i = 0; i < 1000; i++)
        {
            TimeSpan at = pacer.NextSendTime(1200, 1000 * 1200, true, Rtt, 1200, now);
            now = at > now ? at : now;
            pacer.OnSent(1200);
        }

        Assert.InRange((now - TimeSpan.FromSeconds(1)).TotalMilliseconds, 45, 50.1);
    }

    [Fact]
    public void Idle_time_allows_a_burst_and_no_more()
    {
        var pacer = new Pacer();
        TimeSpan now = TimeSpan.FromSeconds(1);
        pacer.NextSendTime(1200, 12000, false, Rtt, 1200, now);
        now += TimeSpan.FromHours(1);
        int burst = 0;
        while (pacer.NextSendTime(1200, 12000, false, Rtt, 1200, now) <= now)
        {
            pacer.OnSent(1200);
            burst++;
        }

        Assert.Equal(10, burst);
    }

    [Fact]
    public void On_a_path_shorter_than_timers_the_window_alone_decides()
    {
        var pacer = new Pacer();
        TimeSpan now = TimeSpan.FromSeconds(1);
        for (int i = 0; i < 100; i++)
        {
            Assert.Equal(now, pacer.NextSendTime(1200, 120_000, false, TimeSpan.FromMilliseconds(1), 1200, now));
            pacer.OnSent(1200);
        }
    }
}
