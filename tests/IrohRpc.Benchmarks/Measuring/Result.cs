using IrohRpc.Benchmarks.Scenarios;
using IrohRpc.Benchmarks.Systems;

namespace IrohRpc.Benchmarks.Measuring;

/// <summary>All that a system's turns in a scenario gave.</summary>
internal sealed record Result(Scenario Scenario, BenchmarkSystem System, IReadOnlyList<Sample> Samples)
{
    public double Median => Statistics.Median(Samples.Select(sample => sample.Value));

    public double? BytesPerOperation => Samples.All(sample => sample.BytesPerOperation is not null)
        ? Statistics.Median(Samples.Select(sample => sample.BytesPerOperation!.Value))
        : null;

    /// <summary>The medians of the further figures, by name.</summary>
    public IEnumerable<KeyValuePair<string, double>> Details
        => Samples[0].Details.Keys.Select(name => KeyValuePair.Create(name, Detail(name)));

    public double Detail(string name) => Statistics.Median(Samples.Select(sample => sample.Details[name]));

    /// <summary>The median over all rounds of this figure divided by the other's of the same round.</summary>
    public double RatioTo(Result other) => Statistics.Median(Samples.Zip(other.Samples, (mine, others) => mine.Value / others.Value));
}
