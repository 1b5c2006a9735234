using IrohRpc.Internal;

namespace IrohRpc.Tests;

public sealed class ReconnectPolicyTests
{
    private readonly ReconnectPolicy _policy = new(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(10), () => 1.0);

    [Fact]
    public void Dials_only_when_asked_first()
    {
        Assert.False(_policy.TimePassed().Dial);
        Assert.True(_policy.Wanted().Dial);
        Assert.False(_policy.Wanted().Dial);
    }

    [Fact]
    public void Waits_after_a_loss_and_dials_at_once_when_asked()
    {
        Connect();
        Assert.Equal(TimeSpan.FromSeconds(1), _policy.Lost().Wait);
        Assert.True(_policy.Wanted().Dial);
        Assert.False(_policy.TimePassed().Dial);
    }

    [Fact]
    public void Wait_doubles_up_to_the_longest_and_starts_anew_after_a_connection()
    {
        Connect();
        Assert.Equal([1, 2, 4, 8, 10, 10], FailingWaits());
        Assert.True(_policy.TimePassed().Dial);
        _policy.Connected();
        Assert.Equal(TimeSpan.FromSeconds(1), _policy.Lost().Wait);

        List<double> FailingWaits()
        {
            var waits = new List<double> { _policy.Lost().Wait!.Value.TotalSeconds };
            for (int attempt = 0; attempt < 5; attempt++)
            {
                Assert.True(_policy.TimePassed().Dial);
                waits.Add(_policy.Failed().Wait!.Value.TotalSeconds);
            }

            return waits;
        }
    }

    [Fact]
    public void Half_of_the_wait_is_chance()
    {
        var policy = new ReconnectPolicy(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(10), () => 0.0);
        policy.Wanted();
        Assert.Equal(TimeSpan.FromSeconds(0.5), policy.Failed().Wait);
    }

    [Fact]
    public void Closed_stays_closed()
    {
        Connect();
        _policy.Close();
        Assert.Null(_policy.Lost().Wait);
        Assert.False(_policy.Wanted().Dial);
        Assert.Equal(ReconnectState.Closed, _policy.State);
    }

    private void Connect()
    {
        Assert.True(_policy.Wanted().Dial);
        _policy.Connected();
    }
}
