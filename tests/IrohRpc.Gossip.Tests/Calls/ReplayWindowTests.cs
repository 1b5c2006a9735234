using IrohRpc.Gossip.Calls;
using Microsoft.Extensions.Time.Testing;

namespace IrohRpc.Gossip.Tests.Calls;

/// <summary>A call that was recorded cannot be played again, however long one waits.</summary>
public sealed class ReplayWindowTests
{
    private static readonly EndpointId Origin = NewId();

    private readonly FakeTimeProvider _clock = new(DateTimeOffset.FromUnixTimeMilliseconds(1_000_000_000));

    private long Now => _clock.GetUtcNow().ToUnixTimeMilliseconds();

    [Fact]
    public void A_call_is_taken_once_while_it_is_young_and_never_when_it_is_old()
    {
        var window = new ReplayWindow(_clock, TimeSpan.FromMinutes(2), capacity: 100);
        long made = Now;
        Assert.Null(window.TryTake(Origin, made, 1));
        for (int i = 0; i < 200; i++)
        {
            Assert.NotNull(window.TryTake(Origin, made, 1));
            _clock.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Null(window.TryTake(Origin, Now, 1));
    }

    [Fact]
    public void Clocks_may_differ_by_so_much_and_no_more()
    {
        var window = new ReplayWindow(_clock, TimeSpan.FromMinutes(2), capacity: 100);
        Assert.Null(window.TryTake(Origin, Now - 120_000, 1));
        Assert.Null(window.TryTake(Origin, Now + 120_000, 2));
        Assert.NotNull(window.TryTake(Origin, Now - 120_001, 3));
        Assert.NotNull(window.TryTake(Origin, Now + 120_001, 4));
        Assert.NotNull(window.TryTake(Origin, long.MinValue, 5));
        Assert.NotNull(window.TryTake(Origin, long.MaxValue, 6));
    }

    [Fact]
    public void What_was_forgotten_for_want_of_room_is_refused_and_not_taken_twice()
    {
        var window = new ReplayWindow(_clock, TimeSpan.FromMinutes(2), capacity: 10);
        for (int i = 0; i < 20; i++)
        {
            Assert.Null(window.TryTake(Origin, Now, 1));
            _clock.Advance(TimeSpan.FromMilliseconds(1));
        }

        for (int ago = 1; ago <= 20; ago++)
        {
            Assert.NotNull(window.TryTake(Origin, Now - ago, 1));
        }
    }

    private static EndpointId NewId()
    {
        using SecretKey key = SecretKey.Generate();
        return key.Id;
    }
}
