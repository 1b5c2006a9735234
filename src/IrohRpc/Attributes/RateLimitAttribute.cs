namespace IrohRpc;

/// <summary>Applies a named limit to a contract or a method. Enforced by the rate limit interceptor of IrohRpc.Extensions.Policies, which must be registered.</summary>
/// <param name="limit">The limit's name.</param>
[AttributeUsage(AttributeTargets.Interface | AttributeTargets.Method, AllowMultiple = true)]
public sealed class RateLimitAttribute(string limit) : RpcMetadataAttribute
{
    /// <summary>The limit's name.</summary>
    public string Limit => limit;
}
