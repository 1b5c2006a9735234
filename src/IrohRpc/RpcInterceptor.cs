using System.Diagnostics.CodeAnalysis;

namespace IrohRpc;

/// <summary>
/// Code that runs around calls: see docs/interceptors.md. A class overrides the method of the side that it is for, or both, and calls <c>next</c> to go on.
/// </summary>
/// <remarks>One object serves many calls at once. What it throws is the outcome of the one call.</remarks>
[SuppressMessage("Naming", "CA1716", Justification = "Middleware and interceptors call it next everywhere.")]
public abstract class RpcInterceptor
{
    /// <summary>Where it stands among others. Default <see cref="InterceptorStage.Invocation"/>. Read once.</summary>
    public virtual InterceptorStage Stage => InterceptorStage.Invocation;

    /// <summary>Runs around a call that this side makes. By default it only goes on.</summary>
    /// <param name="invocation">The call.</param>
    /// <param name="next">Goes on.</param>
    public virtual ValueTask InterceptCallAsync(RpcInvocation invocation, RpcInvocationDelegate next)
    {
        ArgumentNullException.ThrowIfNull(next);
        return next(invocation);
    }

    /// <summary>Runs around the handler of a call that a peer makes. By default it only goes on.</summary>
    /// <param name="invocation">The call.</param>
    /// <param name="next">Goes on.</param>
    public virtual ValueTask InterceptHandlerAsync(RpcInvocation invocation, RpcInvocationDelegate next)
    {
        ArgumentNullException.ThrowIfNull(next);
        return next(invocation);
    }
}
