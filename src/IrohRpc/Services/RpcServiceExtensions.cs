using IrohRpc.CompilerServices;
using IrohRpc.Internal;

namespace IrohRpc;

/// <summary>Offering services through a router.</summary>
public static class RpcServiceExtensions
{
    /// <summary>
    /// Offers one object to all peers, under all ALPNs of its contract, newest first. Those of older versions that the contract inherits come last,
    /// unless they are mapped by themselves.
    /// </summary>
    /// <typeparam name="T">The contract.</typeparam>
    /// <param name="router">The router builder.</param>
    /// <param name="service">The object to call: from several threads at once, unless the options say otherwise.</param>
    /// <param name="options">Service options, or null for the defaults.</param>
    /// <returns><paramref name="router"/>.</returns>
    public static RouterBuilder Map<T>(this RouterBuilder router, T service, ServiceOptions? options = null)
        where T : class, IContract<T>
    {
        ArgumentNullException.ThrowIfNull(service);
        var binding = new ServiceBinding<T>(service);
        return router.MapAll<T>(_ => binding, options);
    }

    /// <summary>Offers an object of its own to each connection: it knows its peer, and can call it back.</summary>
    /// <typeparam name="T">The contract.</typeparam>
    /// <param name="router">The router builder.</param>
    /// <param name="factory">
    /// Makes the object for a connection. One that is <see cref="IAsyncDisposable"/> or <see cref="IDisposable"/> is disposed of after its connection.
    /// </param>
    /// <param name="options">Service options, or null for the defaults.</param>
    /// <returns><paramref name="router"/>.</returns>
    public static RouterBuilder Map<T>(this RouterBuilder router, Func<RpcConnection, T> factory, ServiceOptions? options = null)
        where T : class, IContract<T>
    {
        ArgumentNullException.ThrowIfNull(factory);
        return router.MapAll<T>(
            connection =>
            {
                T service = factory(connection);
                connection.OwnService(service);
                return new ServiceBinding<T>(service);
            },
            options);
    }

    /// <summary>Offers an object that is looked up for each call.</summary>
    /// <typeparam name="T">The contract.</typeparam>
    /// <param name="router">The router builder.</param>
    /// <param name="resolve">Finds the object; the context says who calls.</param>
    /// <param name="release">Called with the object when its call has ended; null where there is nothing to do.</param>
    /// <param name="options">Service options, or null for the defaults.</param>
    /// <returns><paramref name="router"/>.</returns>
    public static RouterBuilder MapPerCall<T>(
        this RouterBuilder router, Func<CallContext, T> resolve, Func<T, ValueTask>? release = null, ServiceOptions? options = null)
        where T : class, IContract<T>
    {
        ArgumentNullException.ThrowIfNull(resolve);
        var binding = new PerCallBinding<T>(resolve, release);
        return router.MapAll<T>(_ => binding, options);
    }

    /// <summary>Offers an object that is leased for each call, with what has to be released after the call and everything that it streams.</summary>
    /// <typeparam name="T">The contract.</typeparam>
    /// <param name="router">The router builder.</param>
    /// <param name="lease">Begins the lease of a call; the context says who calls.</param>
    /// <param name="options">Service options, or null for the defaults.</param>
    /// <returns><paramref name="router"/>.</returns>
    public static RouterBuilder LeasePerCall<T>(
        this RouterBuilder router, Func<CallContext, IServiceLease<T>> lease, ServiceOptions? options = null)
        where T : class, IContract<T>
    {
        ArgumentNullException.ThrowIfNull(lease);
        var binding = new LeasedBinding<T>(lease);
        return router.MapAll<T>(_ => binding, options);
    }

    /// <summary>Offers an object that is leased for each connection, with what has to be released after the connection and its calls.</summary>
    /// <typeparam name="T">The contract.</typeparam>
    /// <param name="router">The router builder.</param>
    /// <param name="lease">Begins the lease of a connection.</param>
    /// <param name="options">Service options, or null for the defaults.</param>
    /// <returns><paramref name="router"/>.</returns>
    public static RouterBuilder LeasePerConnection<T>(
        this RouterBuilder router, Func<RpcConnection, IServiceLease<T>> lease, ServiceOptions? options = null)
        where T : class, IContract<T>
    {
        ArgumentNullException.ThrowIfNull(lease);
        return router.MapAll<T>(connection => new ServiceBinding<T>(Begin(connection, lease)), options);
    }

    private static T Begin<T>(PeerRpcConnection connection, Func<RpcConnection, IServiceLease<T>> lease)
        where T : class, IContract<T>
    {
        IServiceLease<T> leased = lease(connection) ?? throw new InvalidOperationException($"The lease of {T.Descriptor.Name} is null.");
        try
        {
            T service = leased.Service;
            connection.OwnService(leased);
            return service;
        }
        catch
        {
            // The connection is not served, so that nothing else disposes of what was made so far.
            connection.ReleaseNow(leased);
            throw;
        }
    }

    private static RouterBuilder MapAll<T>(this RouterBuilder router, Func<PeerRpcConnection, ServiceBinding> bind, ServiceOptions? options)
        where T : class, IContract<T>
    {
        ArgumentNullException.ThrowIfNull(router);
        var handler = new ServiceHandler(bind, (ServiceOptions)(options ?? new ServiceOptions()).CopyFor(router.Endpoint));
        foreach (string alpn in T.Descriptor.Alpns)
        {
            if (T.Descriptor.IsInherited(alpn))
            {
                router.MapImplied(alpn, handler);
            }
            else
            {
                router.Map(alpn, handler);
            }
        }

        return router;
    }
}
