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
        var window = new ReplayWindow(_clock, TimeSpan.FromMinutes(2), capacity: 100, capacityPerOrigin: 50);
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
        var window = new ReplayWindow(_clock, TimeSpan.FromMinutes(2), capacity: 100, capacityPerOrigin: 50);
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
        var window = new ReplayWindow(_clock, TimeSpan.FromMinutes(2), capacity: 10, capacityPerOrigin: 10);
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

    [Fact]
    public void Strangers_with_made_up_keys_and_dates_ahead_push_nobody_out()
    {
        var window = new ReplayWindow(_clock, TimeSpan.FromMinutes(2), capacity: 100, capacityPerOrigin: 50);
        long made = Now;
        Assert.Null(window.TryTake(Origin, made, 1));
        Assert.Null(window.TryTake(Origin, made, 2));
        int refused = Enumerable.Range(0, 1000).Count(i => window.TryTake(NewOrigin(i), Now + 119_999, 1) is not null);
        Assert.Equal((902, 100), (refused, window.Count));

        // The honest one goes on, and none of its calls can be played again.
        for (ulong nonce = 3; nonce < 300; nonce++)
        {
            _clock.Advance(TimeSpan.FromMilliseconds(10));
            Assert.Null(window.TryTake(Origin, Now, nonce));
            Assert.NotNull(window.TryTake(Origin, Now, nonce));
            Assert.NotNull(window.TryTake(Origin, made, 1));
            Assert.Equal(100, window.Count);
        }

        // Newcomers have to wait until the flood has grown old.
        EndpointId newcomer = NewOrigin(5000);
        Assert.NotNull(window.TryTake(newcomer, Now, 1));
        _clock.Advance(TimeSpan.FromMinutes(4.2));
        Assert.Null(window.TryTake(newcomer, Now, 1));
        Assert.Equal(1, window.Count);
    }

    [Fact]
    public void One_origin_fills_no_more_than_its_share()
    {
        var window = new ReplayWindow(_clock, TimeSpan.FromMinutes(2), capacity: 100, capacityPerOrigin: 50);
        for (ulong nonce = 0; nonce < 1000; nonce++)
        {
            window.TryTake(Origin, Now + (long)nonce, nonce);
        }

        Assert.Equal(50, window.Count);
        Assert.Null(window.TryTake(null, Now, 1));
        Assert.NotNull(window.TryTake(null, Now, 1));
        Assert.Null(window.TryTake(NewOrigin(1), Now, 1));
    }

    [Fact]
    public void What_is_remembered_of_all_is_what_is_younger_than_the_age()
    {
        var window = new ReplayWindow(_clock, TimeSpan.FromMinutes(2), capacity: 10_000, capacityPerOrigin: 50);
        for (int i = 0; i < 5_000; i++)
        {
            Assert.Null(window.TryTake(NewOrigin(i), Now, 1));
            _clock.Advance(TimeSpan.FromSeconds(1));
            Assert.InRange(window.Count, 0, 130);
        }
    }

    private static EndpointId NewOrigin(int number)
    {
        var id = new byte[EndpointId.Size];
        BitConverter.TryWriteBytes(id, number + 1);
        return new EndpointId(id);
    }

    private static EndpointId NewId()
    {
        using SecretKey key = SecretKey.Generate();
        return key.Id;
    }
}
