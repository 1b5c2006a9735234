using System.ComponentModel;

namespace IrohRpc.CompilerServices;

/// <summary>
/// The base of generated proxies. Disposing says that the holder will not call any more: an object that a peer passed is released at once,
/// which otherwise waits for the garbage collector. The connection is not touched.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public abstract class ContractProxy : IAsyncDisposable, IDisposable
{
    /// <summary>Makes a proxy.</summary>
    /// <param name="invoker">Where its calls go.</param>
    protected ContractProxy(CallInvoker invoker)
    {
        ArgumentNullException.ThrowIfNull(invoker);
        Invoker = invoker;
    }

    private protected ContractProxy(CallInterception interception)
    {
        ArgumentNullException.ThrowIfNull(interception);

        // At the service, what stands in for it calls nobody.
        Invoker = interception.Invoker!;
    }

    /// <summary>Where the calls go.</summary>
    protected internal CallInvoker Invoker { get; }

    /// <summary>Whether both call the same object of the same peer over the same connection, as the same contract.</summary>
    public sealed override bool Equals(object? obj)
        => ReferenceEquals(this, obj) || (obj is ContractProxy other && other.GetType() == GetType() && Invoker.Equals(other.Invoker));

    /// <inheritdoc/>
    public sealed override int GetHashCode() => Invoker.GetHashCode();

    /// <summary>
    /// Gives an object back that a peer passed: later calls on this proxy fail with <see cref="ObjectDisposedException"/>. A proxy of a service is shared and owns nothing, so that nothing
    /// changes for it: its channel or connection is what ends.
    /// </summary>
    public void Dispose()
    {
        Invoker.Release();
        GC.SuppressFinalize(this);
    }

    /// <inheritdoc cref="Dispose"/>
    public ValueTask DisposeAsync()
    {
        Invoker.Release();
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }
}
