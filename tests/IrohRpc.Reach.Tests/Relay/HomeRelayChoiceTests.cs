using IrohRpc.Reach.Relay;

namespace IrohRpc.Reach.Tests.Relay;

public sealed class HomeRelayChoiceTests
{
    private readonly HomeRelayChoice _choice = new();

    [Fact]
    public void The_nearest_that_answers_is_the_home()
    {
        Assert.True(Measure(null, 30, 20));
        Assert.Equal("c", _choice.Home);
    }

    [Fact]
    public void Nobody_who_answers_is_no_reason_to_leave()
    {
        Measure(10, 20, 30);
        Assert.False(Measure(null, null, null));
        Assert.Equal("a", _choice.Home);
    }

    [Fact]
    public void Another_that_is_a_little_nearer_does_not_take_the_place()
    {
        Measure(30, 40, 50);
        Assert.False(Measure(30, 21, 50));
        Assert.True(Measure(30, 19, 50));
        Assert.Equal("b", _choice.Home);
    }

    [Fact]
    public void A_home_that_is_slow_for_once_stays()
    {
        Measure(10, 20, 30);
        Assert.False(Measure(200, 20, 30));
        Assert.Equal("a", _choice.Home);
    }

    [Fact]
    public void A_home_that_does_not_answer_is_left_and_one_that_has_become_far_is_left_in_time()
    {
        Measure(10, 20, 30);
        Assert.True(Measure(null, 20, 30));
        Assert.Equal("b", _choice.Home);
        int rounds = 1;
        while (!Measure(null, 200, 30))
        {
            rounds++;
        }

        Assert.Equal(("c", 8), (_choice.Home, rounds));
    }

    private bool Measure(params int?[] milliseconds) => _choice.Add(milliseconds.Select(
        (latency, i) => (((char)('a' + i)).ToString(), latency is { } value ? TimeSpan.FromMilliseconds(value) : (TimeSpan?)null)));
}
