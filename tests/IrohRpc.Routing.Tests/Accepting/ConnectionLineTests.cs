using System.Net;
using IrohRpc.Routing.Internal.Accepting;
using IrohRpc.Tests.Support;
using Microsoft.Extensions.Time.Testing;

namespace IrohRpc.Tests.Accepting;

/// <summary>Which connection makes room for whom, without a network.</summary>
public sealed class ConnectionLineTests
{
    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(10);

    private readonly FakeTimeProvider _clock = new();
    private readonly ConnectionLine _line;

    public ConnectionLineTests() => _line = new(6, 3, Idle, _clock);

    [Fact]
    public void The_connection_of_the_address_that_was_idle_for_longest_makes_room()
    {
        Connection[] own = EnterMany("192.0.2.1:1", 3);
        Connection other = Enter("192.0.2.2:1")!;
        Pass(Idle);
        Assert.NotNull(Enter("192.0.2.1:9"));
        Assert.Equal([true, false, false], own.Select(static one => one.IsClosed));
        Assert.False(other.IsClosed);
        Assert.Equal(4, _line.Count);
    }

    [Fact]
    public void Nobody_makes_room_who_has_carried_something_lately()
    {
        Connection[] own = EnterMany("192.0.2.1:1", 3);
        Pass(Idle);
        Assert.All(own, static one => one.Traffic++);
        Assert.Null(Enter("192.0.2.1:9"));
        Pass(Idle - TimeSpan.FromSeconds(1));
        Assert.Null(Enter("192.0.2.1:9"));
        own[0].Traffic++;
        Pass(TimeSpan.FromSeconds(1));
        Assert.NotNull(Enter("192.0.2.1:9"));
        Assert.Equal([false, true, false], own.Select(static one => one.IsClosed));
    }

    [Fact]
    public void A_thousand_who_made_one_call_and_then_said_nothing_keep_nobody_out()
    {
        var line = new ConnectionLine(10_000, 1_000, Idle, _clock);
        List<Connection> crowd = [];
        for (int i = 0; i < 1_000; i++)
        {
            Connection one = Enter("192.0.2.1:1", line)!;
            one.Traffic = 100;
            crowd.Add(one);
            Pass(TimeSpan.FromMilliseconds(10));
        }

        Pass(Idle);
        Assert.All(Enumerable.Range(0, 50), _ => Assert.NotNull(Enter("192.0.2.1:2", line)));
        Assert.Equal(50, crowd.Count(static one => one.IsClosed));
        Assert.Equal(1_000, line.Count);
    }

    [Fact]
    public void The_address_that_has_most_makes_room_where_all_together_are_too_many()
    {
        Connection[] many = EnterMany("192.0.2.1:1", 3);
        Connection[] fewer = EnterMany("192.0.2.2:1", 2);
        Connection one = Enter("192.0.2.3:1")!;
        Pass(Idle);
        Assert.NotNull(Enter("192.0.2.4:1"));
        Assert.Equal([true, false, false], many.Select(static one => one.IsClosed));
        Assert.All(fewer.Append(one), static kept => Assert.False(kept.IsClosed));
    }

    [Fact]
    public void Any_address_makes_room_where_those_that_have_most_use_theirs()
    {
        Connection[] many = EnterMany("192.0.2.1:1", 3);
        Connection[] fewer = EnterMany("192.0.2.2:1", 2);
        Connection one = Enter("192.0.2.3:1")!;
        Pass(Idle);
        Assert.All(many, static used => used.Traffic++);
        Assert.NotNull(Enter("192.0.2.4:1"));
        Assert.Equal(1, fewer.Append(one).Count(static gone => gone.IsClosed));
        Assert.All(many, static kept => Assert.False(kept.IsClosed));
    }

    [Fact]
    public void A_newcomer_takes_nothing_from_addresses_that_have_less_than_its_own()
    {
        Connection[] fewer = [Enter("192.0.2.2:1")!, Enter("192.0.2.3:1")!, Enter("192.0.2.4:1")!, Enter("192.0.2.5:1")!];
        Connection[] own = EnterMany("192.0.2.1:1", 2);
        Pass(Idle);
        Assert.All(own, static used => used.Traffic++);
        Assert.Null(Enter("192.0.2.1:9"));
        Assert.NotNull(Enter("192.0.2.6:9"));
        Assert.Equal(1, fewer.Count(static gone => gone.IsClosed));
    }

    [Fact]
    public void A_handshake_and_a_connection_that_does_not_count_never_make_room()
    {
        Assert.True(_line.TryEnter(Source("192.0.2.1:1"), out _, out _));
        Connection[] silent = EnterMany("192.0.2.1:1", 2);
        Assert.All(silent, static one => one.Traffic = null);
        Pass(Idle * 2);
        Assert.Null(Enter("192.0.2.1:9"));
    }

    [Fact]
    public void With_an_infinite_time_newcomers_are_refused()
    {
        var line = new ConnectionLine(6, 1, Timeout.InfiniteTimeSpan, _clock);
        Assert.NotNull(Enter("192.0.2.1:1", line));
        Pass(TimeSpan.FromDays(1));
        Assert.Null(Enter("192.0.2.1:2", line));
    }

    [Fact]
    public void A_place_that_went_to_another_is_given_back_once()
    {
        Connection first = EnterMany("192.0.2.1:1", 3)[0];
        Pass(Idle);
        Connection last = Enter("192.0.2.1:9")!;
        first.Place.Leave();
        first.Place.Leave();
        Assert.Equal(3, _line.Count);
        last.Place.Leave();
        Assert.Equal(2, _line.Count);
    }

    private static SourceKey Source(string address) => SourceKey.Of(TransportAddress.Ip(IPEndPoint.Parse(address)));

    private void Pass(TimeSpan time) => _clock.Advance(time);

    private Connection[] EnterMany(string address, int count) => [.. Enumerable.Range(0, count).Select(_ =>
    {
        Connection one = Enter(address)!;
        Pass(TimeSpan.FromMilliseconds(1));
        return one;
    })];

    private Connection? Enter(string address, ConnectionLine? line = null)
    {
        if (!(line ?? _line).TryEnter(Source(address), out ConnectionLine.Place? place, out string? refusal))
        {
            Assert.NotEmpty(refusal);
            return null;
        }

        var connection = new Connection(place);
        place.Connected(() => connection.Traffic, () => connection.IsClosed = true);
        return connection;
    }

    private sealed class Connection(ConnectionLine.Place place)
    {
        public ConnectionLine.Place Place => place;

        public long? Traffic { get; set; } = 0;

        public bool IsClosed { get; set; }
    }
}
