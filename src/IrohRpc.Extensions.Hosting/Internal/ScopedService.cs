using IrohRpc.Internal;
using Microsoft.Extensions.DependencyInjection;

namespace IrohRpc.Extensions.Hosting.Internal;

/// <summary>A service in a scope that ends with the lease.</summary>
internal sealed class ScopedService<TContract, TService>(AsyncServiceScope scope) : IServiceLease<TContract>
    where TContract : class
    where TService : class, TContract
{
    public TContract Service => scope.ServiceProvider.GetRequiredService<TService>();

    public ValueTask DisposeAsync() => scope.DisposeAsync();
}
