using IrohRpc.Quic.Tests.Simulation;

namespace IrohRpc.Quic.Tests.Connections;

public sealed class DatagramTests
{
    [Fact]
    public void Datagrams_go_both_ways_and_the_longest_grows_with_the_path()
    {
        using var pair = new SimulatedPair();
        pair.Connect();
        int first = pair.Dialled.Core.MaxDatagramLength!.Value;
        Assert.InRange(first, 1150, 1200);
        pair.Run(TimeSpan.FromSeconds(1));
        int later = pair.Dialled.Core.MaxDatagramLength!.Value;
        Assert.InRange(later, 1400, 1452);
        byte[] longest = [.. Enumerable.Range(0, later).Select(i => (byte)i)];
        Assert.False(pair.Dialled.Core.TrySendDatagram(new byte[later + 1]));
        Assert.True(pair.Dialled.Core.TrySendDatagram(longest));
        Assert.True(pair.Accepted.Core.TrySendDatagram([]));
        pair.Client.Flush();
        pair.Server.Flush();
        pair.Run(TimeSpan.FromSeconds(1));
        Assert.True(pair.Accepted.Core.TryReceiveDatagram(out byte[]? received));
        Assert.Equal(longest, received);
        Assert.True(pair.Dialled.Core.TryReceiveDatagram(out received));
        Assert.Empty(received);
        pair.CloseAndCheck();
    }

    [Fact]
    public void Datagrams_that_nobody_takes_are_bounded_and_the_newest_stay()
    {
        using var pair = new SimulatedPair(server: SimulatedPair.Options() with { DatagramBufferSize = 5000 });
        pair.Connect();
        for (int i = 0; i < 100; i++)
        {
            pair.Dialled.Core.TrySendDatagram(BitConverter.GetBytes(i).Concat(new byte[996]).ToArray());
        }

        pair.Client.Flush();
        pair.Run(TimeSpan.FromSeconds(5));
        var received = new List<int>();
        while (pair.Accepted.Core.TryReceiveDatagram(out byte[]? datagram))
        {
            received.Add(BitConverter.ToInt32(datagram));
        }

        Assert.Equal([95, 96, 97, 98, 99], received);
    }

    [Fact]
    public void A_peer_that_takes_none_is_sent_none()
    {
        using var pair = new SimulatedPair(server: SimulatedPair.Options() with { AcceptsDatagrams = false });
        pair.Connect();
        Assert.Null(pair.Dialled.Core.MaxDatagramLength);
        Assert.False(pair.Dialled.Core.TrySendDatagram([1]));
        Assert.NotNull(pair.Accepted.Core.MaxDatagramLength);
    }
}
