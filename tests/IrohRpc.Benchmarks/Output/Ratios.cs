using IrohRpc.Benchmarks.Measuring;

namespace IrohRpc.Benchmarks.Output;

/// <summary>How results stand to ours.</summary>
internal static class Ratios
{
    /// <summary>
    /// A result's figure divided by ours on the same transport, round by round, as a median: 0.1 at <c>ops/s</c> is a tenth of our speed, and 2 at
    /// <c>us</c> twice our time. Null where ours is not there.
    /// </summary>
    public static double? ToOurs(Result result, IReadOnlyList<Result> results)
        => results.FirstOrDefault(other => other.Scenario == result.Scenario && other.System.Name == "irohrpc" && other.System.Transport == result.System.Transport)
            is { } ours ? result.RatioTo(ours) : null;
}
