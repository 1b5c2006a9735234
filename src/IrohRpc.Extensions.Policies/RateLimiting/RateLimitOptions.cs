using System.Threading.RateLimiting;
using IrohRpc.Extensions.Policies.RateLimiting;

namespace IrohRpc.Extensions.Policies;

/// <summary>Limits of rate and of concurrency for calls of peers. Set up before calls come; not changed afterwards.</summary>
public sealed class RateLimitOptions
{
    private readonly List<RateLimit> _limits = [];

    /// <summary>
    /// How many limiters each limit keeps at most. Default 10,000. Limiters that are idle, and so have nothing to remember, make room for others; where none is, peers that come later share one.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than one.</exception>
    public int MaxPartitions
    {
        get;
        set => field = value >= 1 ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "There is at least one limiter.");
    } = 10_000;

    internal IReadOnlyList<RateLimit> Limits => _limits;

    /// <summary>Adds a limit for all calls.</summary>
    /// <param name="scope">Whose calls share a limiter.</param>
    /// <param name="create">
    /// Makes a limiter: <see cref="TokenBucketRateLimiter"/>, <see cref="SlidingWindowRateLimiter"/>, <see cref="FixedWindowRateLimiter"/>, <see cref="ConcurrencyLimiter"/>. A queue in it makes calls wait
    /// rather than fail. Permits of a concurrency limiter are held until the call and everything it streams has ended.
    /// </param>
    public RateLimitOptions Add(RateLimitScope scope, Func<RateLimiter> create)
    {
        ArgumentNullException.ThrowIfNull(create);
        _limits.Add(new RateLimit(null, scope, create));
        return this;
    }

    /// <summary>Adds a limit for what bears <see cref="RateLimitAttribute"/> with its name.</summary>
    /// <param name="name">The name.</param>
    /// <param name="scope">Whose calls share a limiter.</param>
    /// <param name="create">Makes a limiter.</param>
    public RateLimitOptions Add(string name, RateLimitScope scope, Func<RateLimiter> create)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(create);
        _limits.Add(new RateLimit(name, scope, create));
        return this;
    }
}
