namespace IrohRpc;

/// <summary>
/// Says that a method may run twice with the effect of once, so that a proxy may send it again where a connection was lost before the
/// answer came. Without it a call that may have run fails with <see cref="RpcStatusCode.Unavailable"/>.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class IdempotentAttribute : Attribute;
