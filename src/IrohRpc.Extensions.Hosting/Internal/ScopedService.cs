using IrohRpc.Internal;
using Microsoft.Extensions.DependencyInjection;

namespace IrohRpc.Extensions.Hosting.Internal;

/// <summary>A service in a scope of its own, which ends with the lease.</summary>
internal sealed class ScopedService<TContract, TService>(IServiceScopeFactory scopes) : IServiceLease<TContract>
    where TContract : class
    where TService : class, TContract
{
    private readonly AsyncServiceScope _scope = scopes.CreateAsyncScope();

    public TContract Service => _scope.ServiceProvider.GetRequiredService<TService>();

    public ValueTask DisposeAsync() => _scope.DisposeAsync();
}
