using IrohRpc.Benchmarks.Measuring;

namespace IrohRpc.Benchmarks.Scenarios;

/// <summary>One kind of work that all systems do which can.</summary>
/// <param name="name">Its name in the output.</param>
/// <param name="unit">The unit of its figure: <c>ops/s</c>, <c>us</c>, <c>MB/s</c> or <c>bytes</c>.</param>
internal abstract class Scenario(string name, string unit)
{
    public string Name => name;

    public string Unit => unit;

    /// <summary>Whether a larger figure is the better one.</summary>
    public bool MoreIsBetter => unit is "ops/s" or "MB/s";

    /// <summary>How many callers there are at once.</summary>
    public virtual int Callers => 1;

    /// <summary>The most turns that a system gets, where one is enough to know.</summary>
    public virtual int MaxRounds => int.MaxValue;

    /// <summary>Whether a system can do the work.</summary>
    public abstract bool CanRun(Contestant contestant);

    /// <summary>Makes a system ready for its first turn.</summary>
    public virtual Task WarmUpAsync(Contestant contestant, Effort effort) => MeasureAsync(contestant, effort with { Turn = effort.Warmup });

    /// <summary>One turn.</summary>
    public abstract Task<Sample> MeasureAsync(Contestant contestant, Effort effort);
}
