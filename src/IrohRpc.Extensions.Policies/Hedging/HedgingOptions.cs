namespace IrohRpc.Extensions.Policies;

/// <summary>When a call is made once more beside an attempt that has not answered yet: gRPC's hedging policy.</summary>
public sealed class HedgingOptions
{
    /// <summary>How many attempts there are at most, the first included. Default 2; from 2 to 5.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public int MaxAttempts
    {
        get;
        set => field = value is >= 2 and <= 5 ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "There are from 2 to 5 attempts.");
    } = 2;

    /// <summary>How long an attempt may take before there is another. Default half a second; zero makes all attempts at once.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than zero.</exception>
    public TimeSpan HedgingDelay
    {
        get;
        set => field = value >= TimeSpan.Zero ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "The delay is zero or more.");
    } = TimeSpan.FromMilliseconds(500);

    /// <summary>
    /// The failures after which the next attempt is made at once, and others are waited for. Any other failure is the outcome. Default <see cref="RpcStatusCode.Unavailable"/> and
    /// <see cref="RpcStatusCode.ResourceExhausted"/>.
    /// </summary>
    public ISet<RpcStatusCode> NonFatalStatusCodes { get; } = new HashSet<RpcStatusCode> { RpcStatusCode.Unavailable, RpcStatusCode.ResourceExhausted };

    /// <summary>Bounds the extra attempts; null for no bound. Share it with <see cref="ClientOptions.RetryBudget"/>.</summary>
    public RetryBudget? RetryBudget { get; set; }
}
