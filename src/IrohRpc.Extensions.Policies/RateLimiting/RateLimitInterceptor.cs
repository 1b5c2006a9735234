using System.Globalization;
using System.Threading.RateLimiting;
using IrohRpc.Extensions.Policies.RateLimiting;

namespace IrohRpc.Extensions.Policies;

/// <summary>
/// Holds calls of peers to limits of rate and of concurrency. A call beyond them ends with <see cref="RpcStatusCode.ResourceExhausted"/> before its arguments are decoded; where the limiter knows
/// when there will be room, the response's metadata says so, in milliseconds, as <see cref="RetryAfterKey"/>.
/// </summary>
public sealed class RateLimitInterceptor : RpcInterceptor, IDisposable
{
    /// <summary>The key of the metadata.</summary>
    public const string RetryAfterKey = "retry-after-ms";

    private readonly BoundedLimiters[] _limits;

    /// <summary>Makes one.</summary>
    /// <param name="options">The limits.</param>
    public RateLimitInterceptor(RateLimitOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        _limits = [.. options.Limits.Select(limit => new BoundedLimiters(limit, options.MaxPartitions))];
    }

    /// <inheritdoc/>
    public override InterceptorStage Stage => InterceptorStage.Admission;

    /// <summary>How many limiters there are now.</summary>
    public int Partitions => _limits.Sum(static limit => limit.Count);

    /// <inheritdoc/>
    public override async ValueTask InterceptHandlerAsync(RpcInvocation invocation, RpcInvocationDelegate next)
    {
        ArgumentNullException.ThrowIfNull(invocation);
        ArgumentNullException.ThrowIfNull(next);
        List<RateLimitLease> leases = [];
        invocation.OnCompleted(_ => Release(leases));
        foreach (BoundedLimiters limit in _limits)
        {
            if (limit.Limit.IsFor(invocation.Method))
            {
                leases.Add(await AcquireAsync(limit, invocation).ConfigureAwait(false));
            }
        }

        await next(invocation).ConfigureAwait(false);
    }

    /// <summary>Disposes of the limiters. Calls that still come fail.</summary>
    public void Dispose()
    {
        foreach (BoundedLimiters limit in _limits)
        {
            limit.Dispose();
        }
    }

    private static async ValueTask<RateLimitLease> AcquireAsync(BoundedLimiters limit, RpcInvocation invocation)
    {
        RateLimiter limiter = limit.Find(invocation);
        RateLimitLease lease = limiter.AttemptAcquire();
        if (!lease.IsAcquired)
        {
            lease.Dispose();
            lease = await limiter.AcquireAsync(1, invocation.CancellationToken).ConfigureAwait(false);
        }

        if (lease.IsAcquired)
        {
            return lease;
        }

        if (lease.TryGetMetadata(MetadataName.RetryAfter, out TimeSpan wait))
        {
            invocation.Context.ResponseMetadata[RetryAfterKey] = ((long)wait.TotalMilliseconds).ToString(CultureInfo.InvariantCulture);
        }

        lease.Dispose();
        throw new RpcException(
            RpcStatusCode.ResourceExhausted,
            limit.Limit.Name is { } name ? $"{invocation.Method} is called more often than the limit \"{name}\" allows." : $"{invocation.Method} is called more often than this peer allows.");
    }

    private static void Release(List<RateLimitLease> leases)
    {
        foreach (RateLimitLease lease in leases)
        {
            lease.Dispose();
        }
    }
}
