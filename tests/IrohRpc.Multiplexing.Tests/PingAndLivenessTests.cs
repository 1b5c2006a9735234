using IrohRpc.Multiplexing.QMux;
using IrohRpc.Multiplexing.Streams;

namespace IrohRpc.Tests;

public sealed class PingAndLivenessTests
{
    private const long Request = 0x348c67529ef8c7bd;
    private const long Response = 0x348c67529ef8c7be;

    [Fact]
    public void A_flood_of_pings_is_answered_once_and_to_the_newest()
    {
        HandDrivenPeer peer = HandDrivenPeer.Started();
        for (int i = 0; i < 10_000; i++)
        {
            peer.Send(Wire.Frame(Request, i * 2));
        }

        WireFrame answer = Assert.Single(peer.Receive());
        Assert.Equal(Response, answer.Type);
        Assert.Equal([19_998], answer.Fields);
    }

    [Fact]
    public void Silence_of_this_side_for_the_interval_brings_a_ping_and_its_answer_is_taken()
    {
        HandDrivenPeer peer = HandDrivenPeer.Started(keepAlive: TimeSpan.FromSeconds(10));
        for (int i = 0; i < 3; i++)
        {
            TimeSpan due = peer.Session.NextDeadline(peer.Now)!.Value;
            Assert.Equal(TimeSpan.FromSeconds(10 * (i + 1)), due);
            peer.Now = due;
            peer.Session.HandleDeadline(peer.Now);
            WireFrame ping = Assert.Single(peer.Receive());
            Assert.Equal(Request, ping.Type);
            Assert.Equal([i], ping.Fields);
            peer.Send(Wire.Frame(Response, i));
        }

        Assert.Equal(QMuxSessionState.Open, peer.Session.State);
    }

    [Fact]
    public void A_side_that_sends_anyway_sends_no_keep_alive()
    {
        HandDrivenPeer peer = HandDrivenPeer.Started(keepAlive: TimeSpan.FromSeconds(10), bytes: 1 << 20, allBytes: 1 << 20);
        MultiplexedStream stream = peer.Open();
        for (int i = 1; i < 100; i++)
        {
            peer.Now = TimeSpan.FromSeconds(i * 9);
            peer.Session.HandleDeadline(peer.Now);
            stream.Send!.Write(new byte[1], complete: false);
            Assert.True(Assert.Single(peer.Receive()).IsStream);
            peer.Send(Wire.Frame(0x00));
        }
    }

    [Fact]
    public void A_peer_that_is_gone_is_given_up_although_pings_go_out()
    {
        HandDrivenPeer peer = HandDrivenPeer.Started(keepAlive: TimeSpan.FromSeconds(10));
        peer.Send(Wire.Frame(0x00));
        TimeSpan end = RunUntilEnded(peer);
        Assert.Equal(QMuxSessionState.TimedOut, peer.Session.State);

        // The first ping after the peer's last word starts the time-out.
        Assert.Equal(TimeSpan.FromSeconds(10 + 30), end);
        Assert.Empty(peer.Receive());
    }

    [Fact]
    public void An_unused_connection_without_keep_alive_ends_by_the_idle_time_out_in_silence()
    {
        HandDrivenPeer peer = HandDrivenPeer.Started(keepAlive: null);
        Assert.Equal(TimeSpan.FromSeconds(30), RunUntilEnded(peer));
        Assert.Equal(QMuxSessionState.TimedOut, peer.Session.State);
        Assert.Null(peer.Session.Close);
    }

    [Fact]
    public void A_peer_that_only_reads_is_asked_before_it_is_given_up()
    {
        HandDrivenPeer peer = HandDrivenPeer.Started(keepAlive: null, bytes: 1 << 20, allBytes: 1 << 20);
        MultiplexedStream stream = peer.Open();
        int pings = 0;
        for (int i = 1; i < 300; i++)
        {
            peer.Now = TimeSpan.FromSeconds(i);
            stream.Send!.Write(new byte[1], complete: false);
            peer.Session.HandleDeadline(peer.Now);
            foreach (WireFrame frame in peer.Receive())
            {
                if (frame.Type == Request)
                {
                    pings++;
                    peer.Send(Wire.Frame(Response, frame.Fields[0]));
                }
            }
        }

        Assert.Equal(QMuxSessionState.Open, peer.Session.State);
        Assert.InRange(pings, 15, 25);
    }

    [Theory]
    [InlineData(5_000, 5)]
    [InlineData(60_000, 30)]
    [InlineData(1, 1)]
    [InlineData(0, 30)]
    public void The_smaller_idle_time_out_of_both_holds_but_none_below_a_second(int peers, int seconds)
    {
        var peer = new HandDrivenPeer();
        peer.Send(Wire.Parameters(Wire.Parameter(0x01, Wire.Integers(peers))));
        Assert.Equal(TimeSpan.FromSeconds(seconds), RunUntilEnded(peer, send: false));
    }

    [Fact]
    public void A_ping_that_cannot_leave_does_not_bring_its_deadline_round_again()
    {
        HandDrivenPeer peer = HandDrivenPeer.Started(keepAlive: TimeSpan.FromSeconds(10));
        peer.Now = TimeSpan.FromSeconds(10);
        peer.Session.HandleDeadline(peer.Now);
        Assert.True(peer.Session.NextDeadline(peer.Now) > peer.Now);
    }

    private static TimeSpan RunUntilEnded(HandDrivenPeer peer, bool send = true)
    {
        for (int i = 0; i < 100 && peer.Session.NextDeadline(peer.Now) is { } due; i++)
        {
            peer.Now = due;
            peer.Session.HandleDeadline(due);
            if (send)
            {
                peer.Receive();
            }
        }

        return peer.Now;
    }
}
