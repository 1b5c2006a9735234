using System.Runtime.CompilerServices;

namespace IrohRpc;

/// <summary>Interceptors for all calls of an endpoint.</summary>
public static class EndpointInterceptorExtensions
{
    private static readonly ConditionalWeakTable<PeerEndpoint, InterceptorCollection> Collections = [];

    /// <summary>
    /// Adds an interceptor around all calls of the endpoint, in both directions. It concerns services that are mapped, proxies that are made and connections that are started from now on.
    /// </summary>
    /// <param name="endpoint">The endpoint.</param>
    /// <param name="interceptor">The interceptor.</param>
    /// <returns><paramref name="endpoint"/>.</returns>
    public static PeerEndpoint AddInterceptor(this PeerEndpoint endpoint, RpcInterceptor interceptor)
    {
        ArgumentNullException.ThrowIfNull(endpoint);
        InterceptorCollection interceptors = Collections.GetValue(endpoint, static _ => []);
        lock (interceptors)
        {
            interceptors.Add(interceptor);
        }

        return endpoint;
    }

    /// <summary>Adds an interceptor that is looked up for each call: see <see cref="InterceptorCollection.Add(Func{RpcInvocation, RpcInterceptor}, InterceptorStage)"/>.</summary>
    /// <param name="endpoint">The endpoint.</param>
    /// <param name="factory">Finds the interceptor.</param>
    /// <param name="stage">Where it stands.</param>
    /// <returns><paramref name="endpoint"/>.</returns>
    public static PeerEndpoint AddInterceptor(
        this PeerEndpoint endpoint, Func<RpcInvocation, RpcInterceptor> factory, InterceptorStage stage = InterceptorStage.Invocation)
    {
        ArgumentNullException.ThrowIfNull(endpoint);
        InterceptorCollection interceptors = Collections.GetValue(endpoint, static _ => []);
        lock (interceptors)
        {
            interceptors.Add(factory, stage);
        }

        return endpoint;
    }

    /// <summary>Whether the endpoint has any.</summary>
    internal static bool HasInterceptors(PeerEndpoint endpoint) => Collections.TryGetValue(endpoint, out _);

    /// <summary>Interceptors of options, with those of the endpoint before them.</summary>
    internal static InterceptorCollection Combine(PeerEndpoint endpoint, InterceptorCollection interceptors)
    {
        if (!Collections.TryGetValue(endpoint, out InterceptorCollection? outer))
        {
            return interceptors.Behind(null);
        }

        lock (outer)
        {
            return interceptors.Behind(outer);
        }
    }
}
