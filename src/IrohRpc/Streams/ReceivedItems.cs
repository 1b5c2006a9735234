using System.Runtime.CompilerServices;
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
        begun?.Watch(cancellationToken);
        bool mayBeginAgain = begun is null;
        try
        {
            while (true)
            {
                switch (stream.TakeItem(reader, out T item))
                {
                    case DirectionReader.Step.Item:
                        mayBeginAgain = false;
                        yield return item;
                        break;
                    case DirectionReader.Step.End:
                        yield break;
                    default:
                        stream = await FillAsync(stream, mayBeginAgain, cancellationToken).ConfigureAwait(false);
                        break;
                }
            }
        }
        finally
        {
            await stream.DisposeAsync().ConfigureAwait(false);
        }
    }

    // As long as no item has come, an idempotent call whose connection is lost can be made again, and nobody sees the difference.
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<StreamCall> FillAsync(StreamCall stream, bool mayBeginAgain, CancellationToken cancellationToken)
    {
        try
        {
            await stream.FillAsync().ConfigureAwait(false);
            return stream;
        }
        catch (RpcException failure) when (mayBeginAgain && stream.MayBeginAgain(failure))
        {
            stream.LeaveForAnother();
        }

        return await StreamCall.BeginAsync(call, cancellationToken).ConfigureAwait(false);
    }
}
