using System.Runtime.CompilerServices;
using Microsoft.Extensions.DependencyInjection;

namespace IrohRpc.Extensions.Hosting.Internal.Interceptors;

/// <summary>The container's scope of one call: its scoped interceptors come from it, and the service too, where that is made for the call.</summary>
internal sealed class CallScope
{
    // A lease knows the context of its call, and nothing of interceptors.
    private static readonly ConditionalWeakTable<CallContext, CallScope> Incoming = [];

    private readonly IServiceScopeFactory _scopes;
    private readonly AsyncServiceScope _scope;
    private bool _isTheServices;

    private CallScope(IServiceScopeFactory scopes)
    {
        _scopes = scopes;
        _scope = scopes.CreateAsyncScope();
    }

    /// <summary>The scope of a call, begun by the first interceptor that asks.</summary>
    public static IServiceProvider Enter(RpcInvocation invocation, IServiceScopeFactory scopes)
    {
        if (invocation.Items.TryGetValue(scopes, out object? found))
        {
            return ((CallScope)found!)._scope.ServiceProvider;
        }

        var scope = new CallScope(scopes);
        invocation.Items[scopes] = scope;
        if (invocation.IsIncoming)
        {
            Incoming.AddOrUpdate(invocation.Context, scope);
        }

        invocation.OnCompleted(_ => scope.LeaveAsync());
        return scope._scope.ServiceProvider;
    }

    /// <summary>The scope that the service of a call lives in, which ends with the service: the one of the call's interceptors where there is one.</summary>
    public static AsyncServiceScope ForService(CallContext context, IServiceScopeFactory scopes)
    {
        if (Incoming.TryGetValue(context, out CallScope? scope) && scope._scopes == scopes)
        {
            scope._isTheServices = true;
            return scope._scope;
        }

        return scopes.CreateAsyncScope();
    }

    private ValueTask LeaveAsync() => _isTheServices ? ValueTask.CompletedTask : _scope.DisposeAsync();
}
