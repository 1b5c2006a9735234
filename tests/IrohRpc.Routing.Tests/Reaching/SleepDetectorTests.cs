using IrohRpc.Routing.Internal.Reaching;
using Microsoft.Extensions.Time.Testing;

namespace IrohRpc.Tests.Reaching;

/// <summary>A machine that slept shows by its wall clock, which went on while its timers stood still.</summary>
public sealed class SleepDetectorTests
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    private readonly FakeTimeProvider _clock = new(DateTimeOffset.UnixEpoch.AddYears(50));
    private int _wakes;

    [Fact]
    public void Each_sleep_is_noticed_once()
    {
        using var detector = new SleepDetector(_clock, () => _wakes++);
        for (int sleeps = 1; sleeps <= 3; sleeps++)
        {
            _clock.AdjustTime(_clock.GetUtcNow() + TimeSpan.FromHours(8));
            _clock.Advance(Interval);
            _clock.Advance(Interval);
            Assert.Equal(sleeps, _wakes);
        }
    }

    [Fact]
    public void Time_that_passes_and_small_corrections_of_the_clock_are_no_sleep()
    {
        using var detector = new SleepDetector(_clock, () => _wakes++);
        for (int i = 0; i < 1000; i++)
        {
            _clock.Advance(Interval);
        }

        _clock.AdjustTime(_clock.GetUtcNow() + TimeSpan.FromSeconds(10));
        _clock.Advance(Interval);
        _clock.AdjustTime(_clock.GetUtcNow() - TimeSpan.FromDays(1));
        _clock.Advance(Interval);
        Assert.Equal(0, _wakes);
    }

    [Fact]
    public void Whoever_has_disposed_of_it_hears_nothing_more()
    {
        new SleepDetector(_clock, () => _wakes++).Dispose();
        _clock.AdjustTime(_clock.GetUtcNow() + TimeSpan.FromHours(8));
        _clock.Advance(Interval);
        Assert.Equal(0, _wakes);
    }
}
