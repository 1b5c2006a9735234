using System.Runtime.CompilerServices;
using IrohRpc.CompilerServices;

namespace IrohRpc.Calls;

/// <summary>Waits for a handler without a result that did not finish at once. See <see cref="PendingResult{T}"/>.</summary>
internal sealed class PendingCompletion
{
    private static readonly Pool<PendingCompletion> Free = new(4096, static () => new PendingCompletion());

    private readonly Action _resume;
    private ConfiguredValueTaskAwaitable.ConfiguredValueTaskAwaiter _awaiter;
    private IncomingCall? _call;

    public PendingCompletion() => _resume = Resume;

    public static void Await(IncomingCall call, ValueTask task)
    {
        PendingCompletion pending = Free.Rent();
        pending._call = call;
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

        ConfiguredValueTaskAwaitable.ConfiguredValueTaskAwaiter awaiter = _awaiter;
        _awaiter = default;
        try
        {
            awaiter.GetResult();
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

        call.Succeed();
    }
}
