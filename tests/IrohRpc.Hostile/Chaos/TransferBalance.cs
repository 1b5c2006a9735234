using System.Globalization;

namespace IrohRpc.Hostile;

/// <summary>The callers' book beside the service's.</summary>
internal sealed record TransferBalance
{
    /// <summary>Transfers that have ended, in whatever way.</summary>
    public required long Transfers { get; init; }

    public required long Acknowledged { get; init; }

    public required long MayHaveRun { get; init; }

    public required long NotStarted { get; init; }

    /// <summary>Acknowledged, and not applied.</summary>
    public required long Lost { get; init; }

    public required long AppliedTwice { get; init; }

    public required long AppliedThoughNotStarted { get; init; }

    /// <summary>Answered with another's number.</summary>
    public required long Crossed { get; init; }

    /// <summary>Begun, and not ended yet.</summary>
    public required long Open { get; init; }

    /// <summary>How many entries contradict each other.</summary>
    public long Wrong => Lost + AppliedTwice + AppliedThoughNotStarted + Crossed;

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Transfers} transfers, {Acknowledged} acknowledged, {MayHaveRun} may have run, {NotStarted} not started, {Open} without an end; {Lost} lost, {AppliedTwice} applied twice, {AppliedThoughNotStarted} applied though not started, {Crossed} answered with another's");
}
