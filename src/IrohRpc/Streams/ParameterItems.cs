using IrohRpc.CompilerServices;

namespace IrohRpc.Internal;

/// <summary>A streamed parameter at the handler. Leaving its enumeration early stops the caller's source.</summary>
internal sealed class ParameterItems<T>(ServiceDirection direction, ValueReader<T> reader) : IAsyncEnumerable<T>
{
    private int _taken;

    public IAsyncEnumerator<T> GetAsyncEnumerator(CancellationToken cancellationToken = default)
        => Interlocked.Exchange(ref _taken, 1) == 0
            ? EnumerateAsync(cancellationToken)
            : throw new InvalidOperationException("What a caller streams can be enumerated once.");

    private async IAsyncEnumerator<T> EnumerateAsync(CancellationToken cancellationToken)
    {
        using CancellationTokenRegistration registration = cancellationToken.UnsafeRegister(static state => ((ServiceDirection)state!).Abandon(), direction);
        try
        {
            while (true)
            {
                switch (direction.TakeItem(reader, out T item))
                {
                    case DirectionReader.Step.Item:
                        yield return item;
                        break;
                    case DirectionReader.Step.End:
                        yield break;
                    default:
                        cancellationToken.ThrowIfCancellationRequested();
                        await direction.FillAsync().ConfigureAwait(false);
                        break;
                }
            }
        }
        finally
        {
            direction.Abandon();
        }
    }
}
