namespace IrohRpc.Extensions.Policies;

/// <summary>
/// Checks the arguments of calls before their handlers run: at the service those of peers, and at a caller its own, before they are sent. A call with a wrong argument ends with
/// <see cref="RpcStatusCode.InvalidArgument"/>.
/// </summary>
/// <remarks>Set up before calls come; not changed afterwards.</remarks>
public sealed class ValidationInterceptor : RpcInterceptor
{
    private readonly List<Func<RpcInvocation, RpcParameter, object?, ValueTask<string?>>> _checks = [];

    /// <summary>Adds a check of all arguments of a type, and of types that derive from it.</summary>
    /// <typeparam name="T">The type.</typeparam>
    /// <param name="check">Says what is wrong, in a sentence that the caller gets; null for nothing.</param>
    /// <returns>This interceptor.</returns>
    public ValidationInterceptor For<T>(Func<T, string?> check)
    {
        ArgumentNullException.ThrowIfNull(check);
        return Add((_, _, value) => ValueTask.FromResult(value is T typed ? check(typed) : null));
    }

    /// <summary>Adds a check of every argument. This is where a library for validation is plugged in.</summary>
    /// <param name="check">Says what is wrong, in a sentence that the caller gets; null for nothing.</param>
    /// <returns>This interceptor.</returns>
    public ValidationInterceptor Add(Func<RpcInvocation, RpcParameter, object?, ValueTask<string?>> check)
    {
        ArgumentNullException.ThrowIfNull(check);
        _checks.Add(check);
        return this;
    }

    /// <inheritdoc/>
    public override ValueTask InterceptCallAsync(RpcInvocation invocation, RpcInvocationDelegate next) => ValidateAsync(invocation, next);

    /// <inheritdoc/>
    public override ValueTask InterceptHandlerAsync(RpcInvocation invocation, RpcInvocationDelegate next) => ValidateAsync(invocation, next);

    private async ValueTask ValidateAsync(RpcInvocation invocation, RpcInvocationDelegate next)
    {
        ArgumentNullException.ThrowIfNull(invocation);
        ArgumentNullException.ThrowIfNull(next);
        for (int i = 0; i < invocation.Method.Parameters.Count; i++)
        {
            RpcParameter parameter = invocation.Method.Parameters[i];
            foreach (Func<RpcInvocation, RpcParameter, object?, ValueTask<string?>> check in _checks)
            {
                if (await check(invocation, parameter, invocation.Arguments[i]).ConfigureAwait(false) is { } wrong)
                {
                    throw new RpcException(RpcStatusCode.InvalidArgument, $"{invocation.Method}: argument \"{parameter}\": {wrong}");
                }
            }
        }

        await next(invocation).ConfigureAwait(false);
    }
}
