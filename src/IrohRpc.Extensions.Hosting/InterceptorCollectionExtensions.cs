using System.Diagnostics.CodeAnalysis;
using IrohRpc.Extensions.Hosting.Internal.Interceptors;

namespace IrohRpc;

/// <summary>Interceptors of the container.</summary>
public static class InterceptorCollectionExtensions
{
    /// <summary>
    /// Adds an interceptor that the container makes, to those of one service or client. It has to be registered. A singleton serves all calls; one that is registered otherwise is made for
    /// each call, in the call's scope, which a service that is mapped for each call shares.
    /// </summary>
    /// <typeparam name="TInterceptor">The interceptor.</typeparam>
    /// <param name="interceptors">The interceptors of <see cref="ServiceOptions"/> or <see cref="ClientOptions"/>.</param>
    /// <param name="services">The container.</param>
    /// <param name="stage">The stage of one that is made for each call; that of a singleton is its own <see cref="RpcInterceptor.Stage"/>.</param>
    /// <returns><paramref name="interceptors"/>.</returns>
    /// <exception cref="InvalidOperationException">It is not registered.</exception>
    public static InterceptorCollection Add<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] TInterceptor>(
        this InterceptorCollection interceptors, IServiceProvider services, InterceptorStage stage = InterceptorStage.Invocation)
        where TInterceptor : RpcInterceptor
    {
        ArgumentNullException.ThrowIfNull(interceptors);
        ArgumentNullException.ThrowIfNull(services);
        new ContainerInterceptor(typeof(TInterceptor), stage).AddTo(interceptors, services);
        return interceptors;
    }
}
