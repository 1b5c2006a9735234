using IrohRpc.CompilerServices;
using IrohRpc.Internal;

namespace IrohRpc;

/// <summary>Asking a proxy about the object behind it: whose it is, and whether it can still be called. All members are safe to call from several threads at once.</summary>
public static class RemoteObject
{
    /// <summary>The peer whose object a proxy calls, where that is bound to one connection: an object that was passed, or the service of a connected client.</summary>
    /// <param name="proxy">The proxy, or any other object of a contract.</param>
    /// <returns>The peer; null for an object that is no such proxy.</returns>
    public static EndpointId? GetPeer(IContract proxy) => Find(proxy)?.Connection.PeerId;

    /// <summary>
    /// Fires when the connection behind a proxy has ended: the object can never be called again through this proxy, and a service that keeps it, such as a list of
    /// subscribers, drops it.
    /// </summary>
    /// <param name="proxy">The proxy, or any other object of a contract.</param>
    /// <returns>The token; one that never fires for an object that is no such proxy.</returns>
    public static CancellationToken GetClosed(IContract proxy) => Find(proxy)?.Connection.Ending ?? CancellationToken.None;

    /// <summary>
    /// Keeps an object that was passed as an argument after its call has ended, which releases it otherwise (<see cref="RpcOptions.ReleaseObjectsWithCall"/>). A handler says so
    /// before its call ends; who keeps an object releases it with <see cref="Release"/>.
    /// </summary>
    /// <typeparam name="T">The type of the proxy.</typeparam>
    /// <param name="proxy">The proxy. An object that is no proxy of a passed object is left alone.</param>
    /// <returns><paramref name="proxy"/>, so that one can write <c>_listeners.Add(RemoteObject.Keep(listener))</c>.</returns>
    /// <exception cref="ObjectDisposedException">The call that passed the object has ended, or the proxy was disposed of.</exception>
    public static T Keep<T>(T proxy)
        where T : class, IContract
    {
        Find(proxy)?.Keep();
        return proxy;
    }

    /// <summary>
    /// Says that this side will not call an object any more. The peer forgets it once it has the calls made before. An object that is no proxy of a passed object is left alone.
    /// </summary>
    /// <param name="proxy">The proxy. Later calls on it fail with <see cref="ObjectDisposedException"/>.</param>
    public static void Release(IContract proxy) => (proxy as ContractProxy)?.Dispose();

    private static BoundInvoker? Find(IContract proxy)
    {
        ArgumentNullException.ThrowIfNull(proxy);
        return (proxy as ContractProxy)?.Invoker as BoundInvoker;
    }
}
