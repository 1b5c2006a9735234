using IrohRpc.CompilerServices;

namespace IrohRpc.Calls;

/// <summary>A bare stream at the caller: its interceptors run when its enumeration begins, which may be once.</summary>
internal sealed class InterceptedItems<T>(
    MethodDescriptor method, Func<CancellationToken, ValueTask<IAsyncEnumerable<T>>> start, CancellationToken cancellationToken) : IAsyncEnumerable<T>
{
    private int _taken;

    public IAsyncEnumerator<T> GetAsyncEnumerator(CancellationToken enumerationToken = default)
        => Interlocked.Exchange(ref _taken, 1) == 0
            ? EnumerateAsync(enumerationToken)
            : throw new InvalidOperationException($"What {method} streams can be enumerated once; call it again for another.");

    private async IAsyncEnumerator<T> EnumerateAsync(CancellationToken enumerationToken)
    {
        using CancellationTokenSource? linked = cancellationToken.CanBeCanceled && enumerationToken.CanBeCanceled && cancellationToken != enumerationToken
            ? CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, enumerationToken)
            : null;
        CancellationToken either = linked?.Token ?? (cancellationToken.CanBeCanceled ? cancellationToken : enumerationToken);
        IAsyncEnumerable<T> items = await start(either).ConfigureAwait(false)
            ?? throw new InvalidOperationException($"An interceptor gave {method} no stream as its result.");
        await foreach (T item in items.WithCancellation(either).ConfigureAwait(false))
        {
            yield return item;
        }
    }
}
