namespace IrohRpc.Benchmarks.Measuring;

/// <summary>Medians and percentiles.</summary>
internal static class Statistics
{
    public static double Median(IEnumerable<double> values) => Percentile([.. values.Order()], 0.5);

    /// <summary>A percentile of values in ascending order, between the two that are nearest.</summary>
    public static double Percentile(IReadOnlyList<double> sorted, double fraction)
    {
        double place = fraction * (sorted.Count - 1);
        int below = (int)place;
        int above = Math.Min(below + 1, sorted.Count - 1);
        return sorted[below] + ((sorted[above] - sorted[below]) * (place - below));
    }
}
