using System.Diagnostics.CodeAnalysis;

namespace IrohRpc;

/// <summary>Goes on with a call: to the next interceptor, and behind the last one to the peer or the handler.</summary>
/// <param name="invocation">The call.</param>
/// <returns>Completes when the result is there. Fails as the call does.</returns>
[SuppressMessage("Naming", "CA1711", Justification = "Named after RequestDelegate.")]
public delegate ValueTask RpcInvocationDelegate(RpcInvocation invocation);
