using IrohRpc.Multiplexing.QMux;
using IrohRpc.Multiplexing.Streams;

namespace IrohRpc.Tests;

public sealed class ReceiveWindowsTests
{
    private const int First = 1000;
    private const int Usual = 16_000;
    private const int Streams = 256;
    private const long Connection = 2L * Streams * First;

    private readonly byte[] _buffer = new byte[Connection];

    [Fact]
    public void Streams_that_nobody_reads_never_use_up_the_credit_of_the_others()
    {
        HandDrivenPeer peer = Start();
        long held = 0;
        for (int i = 0; i < Streams - 2; i++)
        {
            held += FillUntilBlocked(peer, i * 4);
        }

        // A paused download: read from for a while, and then no more.
        long paused = (Streams - 2) * 4;
        long sent = 0;
        MultiplexedStream? download = null;
        for (int i = 0; i < 50; i++)
        {
            peer.Send(Wire.Stream(paused, sent, new byte[500]));
            sent += 500;
            download ??= AcceptLast(peer);
            download.Receive!.Read(_buffer);
            peer.Receive();
        }

        held += FillUntilBlocked(peer, paused, sent);
        Assert.InRange(held, Streams * First / 2, Connection);

        // The last stream has its first window whatever the others hold, and credit comes back as it is read.
        long id = (Streams - 1) * 4;
        for (int offset = 0; offset < 100 * First; offset += First)
        {
            peer.Send(Wire.Stream(id, offset, new byte[First]));
            Assert.Equal(QMuxSessionState.Open, peer.Session.State);
            MultiplexedStream reader = offset == 0 ? AcceptLast(peer) : peer.Session.Streams.Streams.Single(s => s.Id == id);
            Assert.Equal(First, reader.Receive!.Read(_buffer));
            peer.Receive();
        }
    }

    [Fact]
    public void What_a_peer_may_have_unread_never_exceeds_the_connections_window()
    {
        var random = new Random(7);
        HandDrivenPeer peer = Start();
        peer.Session.Streams.Windows.BandwidthDelayProduct = 1 << 20;
        var sent = new long[Streams];
        var accepted = new Dictionary<long, MultiplexedStream>();
        var limits = Enumerable.Repeat((long)First, Streams).ToArray();
        for (int i = 0; i < 5000; i++)
        {
            int stream = random.Next(Streams);
            int count = (int)Math.Min(random.Next(1, 4000), limits[stream] - sent[stream]);
            if (count > 0)
            {
                peer.Send(Wire.Stream(stream * 4, sent[stream], new byte[count]));
                sent[stream] += count;
            }

            while (peer.Session.Streams.TryAccept(bidirectional: true) is { } next)
            {
                accepted[next.Id] = next;
            }

            if (random.Next(3) > 0 && accepted.TryGetValue(random.Next(Streams) * 4, out MultiplexedStream? read))
            {
                read.Receive!.Read(_buffer.AsSpan(0, random.Next(1, 8000)));
            }

            foreach (WireFrame frame in peer.Receive().Where(frame => frame.Type == 0x11))
            {
                limits[frame.Fields[0] / 4] = frame.Fields[1];
            }

            long outstanding = Enumerable.Range(0, Streams).Sum(s => accepted.TryGetValue(s * 4, out MultiplexedStream? a)
                ? limits[s] - sent[s] + a.Receive!.Available
                : limits[s]);
            Assert.InRange(outstanding, 0, Connection);
            Assert.Equal(QMuxSessionState.Open, peer.Session.State);
        }
    }

    [Fact]
    public void What_was_lent_to_a_stream_comes_back_when_it_ends()
    {
        HandDrivenPeer peer = Start();
        peer.Send(Wire.Stream(0, 0, new byte[First]));
        MultiplexedStream read = peer.Accept();
        read.Receive!.Read(_buffer);
        peer.Send(Wire.Stream(4, 0, new byte[First]));
        MultiplexedStream unread = peer.Accept();
        MultiplexedStream own = peer.Open();
        own.Send!.Write(new byte[10], complete: true);
        peer.Receive();
        Assert.InRange(peer.Session.Streams.Windows.Lent, 3 * First, Connection);

        peer.Send(Wire.Stream(0, First, new byte[First], fin: true), Wire.Frame(0x04, 4, 1, First), Wire.Stream(1, 0, [1], fin: true));
        read.Receive.Read(_buffer);
        own.Receive!.Read(_buffer);
        Assert.Equal(ReceiveState.Reset, unread.Receive!.State);
        Assert.Equal(0, peer.Session.Streams.Windows.Lent);
    }

    [Fact]
    public void A_stream_that_is_read_grows_to_twice_what_the_path_holds()
    {
        HandDrivenPeer peer = Start(connection: 64L << 20);
        peer.Session.Streams.Windows.BandwidthDelayProduct = 1 << 20;
        peer.Send(Wire.Stream(0, 0, new byte[First]));
        MultiplexedStream stream = peer.Accept();
        stream.Receive!.Read(_buffer);
        Assert.Equal(First + (2 << 20), peer.Receive().Last(f => f.Type == 0x11).Fields[1]);
    }

    [Fact]
    public void The_answer_to_a_stream_of_ours_may_be_as_long_as_the_usual_window_at_once()
    {
        HandDrivenPeer peer = Start(connection: 64L << 20);
        MultiplexedStream stream = peer.Open();
        Assert.Empty(peer.Receive());
        stream.Send!.Write(new byte[10], complete: true);
        List<WireFrame> sent = peer.Receive();
        Assert.True(sent[0].IsStream);
        Assert.Equal([stream.Id, Usual], Assert.Single(sent, f => f.Type == 0x11).Fields);
    }

    [Fact]
    public void The_estimate_of_the_path_is_its_bandwidth_times_its_shortest_round_trip()
    {
        var path = new PathEstimate();
        Assert.False(path.WantsPing(received: 5_000, At(0)));
        Assert.True(path.WantsPing(received: 100_000, At(0)));
        path.Asked(5, 100_000, At(0));
        Assert.False(path.WantsPing(received: 1_000_000, At(10)));
        path.Answered(4, 900_000, At(40));
        Assert.Equal(0, path.Bytes);
        path.Answered(5, 600_000, At(50));
        Assert.Equal(500_000, path.Bytes);
        Assert.False(path.WantsPing(received: 610_000, At(60)));
        Assert.True(path.WantsPing(received: 700_000, At(70)));

        // Behind a full buffer the same bandwidth takes longer, which is no more room on the path.
        path.Asked(6, 700_000, At(70));
        path.Answered(6, 1_700_000, At(170));
        Assert.Equal(500_000, path.Bytes);
    }

    [Fact]
    public void A_near_peer_is_no_reason_for_a_wider_window()
    {
        var path = new PathEstimate();
        path.Asked(0, 0, At(0));
        path.Answered(0, 10_000_000, At(1));
        Assert.Equal(0, path.Bytes);
    }

    private static TimeSpan At(int milliseconds) => TimeSpan.FromMilliseconds(milliseconds);

    private static HandDrivenPeer Start(long connection = Connection)
        => HandDrivenPeer.Started(
            limits: HandDrivenPeer.Limits(streams: Streams, bytes: First, allBytes: connection),
            windows: new ReceiveWindows(Usual, 16 << 20, connection / 2));

    private static MultiplexedStream AcceptLast(HandDrivenPeer peer)
    {
        MultiplexedStream last = peer.Accept();
        while (peer.Session.Streams.TryAccept(bidirectional: true) is { } next)
        {
            last = next;
        }

        return last;
    }

    /// <summary>Sends as much as the limits allow.</summary>
    /// <returns>How much that was.</returns>
    private static long FillUntilBlocked(HandDrivenPeer peer, long id, long sent = 0)
    {
        long began = sent;
        long limit = Math.Max(sent, First);
        while (true)
        {
            while (sent < limit)
            {
                int count = (int)Math.Min(limit - sent, 10_000);
                peer.Send(Wire.Stream(id, sent, new byte[count]));
                sent += count;
            }

            if (peer.Receive().LastOrDefault(f => f.Type == 0x11 && f.Fields[0] == id) is not { } more || more.Fields is null)
            {
                Assert.Equal(QMuxSessionState.Open, peer.Session.State);
                return sent - began;
            }

            limit = more.Fields[1];
        }
    }
}
