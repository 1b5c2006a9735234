using IrohRpc.Quic.Congestion;
using IrohRpc.Quic.Recovery;

namespace IrohRpc.Quic.Tests.Congestion;

public class EcnValidationTests
{
    [Fact]
    public void A_path_that_carries_marks_is_found_capable()
    {
        var ecn = new EcnValidation();
        Send(ecn, 10);
        Assert.False(ecn.ShouldMark);
        Assert.False(Ack(ecn, 4, new EcnCounts(4, 0, 0)));
        Assert.Equal(EcnState.Capable, ecn.State);
        Assert.True(ecn.ShouldMark);
    }

    [Fact]
    public void New_marks_of_congestion_are_told_once()
    {
        var ecn = new EcnValidation();
        Send(ecn, 10);
        Assert.True(Ack(ecn, 4, new EcnCounts(3, 0, 1)));
        Assert.False(Ack(ecn, 2, new EcnCounts(5, 0, 1)));
        Assert.True(Ack(ecn, 2, new EcnCounts(6, 0, 2)));
    }

    [Fact]
    public void A_peer_that_reports_nothing_is_not_marked_for()
    {
        var ecn = new EcnValidation();
        Send(ecn, 10);
        Ack(ecn, 4, null);
        Assert.Equal(EcnState.Failed, ecn.State);
        Assert.False(ecn.ShouldMark);
    }

    [Theory]
    [InlineData(3, 0, 0, "marks were bleached")]
    [InlineData(3, 1, 0, "a mark was changed")]
    [InlineData(11, 0, 0, "more was reported than sent")]
    [InlineData(4, 1, 0, "a mark appeared that was not sent")]
    [InlineData(8, 0, 3, "more was reported than sent")]
    public void Counts_that_cannot_be_are_a_failure(int ect0, int ect1, int congestion, string reason)
    {
        var ecn = new EcnValidation();
        Send(ecn, 10);
        Assert.False(Ack(ecn, 4, new EcnCounts(ect0, ect1, congestion)));
        Assert.True(ecn.State == EcnState.Failed, reason);
    }

    [Fact]
    public void Counts_that_fall_are_a_failure_unless_the_frame_was_overtaken()
    {
        var ecn = new EcnValidation();
        Send(ecn, 10);
        Ack(ecn, 4, new EcnCounts(4, 0, 0));
        Ack(ecn, 1, new EcnCounts(3, 0, 0), isLargestNew: false);
        Assert.Equal(EcnState.Capable, ecn.State);
        Ack(ecn, 0, new EcnCounts(3, 0, 0));
        Assert.Equal(EcnState.Failed, ecn.State);
    }

    [Fact]
    public void A_path_that_drops_all_marked_packets_is_a_failure()
    {
        var ecn = new EcnValidation();
        Send(ecn, 10);
        for (int i = 0; i < 10; i++)
        {
            Assert.Equal(EcnState.Unknown, ecn.State);
            ecn.OnLost();
        }

        Assert.Equal(EcnState.Failed, ecn.State);
    }

    [Fact]
    public void Another_path_is_tested_anew_from_the_connections_counts()
    {
        var ecn = new EcnValidation();
        Send(ecn, 10);
        Ack(ecn, 10, new EcnCounts(5, 0, 5));
        var next = new EcnValidation(ecn);
        Assert.Equal(EcnState.Testing, next.State);
        Send(next, 2);
        Assert.False(Ack(next, 2, new EcnCounts(7, 0, 5)));
        Assert.Equal(EcnState.Capable, next.State);
    }

    [Fact]
    public void Spaces_are_counted_apart()
    {
        var ecn = new EcnValidation();
        ecn.OnSent(PacketSpace.Initial);
        ecn.OnSent(PacketSpace.Application);
        var outcome = new RecoveryOutcome { Space = PacketSpace.Initial, AcknowledgedPackets = 1, AcknowledgedEct0 = 1, IsLargestNew = true, Ecn = new EcnCounts(1, 0, 0) };
        ecn.OnAcknowledged(outcome);
        outcome.Space = PacketSpace.Application;
        ecn.OnAcknowledged(outcome);
        Assert.Equal(EcnState.Capable, ecn.State);
    }

    private static void Send(EcnValidation ecn, int packets)
    {
        for (int i = 0; i < packets; i++)
        {
            ecn.OnSent(PacketSpace.Application);
        }
    }

    private static bool Ack(EcnValidation ecn, int ect0, EcnCounts? counts, bool isLargestNew = true)
        => ecn.OnAcknowledged(new RecoveryOutcome
        {
            Space = PacketSpace.Application,
            AcknowledgedPackets = ect0,
            AcknowledgedEct0 = ect0,
            IsLargestNew = isLargestNew,
            Ecn = counts,
        });
}
