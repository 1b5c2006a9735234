namespace IrohRpc;

/// <summary>
/// Says with which version of the contract a method came. Called over a connection that agreed on an older one, it fails at once on the
/// caller's side with <see cref="RpcStatusCode.Unimplemented"/>.
/// </summary>
/// <param name="alpn">The oldest ALPN that has the method; one of the contract's own.</param>
[AttributeUsage(AttributeTargets.Method)]
public sealed class SinceAttribute(string alpn) : Attribute
{
    /// <summary>The oldest ALPN that has the method.</summary>
    public string Alpn { get; } = alpn;
}
