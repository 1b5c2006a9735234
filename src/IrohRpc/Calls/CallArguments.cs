using System.ComponentModel;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace IrohRpc.CompilerServices;

/// <summary>The arguments of one call that interceptors may see. The generator makes a class for each method.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
[SuppressMessage("Naming", "CA1716", Justification = "For generated code, which is C#.")]
public abstract class CallArguments
{
    /// <summary>An argument, boxed where it is a value.</summary>
    /// <param name="index">The parameter's index on the wire.</param>
    public virtual object? Get(int index) => throw new ArgumentOutOfRangeException(nameof(index));

    /// <summary>Replaces an argument.</summary>
    /// <param name="index">The parameter's index on the wire.</param>
    /// <param name="value">The new value, of the parameter's type.</param>
    public virtual void Set(int index, object? value) => throw new ArgumentOutOfRangeException(nameof(index));

    /// <summary>Wraps an argument that is a stream of items; false for any other.</summary>
    /// <param name="index">The parameter's index on the wire.</param>
    /// <param name="map">What becomes of an item.</param>
    public virtual bool TryMapItems(int index, Func<object?, object?> map) => false;

    /// <summary>A stream with each item changed.</summary>
    /// <typeparam name="T">The type of an item.</typeparam>
    /// <param name="items">The stream.</param>
    /// <param name="map">What becomes of an item.</param>
    /// <param name="cancellationToken">Ends the enumeration.</param>
    protected static async IAsyncEnumerable<T> Map<T>(
        IAsyncEnumerable<T> items, Func<object?, object?> map, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(items);
        ArgumentNullException.ThrowIfNull(map);
        await foreach (T item in items.WithCancellation(cancellationToken).ConfigureAwait(false))
        {
            yield return (T)map(item)!;
        }
    }

    /// <summary>The outcome of a method without a result.</summary>
    /// <param name="task">What the method returned.</param>
    protected static async ValueTask<object?> NoResult(ValueTask task)
    {
        await task.ConfigureAwait(false);
        return null;
    }
}

/// <summary>The same, with what calls the method.</summary>
/// <typeparam name="TContract">The contract.</typeparam>
/// <typeparam name="TResult">The type of the result; object for none.</typeparam>
[EditorBrowsable(EditorBrowsableState.Never)]
public abstract class CallArguments<TContract, TResult> : CallArguments
    where TContract : class, IContract<TContract>
{
    /// <summary>Calls the method with these arguments.</summary>
    /// <param name="target">A proxy, or the service.</param>
    /// <param name="context">For a parameter that takes it.</param>
    /// <param name="cancellationToken">For a parameter that takes it.</param>
    public abstract ValueTask<TResult> InvokeAsync(TContract target, CallContext context, CancellationToken cancellationToken);

    /// <summary>Wraps a result that is a stream of items; null for any other.</summary>
    /// <param name="result">The result.</param>
    /// <param name="map">What becomes of an item.</param>
    public virtual TResult? TryMapResultItems(TResult result, Func<object?, object?> map) => default;
}
