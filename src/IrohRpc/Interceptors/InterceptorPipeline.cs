namespace IrohRpc.Interceptors;

/// <summary>Interceptors in their order, as one delegate. Made once, for all calls that they concern.</summary>
internal sealed class InterceptorPipeline
{
    private readonly RpcInvocationDelegate _first;

    private InterceptorPipeline(InterceptorCollection interceptors)
    {
        RpcInvocationDelegate next = static invocation => invocation.InvokeTargetAsync();
        InterceptorRegistration[] ordered = [.. interceptors.Registrations.OrderBy(static registration => registration.Stage)];
        bool admits = true;
        for (int i = ordered.Length - 1; i >= 0; i--)
        {
            if (admits && ordered[i].Stage != InterceptorStage.Invocation)
            {
                next = Admit(next);
                admits = false;
            }

            next = Link(ordered[i], next);
        }

        _first = admits ? Admit(next) : next;
    }

    /// <summary>The pipeline of a collection; null where that is empty.</summary>
    public static InterceptorPipeline? Of(InterceptorCollection interceptors) => interceptors.Count == 0 ? null : new InterceptorPipeline(interceptors);

    public ValueTask InvokeAsync(RpcInvocation invocation) => _first(invocation);

    private static RpcInvocationDelegate Link(InterceptorRegistration registration, RpcInvocationDelegate next) => invocation =>
    {
        ArgumentNullException.ThrowIfNull(invocation);
        return registration.InvokeAsync(invocation, next);
    };

    private static RpcInvocationDelegate Admit(RpcInvocationDelegate next) => invocation =>
    {
        ArgumentNullException.ThrowIfNull(invocation);
        invocation.IsAdmitted = true;
        return next(invocation);
    };
}
