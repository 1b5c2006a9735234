namespace IrohRpc;

/// <summary>
/// Who may call a contract, or one of its methods: the peers that a policy admits. Several must all hold; <see cref="AllowAnyPeerAttribute"/> on the method lifts those of the contract.
/// Enforced by the authorization interceptor of IrohRpc.Extensions.Policies, which must be registered.
/// </summary>
/// <param name="policy">The policy's name; null for the default policy.</param>
[AttributeUsage(AttributeTargets.Interface | AttributeTargets.Method, AllowMultiple = true)]
public sealed class AuthorizePeersAttribute(string? policy = null) : RpcMetadataAttribute
{
    /// <summary>The policy's name; null for the default policy.</summary>
    public string? Policy => policy;
}
