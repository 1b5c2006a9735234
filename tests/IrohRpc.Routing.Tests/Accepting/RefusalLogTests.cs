using IrohRpc.Routing.Internal.Accepting;
using IrohRpc.Tests.Support;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace IrohRpc.Tests.Accepting;

/// <summary>Refusals are written where an operator reads, at a rate that strangers cannot raise.</summary>
public sealed class RefusalLogTests : IDisposable
{
    private readonly FakeTimeProvider _clock = new();
    private readonly LogCollector _log = new();

    public void Dispose() => _log.Dispose();

    private string[] Written => [.. _log.AtLeast(LogLevel.Information).Select(line => line.Message)];

    [Fact]
    public void The_first_refusals_are_written_the_others_counted_and_told_with_the_next()
    {
        var refusals = new RefusalLog(_log.CreateLogger("x"), _clock);
        for (int number = 0; number < 1000; number++)
        {
            refusals.Address(() => "192.0.2.1:1", "the address is not admitted");
        }

        Assert.Equal(10, Written.Length);
        Assert.Contains("A connection from 192.0.2.1:1 was refused before its handshake: the address is not admitted. 0 refusals", Written[0], StringComparison.Ordinal);
        Assert.Equal(990, _log.Lines.Count(line => line.Level == LogLevel.Debug));

        _clock.Advance(TimeSpan.FromSeconds(1));
        refusals.Address(() => "192.0.2.2:1", "the address is not admitted");
        refusals.Address(() => "192.0.2.3:1", "the address is not admitted");
        Assert.Equal(11, Written.Length);
        Assert.Contains("192.0.2.2:1", Written[^1], StringComparison.Ordinal);
        Assert.Contains("990 refusals before it were not written", Written[^1], StringComparison.Ordinal);
    }

    [Fact]
    public void A_pause_fills_the_allowance_and_no_more()
    {
        var refusals = new RefusalLog(_log.CreateLogger("x"), _clock);
        _clock.Advance(TimeSpan.FromDays(1));
        for (int number = 0; number < 100; number++)
        {
            refusals.Address(() => "192.0.2.1:1", "there are too many connections");
        }

        Assert.Equal(10, Written.Length);
    }
}
