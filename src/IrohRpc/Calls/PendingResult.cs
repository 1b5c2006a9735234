using System.Runtime.CompilerServices;
using IrohRpc.CompilerServices;

namespace IrohRpc.Calls;

/// <summary>Waits for a handler that did not finish at once, without allocating for the wait.</summary>
internal sealed class PendingResult<T>
{
    private static readonly Pool<PendingResult<T>> Free = new(4096, static () => new PendingResult<T>());

    private readonly Action _resume;
    private ConfiguredValueTaskAwaitable<T>.ConfiguredValueTaskAwaiter _awaiter;
    private IncomingCall? _call;
    private ValueWriter<T>? _writer;

    public PendingResult() => _resume = Resume;

    public static void Await(IncomingCall call, ValueTask<T> task, ValueWriter<T> writer)
    {
        PendingResult<T> pending = Free.Rent();
        pending._call = call;
        pending._writer = writer;
        pending._awaiter = task.ConfigureAwait(false).GetAwaiter();
        try
        {
            pending._awaiter.UnsafeOnCompleted(pending._resume);
        }
        catch (Exception) when (Interlocked.Exchange(ref pending._call, null) is null)
        {
            // A handler's source threw after it had completed: the call has its response.
        }
    }

    private void Resume()
    {
        // A handler's source that completes twice comes here twice, and this object may wait for another call by then.
        if (!_awaiter.IsCompleted || Interlocked.Exchange(ref _call, null) is not { } call)
        {
            return;
        }

        ValueWriter<T> writer = _writer!;
        ConfiguredValueTaskAwaitable<T>.ConfiguredValueTaskAwaiter awaiter = _awaiter;
        _writer = null;
        _awaiter = default;
        T result;
        try
        {
            result = awaiter.GetResult();
        }
        catch (Exception exception)
        {
            call.HandlerFailed(exception);
            return;
        }
        finally
        {
            Free.Return(this);
        }

        call.Succeed(result, writer);
    }
}
