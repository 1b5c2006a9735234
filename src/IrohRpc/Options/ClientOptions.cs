namespace IrohRpc;

/// <summary>How a proxy calls, and how its side of the connection answers when the peer calls back.</summary>
public sealed class ClientOptions : RpcOptions
{
    /// <summary>How long a call may take where neither its context nor a deadline says so. Null, the default, for as long as it takes.</summary>
    public TimeSpan? Timeout
    {
        get;
        set => field = value is null || value > TimeSpan.Zero
            ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, "A call needs more time than that.");
    }

    /// <summary>
    /// How often a proxy tries again by itself, at most, to make a call that certainly did not run, or that is marked <see cref="IdempotentAttribute"/>.
    /// Default 3; zero never. A deadline ends it earlier.
    /// </summary>
    public int MaxRetries
    {
        get;
        set => field = value >= 0 ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "The number of retries is zero or more.");
    } = 3;

    /// <summary>Whether a proxy with these options is one with those.</summary>
    internal bool HasSameValues(ClientOptions other) => Timeout == other.Timeout && MaxRetries == other.MaxRetries && HasSameLimits(other);
}
