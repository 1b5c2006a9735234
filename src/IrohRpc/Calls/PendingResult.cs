using System.Runtime.CompilerServices;
using IrohRpc.CompilerServices;

namespace IrohRpc.Internal;

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
        pending._awaiter.UnsafeOnCompleted(pending._resume);
    }

    private void Resume()
    {
        IncomingCall call = _call!;
        ValueWriter<T> writer = _writer!;
        ConfiguredValueTaskAwaitable<T>.ConfiguredValueTaskAwaiter awaiter = _awaiter;
        _call = null;
        _writer = null;
        _awaiter = default;
        Free.Return(this);
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

        call.Succeed(result, writer);
    }
}
