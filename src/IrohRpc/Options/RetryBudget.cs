namespace IrohRpc;

/// <summary>
/// Bounds how many retries and hedged attempts there are, so that an outage is not made worse: gRPC's retry throttling. Each failure that could be retried takes a token, each success
/// gives back <see cref="TokenRatio"/>, and nothing is retried while half of the tokens or fewer are left.
/// </summary>
/// <remarks>One budget may be shared by several proxies. Safe to use from several threads at once.</remarks>
public sealed class RetryBudget
{
    private readonly Lock _gate = new();
    private double _tokens;

    /// <summary>Makes a full budget.</summary>
    /// <param name="maxTokens">How many tokens there are at most, from 1 to 1,000. Half of them are failures that may follow each other.</param>
    /// <param name="tokenRatio">What a success gives back, more than zero. 0.1 allows a retry for every ten successes in the long run.</param>
    /// <exception cref="ArgumentOutOfRangeException">A value is out of range.</exception>
    public RetryBudget(int maxTokens = 100, double tokenRatio = 0.1)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxTokens, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(maxTokens, 1000);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(tokenRatio);
        MaxTokens = maxTokens;
        TokenRatio = tokenRatio;
        _tokens = maxTokens;
    }

    /// <summary>How many tokens there are at most.</summary>
    public int MaxTokens { get; }

    /// <summary>What a success gives back.</summary>
    public double TokenRatio { get; }

    /// <summary>Whether there may be a retry now.</summary>
    public bool AllowsRetry
    {
        get
        {
            lock (_gate)
            {
                return _tokens > MaxTokens / 2.0;
            }
        }
    }

    /// <summary>A call has succeeded.</summary>
    public void RecordSuccess()
    {
        lock (_gate)
        {
            _tokens = Math.Min(MaxTokens, _tokens + TokenRatio);
        }
    }

    /// <summary>A call has failed that could be retried, or an extra attempt is made.</summary>
    /// <returns>Whether there may be a retry.</returns>
    public bool RecordFailure()
    {
        lock (_gate)
        {
            _tokens = Math.Max(0, _tokens - 1);
            return _tokens > MaxTokens / 2.0;
        }
    }
}
