using IrohRpc.CompilerServices;

namespace IrohRpc.Internal;

/// <summary>A streamed result at the caller. A bare stream's call is made when its enumeration begins.</summary>
internal sealed class ReceivedItems<T>(OutgoingCall call, StreamCall? begun, ValueReader<T> reader) : IAsyncEnumerable<T>
{
    private int _taken;

    public IAsyncEnumerator<T> GetAsyncEnumerator(CancellationToken cancellationToken = default)
        => Interlocked.Exchange(ref _taken, 1) == 0
            ? EnumerateAsync(cancellationToken)
            : throw new InvalidOperationException($"What {call.Method} streams can be enumerated once; call it again for another.");

    private async IAsyncEnumerator<T> EnumerateAsync(CancellationToken cancellationToken)
    {
        StreamCall stream = begun ?? await StreamCall.BeginAsync(call, cancellationToken).ConfigureAwait(false);
        await using (stream.ConfigureAwait(false))
        {
            if (begun is not null)
            {
                begun.Watch(cancellationToken);
            }

            while (true)
            {
                switch (stream.TakeItem(reader, out T item))
                {
                    case DirectionReader.Step.Item:
                        yield return item;
                        break;
                    case DirectionReader.Step.End:
                        yield break;
                    default:
                        await stream.FillAsync().ConfigureAwait(false);
                        break;
                }
            }
        }
    }
}
