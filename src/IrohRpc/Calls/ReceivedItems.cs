using System.Runtime.CompilerServices;
using IrohRpc.CompilerServices;

namespace IrohRpc.Calls;

/// <summary>
/// A streamed result at the caller. A bare stream's call is made when its enumeration begins; one that has begun and is dropped without being enumerated is given up.
/// </summary>
/// <param name="call">The call.</param>
/// <param name="begun">Its stream, where the head of the response has come.</param>
/// <param name="reader">Reads an item.</param>
internal sealed class ReceivedItems<T>(OutgoingCall call, ResponseStream? begun, ValueReader<T> reader) : IAsyncEnumerable<T>, IReceivedStream
{
    private readonly MethodDescriptor _method = call.Method;
    private int _taken;

    ~ReceivedItems()
    {
        if (begun is { } stream && Interlocked.Exchange(ref _taken, 1) == 0)
        {
            ThreadPool.UnsafeQueueUserWorkItem(static dropped => _ = dropped.DisposeAsync().AsTask(), stream, preferLocal: false);
        }
    }

    public IAsyncEnumerator<T> GetAsyncEnumerator(CancellationToken cancellationToken = default)
    {
        if (Interlocked.Exchange(ref _taken, 1) != 0)
        {
            throw new InvalidOperationException($"What {_method} streams can be enumerated once; call it again for another.");
        }

        return new Enumerator(call, begun, reader, cancellationToken);
    }

    /// <summary>Gives the call up unless somebody enumerates it.</summary>
    public ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return Interlocked.Exchange(ref _taken, 1) == 0 && begun is not null ? begun.DisposeAsync() : ValueTask.CompletedTask;
    }

    private sealed class Enumerator(OutgoingCall call, ResponseStream? begun, ValueReader<T> reader, CancellationToken cancellationToken)
        : ItemEnumerator<T>(reader)
    {
        private readonly bool _isBare = begun is null;
        private ResponseStream? _stream = begun;

        protected override async ValueTask<MessageReader> OpenAsync()
        {
            call.Watch(cancellationToken);
            return _stream ??= await call.InvokeStreamingAsync().ConfigureAwait(false);
        }

        [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
        protected override async ValueTask<MessageReader> FillAsync(MessageReader source)
        {
            var stream = (ResponseStream)source;
            try
            {
                await stream.FillAsync().ConfigureAwait(false);
                return stream;
            }
            catch (RpcException failure) when (_isBare && !HasItems && call.TryRestart(failure, out ValueTask<ResponseStream> again))
            {
                // No item has come, so nobody sees the difference.
                _stream = null;
                await stream.DisposeAsync().ConfigureAwait(false);
                return _stream = await again.ConfigureAwait(false);
            }
        }

        protected override ValueTask ReleaseAsync() => _stream?.DisposeAsync() ?? ValueTask.CompletedTask;
    }
}
