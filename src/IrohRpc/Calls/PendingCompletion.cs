using System.Runtime.CompilerServices;
using IrohRpc.CompilerServices;

namespace IrohRpc.Internal;

/// <summary>As <see cref="PendingResult{T}"/>, for a handler without a result.</summary>
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
        pending._awaiter.UnsafeOnCompleted(pending._resume);
    }

    private void Resume()
    {
        IncomingCall call = _call!;
        ConfiguredValueTaskAwaitable.ConfiguredValueTaskAwaiter awaiter = _awaiter;
        _call = null;
        _awaiter = default;
        Free.Return(this);
        try
        {
            awaiter.GetResult();
        }
        catch (Exception exception)
        {
            call.HandlerFailed(exception);
            return;
        }

        call.Succeed();
    }
}
