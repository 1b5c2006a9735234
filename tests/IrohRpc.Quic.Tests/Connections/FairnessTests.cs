using IrohRpc.Multiplexing.Streams;
using IrohRpc.Quic.Tests.Simulation;

namespace IrohRpc.Quic.Tests.Connections;

public sealed class FairnessTests
{
    private readonly byte[] _buffer = new byte[100_000];

    [Fact]
    public void Four_downloads_at_once_over_a_slow_link_share_it_within_a_fifth()
    {
        var slow = new LinkConditions { Rate = 1_250_000, Delay = TimeSpan.FromMilliseconds(20) };
        using var pair = new SimulatedPair(1, new LinkConditions { Delay = TimeSpan.FromMilliseconds(20) }, slow);
        pair.Connect();
        MultiplexedStream[] streams = [.. Enumerable.Range(0, 4).Select(_ => pair.Accepted.Core.Streams.TryOpen(bidirectional: false)!)];
        pair.Server.Application = _ =>
        {
            foreach (MultiplexedStream stream in streams.Where(static s => !s.Send!.IsWriteWaiting))
            {
                stream.Send!.Write(new byte[50_000], complete: false);
            }
        };
        long[] read = new long[4];
        var accepted = new List<MultiplexedStream>();
        pair.Client.Application = connection =>
        {
            while (connection.Core.Streams.TryAccept(bidirectional: false) is { } stream)
            {
                accepted.Add(stream);
            }

            for (int i = 0; i < accepted.Count; i++)
            {
                read[i] += accepted[i].Receive!.Read(_buffer);
            }
        };
        pair.Server.Flush();
        pair.Run(TimeSpan.FromSeconds(12));
        Assert.True(read.Min() * 1.2 > read.Max(), string.Join(", ", read));
        Assert.InRange(read.Sum(), 12 * 1_000_000, 12 * 1_250_000);
    }

    [Fact]
    public void A_small_message_of_a_lane_overtakes_a_bulk_transfer_that_fills_the_link()
    {
        var slow = new LinkConditions { Rate = 125_000, Delay = TimeSpan.FromMilliseconds(20), QueueBytes = 10_000 };
        using var pair = new SimulatedPair(1, slow, new LinkConditions { Delay = TimeSpan.FromMilliseconds(20) });
        pair.Connect();
        MultiplexedStream bulk = pair.Dialled.Core.Streams.TryOpen(bidirectional: false)!;
        bulk.Send!.Write(new byte[10_000_000], complete: true);
        MultiplexedStream lane = pair.Dialled.Core.Streams.TryOpen(bidirectional: false)!;
        lane.SetPriority(1);
        lane.Send!.Write(new byte[1], complete: false);
        pair.Client.Flush();
        MultiplexedStream? lanes = null;
        pair.Server.Application = connection =>
        {
            while (connection.Core.Streams.TryAccept(bidirectional: false) is { } stream)
            {
                lanes = stream.Id == lane.Id ? stream : lanes;
                stream.Owner = stream;
            }

            foreach (MultiplexedStream stream in connection.Core.Streams.Streams.Where(s => s != lanes).ToList())
            {
                stream.Receive?.Read(_buffer);
            }
        };
        pair.Run(TimeSpan.FromSeconds(5));
        Assert.Equal(1, lanes!.Receive!.Read(_buffer));
        for (int i = 0; i < 20; i++)
        {
            TimeSpan start = pair.Network.Now;
            lane.Send.Write(new byte[100], complete: false);
            pair.Client.Flush();
            int read = 0;
            Assert.True(pair.Run(() => (read += lanes.Receive!.Read(_buffer)) == 100));

            // The link's own queue holds 80 ms; a bulk transfer that went first would add more by the second.
            Assert.InRange((pair.Network.Now - start).TotalMilliseconds, 20, 250);
            pair.Run(TimeSpan.FromMilliseconds(100));
        }
    }
}
