using IrohRpc.Multiplexing.Streams;
using IrohRpc.Quic.Connections;
using IrohRpc.Quic.Tests.Simulation;

namespace IrohRpc.Quic.Tests.Connections;

public sealed class LifetimeTests
{
    [Fact]
    public void Keep_alive_holds_an_idle_connection_for_as_long_as_one_likes()
    {
        using var pair = new SimulatedPair();
        pair.Connect();
        pair.Run(TimeSpan.FromMinutes(10));
        Assert.True(pair.Dialled.IsOpen && pair.Accepted.IsOpen);
        Assert.InRange(pair.Dialled.Core.Statistics.DatagramsSent, 100, 400);
        pair.CloseAndCheck();
    }

    [Fact]
    public void Without_keep_alive_both_sides_end_in_silence_by_the_shorter_idle_time_out()
    {
        QuicConnectionOptions silent = SimulatedPair.Options() with { KeepAliveInterval = null };
        using var pair = new SimulatedPair(client: silent with { IdleTimeout = TimeSpan.FromSeconds(7) }, server: silent);
        pair.Connect();
        pair.Run(TimeSpan.FromSeconds(1));
        long sent = pair.Dialled.Core.Statistics.DatagramsSent + pair.Accepted.Core.Statistics.DatagramsSent;
        pair.Run(TimeSpan.FromSeconds(6.5));
        Assert.Equal(ConnectionState.Closed, pair.Dialled.Core.State);
        Assert.Equal(ConnectionCloseKind.IdleTimeout, pair.Accepted.Core.Close!.Kind);
        Assert.Equal(sent, pair.Dialled.Core.Statistics.DatagramsSent + pair.Accepted.Core.Statistics.DatagramsSent);
        pair.CheckNothingIsLeft();
    }

    [Fact]
    public void A_peer_that_is_gone_is_given_up_by_the_idle_time_out_keep_alive_or_not()
    {
        using var pair = new SimulatedPair();
        pair.Connect();
        pair.Network.Link(pair.Server, pair.Client).Drops = static _ => true;
        pair.Network.Link(pair.Client, pair.Server).Drops = static _ => true;
        Assert.True(pair.Run(() => pair.Dialled.Core.Close is not null, TimeSpan.FromSeconds(40)));
        Assert.Equal(ConnectionCloseKind.IdleTimeout, pair.Dialled.Core.Close!.Kind);
    }

    [Theory]
    [InlineData(4)]
    [InlineData(9)]
    public void A_peer_that_stood_still_once_and_is_gone_later_is_given_up_as_soon_as_any_other(int stall)
    {
        // One acknowledgement that comes late makes the round-trip time uncertain, and a third of the idle time-out is no measure of the path any more.
        QuicConnectionOptions options = SimulatedPair.Options() with { IdleTimeout = TimeSpan.FromSeconds(10), KeepAliveInterval = TimeSpan.FromSeconds(5) };
        using var pair = new SimulatedPair(client: options, server: options);
        pair.Connect();
        pair.Run(TimeSpan.FromSeconds(1));
        SimulatedLink back = pair.Network.Link(pair.Server, pair.Client);
        back.Conditions = back.Conditions with { Delay = TimeSpan.FromSeconds(stall) };
        pair.Dialled.Core.Streams.TryOpen(bidirectional: true)!.Send!.Write(new byte[10], complete: false);
        pair.Client.Flush();
        pair.Run(TimeSpan.FromSeconds(stall + 0.1));
        Assert.True(pair.Dialled.IsOpen);
        back.Drops = static _ => true;
        pair.Network.Link(pair.Client, pair.Server).Drops = static _ => true;
        TimeSpan gone = pair.Network.Now;
        Assert.True(pair.Run(() => pair.Dialled.Core.Close is not null, TimeSpan.FromMinutes(2)));
        Assert.InRange((pair.Network.Now - gone).TotalSeconds, 5, 20);
    }

    [Fact]
    public void Whoever_drains_sends_nothing()
    {
        using var pair = new SimulatedPair();
        pair.Connect();
        pair.Dialled.Core.CloseByApplication(1, "", pair.Network.Now);
        Assert.True(pair.Run(() => pair.Accepted.Core.State == ConnectionState.Draining));
        long sent = pair.Accepted.Core.Statistics.DatagramsSent;
        pair.Accepted.Core.Streams.TryOpen(bidirectional: true)?.Send!.Write(new byte[10], complete: true);
        pair.Accepted.Core.CloseByApplication(2, "", pair.Network.Now);
        pair.Run(TimeSpan.FromSeconds(10));
        Assert.Equal(sent, pair.Accepted.Core.Statistics.DatagramsSent);
        Assert.Equal(ConnectionState.Closed, pair.Accepted.Core.State);
    }

    [Fact]
    public void A_close_that_was_lost_is_said_again_ever_more_rarely_to_a_peer_that_goes_on()
    {
        using var pair = new SimulatedPair();
        pair.Connect();
        pair.Run(TimeSpan.FromSeconds(1));
        pair.Network.Link(pair.Client, pair.Server).Drops = static _ => true;
        MultiplexedStream stream = pair.Accepted.Core.Streams.TryOpen(bidirectional: false)!;
        pair.Dialled.Core.CloseByApplication(3, "over", pair.Network.Now);
        long before = pair.Dialled.Core.Statistics.DatagramsSent;
        byte[] stray = new byte[100];
        for (int i = 0; i < 1000; i++)
        {
            pair.Dialled.Core.Receive(stray, pair.Dialled.Core.Path, default, pair.Network.Now);
            pair.Client.Flush();
        }

        Assert.InRange(pair.Dialled.Core.Statistics.DatagramsSent - before, 5, 12);
        _ = stream;
    }

    [Fact]
    public void A_restarted_server_disowns_its_old_connections_with_a_stateless_reset()
    {
        using var pair = new SimulatedPair();
        pair.Connect();
        pair.Run(TimeSpan.FromSeconds(1));
        pair.Server.Crash();
        Assert.True(pair.Run(() => pair.Dialled.Core.Close is not null, TimeSpan.FromSeconds(10)));
        Assert.Equal(ConnectionCloseKind.StatelessReset, pair.Dialled.Core.Close!.Kind);
    }

    [Fact]
    public void Keys_are_updated_again_and_again_while_data_flows()
    {
        using var pair = new SimulatedPair();
        pair.Connect();
        MultiplexedStream stream = pair.Dialled.Core.Streams.TryOpen(bidirectional: false)!;
        int updates = 0;
        for (int i = 0; i < 50; i++)
        {
            Assert.True(stream.Send!.Write(new byte[1000], complete: false));
            pair.Client.Flush();
            pair.Run(TimeSpan.FromSeconds(1));
            updates += (i % 2 == 0 ? pair.Dialled : pair.Accepted).Core.TryUpdateKeys(pair.Network.Now) ? 1 : 0;
        }

        Assert.InRange(updates, 20, 50);
        Assert.True(pair.Dialled.IsOpen && pair.Accepted.IsOpen, pair.Describe());
        pair.CloseAndCheck();
    }
}
