namespace IrohRpc;

/// <summary>
/// An object that serves for a limited time, with what has to be released afterwards: a scope of a container, say. A lease serves one call
/// (<see cref="RpcServiceExtensions.LeasePerCall"/>) or one connection (<see cref="RpcServiceExtensions.LeasePerConnection"/>) and is disposed of once, after it.
/// </summary>
/// <typeparam name="T">The contract.</typeparam>
public interface IServiceLease<out T> : IAsyncDisposable
    where T : class
{
    /// <summary>
    /// The object to call. Read once; the lease is disposed of also where this throws, and what it throws is the error of the call: an
    /// <see cref="RpcException"/> reaches the caller as it is, anything else as <see cref="RpcStatusCode.Internal"/>.
    /// </summary>
    T Service { get; }
}
