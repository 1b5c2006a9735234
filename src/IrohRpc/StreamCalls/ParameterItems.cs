using System.Runtime.CompilerServices;
using IrohRpc.CompilerServices;

namespace IrohRpc.StreamCalls;

/// <summary>A streamed parameter at the handler. Leaving its enumeration early stops the caller's source.</summary>
internal sealed class ParameterItems<T>(ParameterReader direction, ValueReader<T> reader) : IAsyncEnumerable<T>
{
    private int _taken;

    public IAsyncEnumerator<T> GetAsyncEnumerator(CancellationToken cancellationToken = default)
        => Interlocked.Exchange(ref _taken, 1) == 0
            ? new Enumerator(direction, reader, cancellationToken)
            : throw new InvalidOperationException("What a caller streams can be enumerated once.");

    private sealed class Enumerator(ParameterReader direction, ValueReader<T> reader, CancellationToken cancellationToken) : ItemEnumerator<T>(reader)
    {
        private readonly CancellationTokenRegistration _registration
            = cancellationToken.UnsafeRegister(static state => ((ParameterReader)state!).Abandon(), direction);

        protected override ValueTask<MessageReader> OpenAsync() => ValueTask.FromResult<MessageReader>(direction);

        [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
        protected override async ValueTask<MessageReader> FillAsync(MessageReader source)
        {
            cancellationToken.ThrowIfCancellationRequested();
            try
            {
                await direction.FillAsync().ConfigureAwait(false);
            }
            catch (Exception exception) when (exception is not OperationCanceledException && cancellationToken.IsCancellationRequested)
            {
                throw new OperationCanceledException("The enumeration was cancelled.", exception, cancellationToken);
            }

            return direction;
        }

        protected override ValueTask ReleaseAsync()
        {
            direction.Abandon();
            return _registration.DisposeAsync();
        }
    }
}
