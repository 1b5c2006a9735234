using CsCheck;
using IrohRpc.Quic.Congestion;
using IrohRpc.Quic.Recovery;

namespace IrohRpc.Quic.Tests.Congestion;

public class MtuDiscoveryTests
{
    private static readonly TimeSpan Now = TimeSpan.FromSeconds(1);
    private long _number;

    [Fact]
    public void Nothing_is_probed_before_it_is_started()
    {
        var mtu = new MtuDiscovery();
        Assert.False(mtu.TryGetProbeSize(Now, 0, out _));
        Assert.Equal(1200, mtu.Current);
    }

    [Fact]
    public void The_search_ends_close_below_what_the_path_carries()
        => Gen.Select(Gen.Int[1200, 1600], Gen.Int[1200, 9000], Gen.Int[1200, 9000]).Sample((path, configured, peer) =>
        {
            var mtu = new MtuDiscovery(configured);
            mtu.Start(peer, Now);
            int probes = Search(mtu, path, Now);
            int possible = Math.Min(path, Math.Min(configured, peer));
            Assert.InRange(mtu.Current, Math.Max(1200, possible - 20), possible);
            Assert.InRange(probes, 0, 30);
        });

    [Fact]
    public void A_path_that_carries_the_largest_size_needs_one_probe()
    {
        var mtu = new MtuDiscovery();
        mtu.Start(65527, Now);
        Assert.Equal(1, Search(mtu, 1500, Now));
        Assert.Equal(1452, mtu.Current);
    }

    [Fact]
    public void A_probe_that_is_lost_by_chance_is_repeated()
    {
        var mtu = new MtuDiscovery();
        mtu.Start(65527, Now);
        Lose(mtu);
        Assert.Equal(1326, Lose(mtu));
        Assert.Equal(1326, Lose(mtu));
        Search(mtu, 1400, Now);
        Assert.InRange(mtu.Current, 1380, 1400);
    }

    [Fact]
    public void One_probe_is_in_flight_at_a_time()
    {
        var mtu = new MtuDiscovery();
        mtu.Start(65527, Now);
        Assert.True(mtu.TryGetProbeSize(Now, 0, out _));
        mtu.OnProbeSent();
        Assert.False(mtu.TryGetProbeSize(Now, 0, out _));
    }

    [Fact]
    public void A_larger_size_is_tried_again_after_ten_minutes()
    {
        var mtu = new MtuDiscovery();
        mtu.Start(65527, Now);
        Search(mtu, 1300, Now);
        Assert.False(mtu.TryGetProbeSize(Now + TimeSpan.FromSeconds(599), 0, out _));
        Search(mtu, 1500, Now + TimeSpan.FromSeconds(600));
        Assert.Equal(1452, mtu.Current);
    }

    [Fact]
    public void A_path_that_starts_to_swallow_large_packets_is_found_out()
    {
        var mtu = new MtuDiscovery();
        mtu.Start(65527, Now);
        Search(mtu, 1500, Now);
        for (int burst = 0; burst < 3; burst++)
        {
            Assert.Equal(1452, mtu.Current);
            mtu.OnLost(Packet(1452));
            mtu.OnLost(Packet(1452));
            mtu.OnAcknowledged(Packet(100), Now);
            Assert.Equal(burst == 2, mtu.OnLossesTold(0, Now));
        }

        Assert.Equal(1200, mtu.Current);
        Assert.False(mtu.TryGetProbeSize(Now, 0, out _));
        Search(mtu, 1500, Now + TimeSpan.FromSeconds(60));
        Assert.Equal(1452, mtu.Current);
    }

    [Fact]
    public void A_path_that_swallows_everything_is_tried_with_small_packets()
    {
        var mtu = new MtuDiscovery();
        mtu.Start(65527, Now);
        Search(mtu, 1500, Now);
        Assert.False(mtu.OnLossesTold(1, Now));
        Assert.False(mtu.OnLossesTold(2, Now));
        Assert.True(mtu.OnLossesTold(3, Now));
        Assert.Equal(1200, mtu.Current);
    }

    [Fact]
    public void Ordinary_losses_are_no_black_hole()
    {
        var mtu = new MtuDiscovery();
        mtu.Start(65527, Now);
        Search(mtu, 1500, Now);
        var random = new Random(5);
        List<SentPacket> missing = [];
        for (int i = 0; i < 1000; i++)
        {
            if (random.Next(3) == 0)
            {
                missing.Add(Packet(1452));
                continue;
            }

            // A later acknowledgement is what shows the losses before it.
            mtu.OnAcknowledged(Packet(1452), Now);
            missing.ForEach(packet => mtu.OnLost(packet));
            missing.Clear();
            Assert.False(mtu.OnLossesTold(0, Now));
        }

        Assert.Equal(1452, mtu.Current);
    }

    [Fact]
    public void Losses_of_small_packets_speak_against_a_black_hole()
    {
        var mtu = new MtuDiscovery();
        mtu.Start(65527, Now);
        Search(mtu, 1500, Now);
        for (int burst = 0; burst < 20; burst++)
        {
            mtu.OnLost(Packet(1452));
            Assert.False(mtu.OnLossesTold(0, Now));
            mtu.OnLost(Packet(1452));
            mtu.OnLost(Packet(300));
            Assert.False(mtu.OnLossesTold(0, Now));
        }
    }

    [Fact]
    public void Jumbo_frames_are_tried_once_where_much_is_sent()
    {
        var mtu = new MtuDiscovery(jumbo: 8952);
        mtu.Start(65527, Now);
        Assert.Equal(1, Search(mtu, 9000, Now, sent: 1000));
        Assert.Equal(1452, mtu.Current);
        Assert.Equal(1, Search(mtu, 9000, Now, sent: 1_000_000));
        Assert.Equal(8952, mtu.Current);
    }

    [Fact]
    public void A_path_without_jumbo_frames_loses_one_probe_in_ten_minutes()
    {
        var mtu = new MtuDiscovery(jumbo: 8952);
        mtu.Start(65527, Now);
        Assert.Equal(2, Search(mtu, 1500, Now, sent: 1_000_000));
        Assert.Equal(0, Search(mtu, 1500, Now + TimeSpan.FromSeconds(599), sent: 1_000_000_000));
        Assert.Equal(1, Search(mtu, 1500, Now + TimeSpan.FromSeconds(600), sent: 1_000_000_000));
        Assert.Equal(1452, mtu.Current);
    }

    [Fact]
    public void Jumbo_frames_are_not_tried_where_the_usual_size_does_not_get_through()
    {
        var mtu = new MtuDiscovery(jumbo: 8952);
        mtu.Start(65527, Now);
        Search(mtu, 1400, Now, sent: 1_000_000);
        Assert.InRange(mtu.Current, 1380, 1400);
    }

    [Fact]
    public void No_datagram_is_longer_than_the_peer_takes()
    {
        var mtu = new MtuDiscovery(jumbo: 8952);
        mtu.Start(1472, Now);
        Search(mtu, 9000, Now, sent: 1_000_000);
        Assert.InRange(mtu.Current, 1452, 1472);
    }

    private int Lose(MtuDiscovery mtu)
    {
        Assert.True(mtu.TryGetProbeSize(Now, 0, out int size));
        mtu.OnProbeSent();
        mtu.OnProbeLost(Packet(size, isProbe: true), Now);
        return size;
    }

    private int Search(MtuDiscovery mtu, int path, TimeSpan now, long sent = 0)
    {
        int probes = 0;
        while (mtu.TryGetProbeSize(now, sent, out int size))
        {
            probes++;
            mtu.OnProbeSent();
            if (size <= path)
            {
                Assert.True(mtu.OnAcknowledged(Packet(size, isProbe: true), now));
            }
            else
            {
                mtu.OnProbeLost(Packet(size, isProbe: true), now);
            }
        }

        return probes;
    }

    private SentPacket Packet(int size, bool isProbe = false) => new()
    {
        PacketNumber = _number++,
        Size = size,
        Flags = SentPacketFlags.AckEliciting | SentPacketFlags.InFlight | (isProbe ? SentPacketFlags.MtuProbe : 0),
    };
}
