using System.Runtime.CompilerServices;
using IrohRpc.Quic.Recovery;

namespace IrohRpc.Quic.Congestion;

/// <summary>
/// Finds out whether a path carries ECN marks and whether the peer reports them (RFC 9000, section 13.4.2), and tells of new marks of
/// congestion.
/// </summary>
internal sealed class EcnValidation
{
    private const int TestedPackets = 10;
    private const int SpaceCount = 3;

    // Counts are the connection's, not the path's: another path goes on from where they stand.
    private Counts _counts;
    private int _tested;
    private int _lost;

    /// <summary>Starts testing a connection's first path.</summary>
    public EcnValidation()
    {
    }

    /// <summary>Starts testing another path.</summary>
    public EcnValidation(EcnValidation before)
    {
        _counts = before._counts;
    }

    /// <summary>What is known.</summary>
    public EcnState State { get; private set; } = EcnState.Testing;

    /// <summary>Whether the next packet is to be marked ECT(0).</summary>
    public bool ShouldMark => State is EcnState.Testing or EcnState.Capable;

    /// <summary>A marked packet is being sent.</summary>
    public void OnSent(PacketSpace space)
    {
        _counts[(int)space].Sent++;
        if (State == EcnState.Testing && ++_tested == TestedPackets)
        {
            State = EcnState.Unknown;
        }
    }

    /// <summary>A marked packet was lost. If all that were tested are, the path drops marked packets.</summary>
    public void OnLost()
    {
        if (State == EcnState.Unknown && ++_lost >= TestedPackets)
        {
            State = EcnState.Failed;
        }
        else if (State == EcnState.Testing)
        {
            _lost++;
        }
    }

    /// <summary>Takes in the counts of an ACK frame.</summary>
    /// <returns>Whether there are new marks of congestion.</returns>
    public bool OnAcknowledged(in RecoveryOutcome outcome)
    {
        // Counts only grow; a frame that was overtaken has old ones, and says nothing.
        if (!outcome.IsLargestNew)
        {
            return false;
        }

        if (outcome.Ecn is not { } counts)
        {
            State = outcome.AcknowledgedEct0 > 0 ? EcnState.Failed : State;
            return false;
        }

        ref SpaceCounts space = ref _counts[(int)outcome.Space];
        EcnCounts before = space.Reported;
        space.Reported = counts;
        if (State == EcnState.Failed)
        {
            return false;
        }

        long ect0 = counts.Ect0 - before.Ect0;
        long congestion = counts.CongestionExperienced - before.CongestionExperienced;
        bool isValid = ect0 >= 0 && congestion >= 0
            && ect0 + congestion >= outcome.AcknowledgedEct0
            && counts.Ect0 + counts.CongestionExperienced <= space.Sent
            && counts.Ect1 == 0;
        if (!isValid)
        {
            State = EcnState.Failed;
            return false;
        }

        if (outcome.AcknowledgedEct0 > 0)
        {
            State = EcnState.Capable;
        }

        return congestion > 0;
    }

    private struct SpaceCounts
    {
        public EcnCounts Reported;
        public long Sent;
    }

    [InlineArray(SpaceCount)]
    private struct Counts
    {
        private SpaceCounts _first;
    }
}
