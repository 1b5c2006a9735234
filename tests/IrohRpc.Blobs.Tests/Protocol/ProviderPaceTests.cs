using IrohRpc.Blobs.Getter;
using Microsoft.Extensions.Time.Testing;

namespace IrohRpc.Blobs.Tests.Protocol;

/// <summary>What counts as too slow.</summary>
public sealed class ProviderPaceTests
{
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void Who_sends_the_least_that_is_expected_is_never_too_slow_however_long_a_piece_takes()
    {
        using ProviderPace pace = New(1024);
        for (int second = 0; second < 600; second++)
        {
            pace.Received(1024);
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.False(pace.TooSlow.IsCancellationRequested);
    }

    [Fact]
    public void Nothing_for_a_period_is_too_slow_also_after_much()
    {
        using ProviderPace pace = New(1024);
        pace.Received(100_000_000);
        _time.Advance(TimeSpan.FromSeconds(10));
        Assert.False(pace.TooSlow.IsCancellationRequested);
        _time.Advance(TimeSpan.FromSeconds(10));
        Assert.True(pace.TooSlow.IsCancellationRequested);
        Assert.Equal("sent nothing for 10 seconds", pace.Finding);
    }

    [Fact]
    public void A_byte_a_second_is_too_slow_unless_any_byte_will_do()
    {
        using ProviderPace pace = New(1024);
        using ProviderPace patient = New(0);
        for (int second = 0; second < 10; second++)
        {
            pace.Received(1);
            patient.Received(1);
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.True(pace.TooSlow.IsCancellationRequested);
        Assert.Equal("sent 10 bytes in 10 seconds, and at least 10240 were expected", pace.Finding);
        Assert.False(patient.TooSlow.IsCancellationRequested);
    }

    private ProviderPace New(long minBytesPerSecond) => new(TimeSpan.FromSeconds(10), minBytesPerSecond, _time);
}
