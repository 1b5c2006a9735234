using System.Runtime.CompilerServices;
using IrohRpc.CompilerServices;

namespace IrohRpc.Streams;

/// <summary>
/// Enumerates items that arrive on a stream. One <see cref="MoveNextAsync"/> at a time: another gets an exception, and the first its item. An enumerator that is
/// dropped without being disposed of gives its stream up.
/// </summary>
/// <param name="reader">Reads an item.</param>
internal abstract class ItemEnumerator<T>(ValueReader<T> reader) : IAsyncEnumerator<T>
{
    private const int Idle = 0;
    private const int Moving = 1;
    private const int Disposed = 2;

    private MessageReader? _source;
    private T _current = default!;
    private int _state;
    private bool _hasEnded;

    ~ItemEnumerator()
    {
        ThreadPool.UnsafeQueueUserWorkItem(static dropped => _ = dropped.ReleaseAsync().AsTask(), this, preferLocal: false);
    }

    public T Current => _current;

    /// <summary>Whether an item has been seen.</summary>
    protected bool HasItems { get; private set; }

    public ValueTask<bool> MoveNextAsync()
    {
        int state = Interlocked.CompareExchange(ref _state, Moving, Idle);
        if (state == Moving)
        {
            throw new InvalidOperationException("MoveNextAsync is under way. Await it before it is called again: an enumerator is for one reader at a time.");
        }

        if (state == Disposed || _hasEnded)
        {
            Leave();
            return ValueTask.FromResult(false);
        }

        if (_source is { } source)
        {
            try
            {
                if (source.TakeItem(reader, out T item) == MessageReader.Step.Item)
                {
                    _current = item;
                    HasItems = true;
                    Leave();
                    return ValueTask.FromResult(true);
                }
            }
            catch (Exception exception)
            {
                return FailAsync(exception);
            }
        }

        return MoveNextSlowAsync();
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        if (Interlocked.Exchange(ref _state, Disposed) == Moving)
        {
            Volatile.Read(ref _source)?.LeaveMemory();
        }

        await ReleaseAsync().ConfigureAwait(false);
    }

    /// <summary>Begins to read.</summary>
    protected abstract ValueTask<MessageReader> OpenAsync();

    /// <summary>Waits for more.</summary>
    /// <returns>Where it is read from.</returns>
    protected abstract ValueTask<MessageReader> FillAsync(MessageReader source);

    /// <summary>Releases the stream; what has not ended is given up. May be called more than once.</summary>
    protected abstract ValueTask ReleaseAsync();

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<bool> MoveNextSlowAsync()
    {
        try
        {
            MessageReader source = _source ??= await OpenAsync().ConfigureAwait(false);
            while (true)
            {
                // A fence: either this sees a disposal, or the disposal sees what is read from.
                Interlocked.MemoryBarrier();
                if (Volatile.Read(ref _state) == Disposed)
                {
                    await ReleaseAsync().ConfigureAwait(false);
                    return false;
                }

                switch (source.TakeItem(reader, out T item))
                {
                    case MessageReader.Step.Item:
                        _current = item;
                        HasItems = true;
                        return true;
                    case MessageReader.Step.End:
                        _hasEnded = true;
                        _current = default!;
                        await ReleaseAsync().ConfigureAwait(false);
                        return false;
                    default:
                        source = _source = await FillAsync(source).ConfigureAwait(false);
                        break;
                }
            }
        }
        catch (Exception)
        {
            _hasEnded = true;
            await ReleaseAsync().ConfigureAwait(false);
            throw;
        }
        finally
        {
            Leave();
        }
    }

    private async ValueTask<bool> FailAsync(Exception exception)
    {
        _hasEnded = true;
        await ReleaseAsync().ConfigureAwait(false);
        Leave();
        throw exception;
    }

    // A disposal meanwhile stands.
    private void Leave() => Interlocked.CompareExchange(ref _state, Idle, Moving);
}
