using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.DependencyInjection;

namespace IrohRpc.Extensions.Hosting.Internal.Interceptors;

/// <summary>An interceptor of the container: one for all calls where it is a singleton, otherwise one from the scope of each call.</summary>
internal sealed class ContainerInterceptor([DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] Type type, InterceptorStage stage)
{
    [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)]
    public Type Type => type;

    /// <summary>Adds it to interceptors of options.</summary>
    public void AddTo(InterceptorCollection interceptors, IServiceProvider services)
    {
        if (IsSingleton(services))
        {
            interceptors.Add(Resolve(services));
        }
        else
        {
            interceptors.Add(Factory(services), stage);
        }
    }

    /// <summary>Adds it to an endpoint.</summary>
    public void AddTo(PeerEndpoint endpoint, IServiceProvider services)
    {
        if (IsSingleton(services))
        {
            endpoint.AddInterceptor(Resolve(services));
        }
        else
        {
            endpoint.AddInterceptor(Factory(services), stage);
        }
    }

    private RpcInterceptor Resolve(IServiceProvider services) => (RpcInterceptor)services.GetRequiredService(type);

    private bool IsSingleton(IServiceProvider services)
        => services.GetService<EndpointRegistry>()?.Services.LastOrDefault(descriptor => descriptor.ServiceType == type && !descriptor.IsKeyedService) is { Lifetime: ServiceLifetime.Singleton };

    private Func<RpcInvocation, RpcInterceptor> Factory(IServiceProvider services)
    {
        IServiceScopeFactory scopes = services.GetRequiredService<IServiceScopeFactory>();
        return invocation =>
        {
            RpcInterceptor interceptor = Resolve(CallScope.Enter(invocation, scopes));
            return interceptor.Stage == stage
                ? interceptor
                : throw new InvalidOperationException(
                    $"{type.Name} belongs to the stage {interceptor.Stage} and was added to the stage {stage}: where it is made for each call, the stage is a parameter of the method that adds it.");
        };
    }
}
