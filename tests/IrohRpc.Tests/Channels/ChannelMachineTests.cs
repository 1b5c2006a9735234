using IrohRpc.Channels;

namespace IrohRpc.Tests;

/// <summary>When a channel dials, by tables of events.</summary>
public sealed class ChannelMachineTests
{
    private readonly ChannelMachine _machine = new(
        new PeerChannelOptions { FirstDelay = TimeSpan.FromSeconds(1), LongestDelay = TimeSpan.FromSeconds(10) }, () => 1.0);

    [Fact]
    public void Nothing_is_dialled_before_somebody_asks()
    {
        Assert.Equal(ChannelAction.None, _machine.TimePassed(isAwaited: false));
        Assert.Equal(ChannelAction.None, _machine.AddressesChanged(isAwaited: false));
        Assert.Equal(ChannelAction.Now, _machine.Wanted());
        Assert.Equal(ChannelAction.None, _machine.Wanted());
    }

    [Fact]
    public void Callers_that_ask_while_a_dial_waits_neither_hurry_it_nor_lengthen_the_wait()
    {
        _machine.Wanted();
        Assert.Equal(1, _machine.Failed().Wait!.Value.TotalSeconds);
        for (int i = 0; i < 100; i++)
        {
            Assert.Equal(ChannelAction.None, _machine.Wanted());
        }

        Assert.Equal(ChannelState.BackingOff, _machine.State);
        Assert.Equal(ChannelAction.Now, _machine.TimePassed(isAwaited: true));
        Assert.Equal(2, _machine.Failed().Wait!.Value.TotalSeconds);
    }

    [Fact]
    public void The_wait_doubles_up_to_the_longest_and_begins_anew_after_a_connection_that_lasted()
    {
        Assert.Equal([1, 2, 4, 8, 10, 10], FailingWaits());
        _machine.Connected();
        Assert.Equal(ChannelAction.None, _machine.Lost(wasOfUse: true));
        Assert.Equal(ChannelAction.Now, _machine.Wanted());
        Assert.Equal(1, _machine.Failed().Wait!.Value.TotalSeconds);

        IEnumerable<double> FailingWaits()
        {
            _machine.Wanted();
            for (int i = 0; i < 6; i++)
            {
                yield return _machine.Failed().Wait!.Value.TotalSeconds;
                _machine.TimePassed(isAwaited: true);
            }
        }
    }

    [Fact]
    public void A_wait_that_nobody_needs_ends_without_a_dial()
    {
        _machine.Wanted();
        _machine.Failed();
        Assert.Equal(ChannelAction.None, _machine.TimePassed(isAwaited: false));
        Assert.Equal(ChannelState.Idle, _machine.State);
    }

    [Fact]
    public void A_peer_that_closes_each_connection_at_once_is_dialled_at_once_once()
    {
        _machine.Wanted();
        _machine.Connected();
        Assert.Equal(ChannelAction.None, _machine.Lost(wasOfUse: false));
        Assert.Equal(ChannelAction.Now, _machine.Wanted());
        _machine.Connected();
        Assert.Equal(2, _machine.Lost(wasOfUse: false).Wait!.Value.TotalSeconds);
        Assert.Equal(ChannelAction.None, _machine.Wanted());
    }

    [Fact]
    public void New_addresses_end_the_wait_and_are_dialled_where_the_old_ones_just_failed()
    {
        _machine.Wanted();
        _machine.Failed();
        Assert.Equal(ChannelAction.Now, _machine.AddressesChanged(isAwaited: true));
        Assert.Equal(ChannelAction.None, _machine.AddressesChanged(isAwaited: true));
        Assert.Equal(ChannelAction.Now, _machine.Failed());
        Assert.NotNull(_machine.Failed().Wait);
        _machine.AddressesChanged(isAwaited: false);
        Assert.Equal(ChannelState.Idle, _machine.State);
    }

    [Fact]
    public void A_channel_that_keeps_connected_dials_by_itself_after_a_loss_and_after_each_wait()
    {
        var machine = new ChannelMachine(new PeerChannelOptions { KeepConnected = true }, () => 1.0);
        machine.Wanted();
        machine.Connected();
        Assert.Equal(ChannelAction.Now, machine.Lost(wasOfUse: true));
        machine.Failed();
        Assert.Equal(ChannelAction.Now, machine.TimePassed(isAwaited: false));
    }

    [Fact]
    public void Nothing_is_dialled_once_closed()
    {
        _machine.Wanted();
        _machine.Close();
        _machine.Connected();
        Assert.Equal(ChannelState.Closed, _machine.State);
        Assert.Equal(
            Enumerable.Repeat(ChannelAction.None, 4),
            [_machine.Failed(), _machine.Wanted(), _machine.TimePassed(isAwaited: true), _machine.AddressesChanged(isAwaited: true)]);
    }
}
