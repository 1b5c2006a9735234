using IrohRpc.Quic.Connections;
using IrohRpc.Quic.Tests.Simulation;

namespace IrohRpc.Quic.Tests.Connections;

public sealed class HandshakeTests
{
    [Fact]
    public void Two_sides_meet_and_confirm_within_two_round_trips()
    {
        using var pair = new SimulatedPair();
        pair.Connect();
        Assert.Equal(pair.Server.Id, pair.Dialled.Core.Tls.PeerId);
        Assert.Equal(pair.Client.Id, pair.Accepted.Core.Tls.PeerId);
        Assert.InRange(pair.Network.Now.TotalMilliseconds, 39, 45);
        pair.CloseAndCheck();
        Assert.Equal(ConnectionCloseKind.ClosedByPeer, pair.Accepted.Core.Close!.Kind);
        Assert.Equal((7, "done"), (pair.Accepted.Core.Close.ErrorCode, pair.Accepted.Core.Close.Reason));
    }
}
