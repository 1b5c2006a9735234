using System.Net;
using IrohRpc.Routing.Internal.Accepting;
using IrohRpc.Transports;

namespace IrohRpc.Tests.Accepting;

/// <summary>Who gives up a place for whom, without a network.</summary>
public sealed class HandshakeLineTests
{
    private readonly HandshakeLine _line = new(4, 3);

    [Fact]
    public void The_handshake_that_was_silent_for_longest_makes_room()
    {
        Handshake[] silent = [.. Enumerable.Range(0, 4).Select(i => Enter($"192.0.2.{i % 2}:1"))];
        Enter("192.0.2.9:1");
        Assert.Equal([true, false, false, false], silent.Select(one => one.IsGivenUp));
        Assert.Equal(4, _line.Count);
    }

    [Fact]
    public void The_source_that_has_most_places_gives_one_up_and_others_keep_theirs()
    {
        Handshake honest = Enter("192.0.2.1:1");
        Handshake[] many = [.. Enumerable.Range(0, 3).Select(i => Enter($"192.0.2.2:{i + 1}"))];
        for (int i = 0; i < 100; i++)
        {
            Enter($"192.0.2.2:{i + 10}");
        }

        Assert.False(honest.IsGivenUp);
        Assert.All(many, one => Assert.True(one.IsGivenUp));
    }

    [Fact]
    public void Silent_handshakes_of_as_many_sources_as_there_are_places_keep_nobody_out()
    {
        Handshake[] silent = [.. Enumerable.Range(0, 4).Select(i => Enter($"192.0.2.{i + 1}:1"))];
        Handshake honest = Enter("192.0.2.9:1");
        Assert.Equal([true, false, false, false], silent.Select(one => one.IsGivenUp));
        Assert.False(honest.IsGivenUp);
    }

    [Fact]
    public void Sources_that_have_fewer_make_room_where_those_that_have_most_wait_for_this_side()
    {
        Handshake[] busy = [Enter("192.0.2.1:1"), Enter("192.0.2.1:2")];
        Assert.All(busy, one => one.IsWaitingForDialler = false);
        Handshake[] silent = [Enter("192.0.2.2:1"), Enter("192.0.2.3:1")];
        Enter("192.0.2.9:1");
        Assert.Equal([true, false], silent.Select(one => one.IsGivenUp));
    }

    [Fact]
    public void One_source_has_no_more_places_than_it_may()
    {
        Handshake[] own = [.. Enumerable.Range(0, 3).Select(i => Enter($"192.0.2.1:{i + 1}"))];
        Enter("192.0.2.1:9");
        Assert.Equal([true, false, false], own.Select(one => one.IsGivenUp));
        Assert.Equal(3, _line.Count);
    }

    [Fact]
    public void A_handshake_that_has_come_further_outlives_those_that_said_nothing()
    {
        Handshake oldest = Enter("192.0.2.1:1");
        oldest.Progress = 1;
        Handshake silent = Enter("192.0.2.1:2");
        Enter("192.0.2.1:3");
        Enter("192.0.2.1:4");
        Assert.Equal((false, true), (oldest.IsGivenUp, silent.IsGivenUp));
    }

    [Fact]
    public void A_handshake_that_waits_for_this_side_is_never_given_up()
    {
        Handshake[] busy = [.. Enumerable.Range(0, 3).Select(i => Enter($"192.0.2.1:{i + 1}"))];
        Assert.All(busy, one => one.IsWaitingForDialler = false);
        Assert.Null(_line.TryEnter(Source("192.0.2.1:4")));
        Assert.All(busy, one => Assert.False(one.IsGivenUp));
    }

    [Fact]
    public void A_transport_that_shows_no_handshake_keeps_its_places()
    {
        Assert.All(Enumerable.Range(0, 3), i => Assert.NotNull(_line.TryEnter(Source($"192.0.2.1:{i + 1}"))));
        Assert.Null(_line.TryEnter(Source("192.0.2.1:4")));
    }

    [Fact]
    public void A_place_that_was_given_up_is_given_back_once()
    {
        HandshakeLine.Place place = _line.TryEnter(Source("192.0.2.1:1"))!;
        place.Leave();
        place.Leave();
        Assert.Equal(0, _line.Count);
    }

    private static SourceKey Source(string address) => SourceKey.Of(TransportAddress.Ip(IPEndPoint.Parse(address)));

    private Handshake Enter(string address)
    {
        HandshakeLine.Place place = _line.TryEnter(Source(address))!;
        var handshake = new Handshake();
        place.Handshake = handshake;
        return handshake;
    }

    private sealed class Handshake : IPendingHandshake
    {
        public bool IsGivenUp { get; private set; }

        public int Progress { get; set; }

        public bool IsWaitingForDialler { get; set; } = true;

        public void GiveUp() => IsGivenUp = true;
    }
}
