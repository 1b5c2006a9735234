using System.Threading.RateLimiting;

namespace IrohRpc.Extensions.Policies.RateLimiting;

/// <summary>One limit of <see cref="RateLimitOptions"/>.</summary>
internal sealed record RateLimit(string? Name, RateLimitScope Scope, Func<RateLimiter> Create)
{
    /// <summary>Whether the limit is for a method.</summary>
    public bool IsFor(RpcMethod method)
        => Name is null || method.Metadata.Any(metadata => metadata is RateLimitAttribute attribute && attribute.Limit == Name);
}
