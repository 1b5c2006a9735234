using IrohRpc.CompilerServices;

namespace IrohRpc;

/// <summary>Asking a service which version of its contract the two peers agreed on, and so what it can be called for.</summary>
/// <remarks>
/// <para>A proxy answers from what it knows of its connection and sends nothing. That of <c>Connect</c> may lose its connection at any time and find
/// an older or a younger peer at the next: an answer holds for the present connection, which <see cref="PeerChannel.Changed"/> shows come and go,
/// and a call that comes too late for it still fails locally. That of a <see cref="PeerClient{T}"/> keeps its version for as long as it lives.</para>
/// <para>An object that implements the contract by itself, a mock included, has every method. An object that a peer passed in a call is called under the newest
/// version of its contract that both peers have.</para>
/// <para>All members are safe to call from several threads at once.</para>
/// </remarks>
public static class VersionExtensions
{
    /// <summary>The ALPN that the present connection of a proxy agreed on.</summary>
    /// <param name="service">The proxy.</param>
    /// <returns>
    /// The ALPN; null where there is none: <c>Connect</c> has not dialled yet or is about to dial again, or it is no proxy.
    /// </returns>
    public static string? GetAlpn(this IContract service)
    {
        ArgumentNullException.ThrowIfNull(service);
        return (service as ContractProxy)?.Invoker.Alpn;
    }

    /// <summary>Whether a method can be called, as far as is known without dialling.</summary>
    /// <typeparam name="T">The contract.</typeparam>
    /// <param name="service">The service.</param>
    /// <param name="method">The method: <c>IGreeter.Methods.TicksAsync</c>.</param>
    /// <returns>
    /// Whether the negotiated version has it. While there is no connection: whether all versions that would be offered have it.
    /// </returns>
    /// <exception cref="InvalidOperationException"><paramref name="method"/> is the default value.</exception>
    public static bool Supports<T>(this IContract<T> service, ContractMethod<T> method)
        where T : class, IContract<T>
    {
        ArgumentNullException.ThrowIfNull(service);
        MethodDescriptor descriptor = method.Descriptor;
        return service is not ContractProxy proxy || proxy.Invoker.Supports(descriptor);
    }

    /// <summary>Whether a method can be called. Dials where there is no connection and the answer depends on it.</summary>
    /// <typeparam name="T">The contract.</typeparam>
    /// <param name="service">The service.</param>
    /// <param name="method">The method: <c>IGreeter.Methods.TicksAsync</c>.</param>
    /// <param name="cancellationToken">Gives up waiting for the dial.</param>
    /// <returns>Whether the negotiated version has it.</returns>
    /// <exception cref="InvalidOperationException"><paramref name="method"/> is the default value.</exception>
    /// <exception cref="RpcException">The peer could not be dialled: what a call would have failed with.</exception>
    public static ValueTask<bool> SupportsAsync<T>(
        this IContract<T> service, ContractMethod<T> method, CancellationToken cancellationToken = default)
        where T : class, IContract<T>
    {
        ArgumentNullException.ThrowIfNull(service);
        MethodDescriptor descriptor = method.Descriptor;
        return service is ContractProxy proxy
            ? proxy.Invoker.SupportsAsync(descriptor, cancellationToken)
            : ValueTask.FromResult(true);
    }
}
