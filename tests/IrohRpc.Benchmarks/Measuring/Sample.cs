namespace IrohRpc.Benchmarks.Measuring;

/// <summary>What one turn gave.</summary>
/// <param name="Value">The figure, in the scenario's unit.</param>
/// <param name="BytesPerOperation">What both ends together allocated for one operation; null where that means nothing.</param>
internal sealed record Sample(double Value, double? BytesPerOperation = null)
{
    /// <summary>Further figures by their name in the output.</summary>
    public IReadOnlyDictionary<string, double> Details { get; init; } = new Dictionary<string, double>();
}
