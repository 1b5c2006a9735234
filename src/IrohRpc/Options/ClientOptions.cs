namespace IrohRpc;

/// <summary>How a proxy calls, and how its side of the connection answers when the peer calls back.</summary>
public sealed class ClientOptions : RpcOptions
{
    /// <summary>How long a call may take where neither its context nor a deadline says so. Null, the default, for as long as it takes; so is <see cref="TimeSpan.MaxValue"/>.</summary>
    public TimeSpan? Timeout
    {
        get;
        set => field = value is null || value > TimeSpan.Zero
            ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, "The timeout must be positive; null means none.");
    }

    /// <summary>
    /// How long a call of a proxy waits for a peer that cannot be reached for now: one that restarts, or whose network does. Default zero: it fails
    /// with the first dial that does. The proxy dials with growing waits meanwhile; a deadline ends it earlier, and what waiting does not mend, such as
    /// a version that the peer has retired, fails at once. <see cref="System.Threading.Timeout.InfiniteTimeSpan"/> and <see cref="TimeSpan.MaxValue"/> wait for as long as it takes.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than zero and not infinite.</exception>
    public TimeSpan WaitForReady
    {
        get;
        set => field = value == System.Threading.Timeout.InfiniteTimeSpan ? TimeSpan.MaxValue
            : value >= TimeSpan.Zero ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, "The wait must be zero or more, or infinite.");
    }

    /// <summary>
    /// How often a proxy tries again by itself, at most, to make a call that certainly did not run, or that is marked <see cref="IdempotentAttribute"/>.
    /// Default 3; zero never; at most 1,000. A deadline ends it earlier.
    /// </summary>
    public int MaxRetries
    {
        get;
        set => field = value is >= 0 and <= 1_000
            ? value
            : throw new ArgumentOutOfRangeException(nameof(MaxRetries), value, $"{nameof(MaxRetries)} is at least 0 and at most 1,000.");
    } = 3;

    /// <summary>
    /// Bounds the retries that a proxy makes by itself over all of its calls. Null, the default, for no bound but <see cref="MaxRetries"/>. An object may be shared.
    /// </summary>
    public RetryBudget? RetryBudget { get; set; }

    /// <summary>Whether a proxy with these options is one with those.</summary>
    internal bool HasSameValues(ClientOptions other) => Timeout == other.Timeout && MaxRetries == other.MaxRetries && RetryBudget == other.RetryBudget
            && WaitForReady == other.WaitForReady && HasSameLimits(other);
}
