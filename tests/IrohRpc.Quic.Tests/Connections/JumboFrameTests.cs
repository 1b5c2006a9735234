using IrohRpc.Quic.Connections;
using IrohRpc.Quic.Tests.Simulation;

namespace IrohRpc.Quic.Tests.Connections;

public sealed class JumboFrameTests
{
    private static readonly LinkConditions Jumbo = new() { Rate = 10_000_000, Delay = TimeSpan.FromMilliseconds(5), QueueBytes = 200_000, Mtu = 9000 };

    private static readonly QuicConnectionOptions Options = SimulatedPair.Options() with { JumboDatagramSize = 8952, MaxUdpPayloadSize = 65527 };

    [Fact]
    public void A_bulk_transfer_uses_what_a_path_with_jumbo_frames_carries()
    {
        using var pair = new SimulatedPair(1, Jumbo, Jumbo, Options, Options);
        BulkFlow flow = BulkFlow.Start(pair.Client, pair.Server);
        Assert.True(pair.Run(() => flow.Received > 1_000_000));
        Assert.Equal(8952, flow.Sender.Congestion.Mtu.Current);
    }

    [Fact]
    public void Nothing_longer_than_the_peer_takes_is_sent()
    {
        using var pair = new SimulatedPair(1, Jumbo, Jumbo, Options, Options with { MaxUdpPayloadSize = 1472 });
        BulkFlow flow = BulkFlow.Start(pair.Client, pair.Server);
        Assert.True(pair.Run(() => flow.Received > 1_000_000));
        Assert.Equal(1452, flow.Sender.Congestion.Mtu.Current);
    }

    [Fact]
    public void A_transfer_goes_on_when_the_path_carries_jumbo_frames_no_longer()
    {
        using var pair = new SimulatedPair(1, Jumbo, Jumbo, Options, Options);
        BulkFlow flow = BulkFlow.Start(pair.Client, pair.Server);
        Assert.True(pair.Run(() => flow.Received > 1_000_000));
        pair.Network.Link(pair.Client, pair.Server).Conditions = Jumbo with { Mtu = 1500 };
        long before = flow.Received;
        Assert.True(pair.Run(() => flow.Received > before + 10_000_000));
        Assert.InRange(flow.Sender.Congestion.Mtu.Current, 1200, 1452);
    }
}
