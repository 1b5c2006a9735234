using System.Runtime.CompilerServices;
using IrohRpc.Transports.Multiplexed;

namespace IrohRpc.Transports.QMux;

/// <summary>
/// A read of the receive loop, to await. Where the loop has completed a read of the application's, the application goes on on the loop's own thread,
/// which saves a switch to another in every exchange; before that the loop is parked at its next read or in the thread pool's queue, so that
/// nothing the application does there can hold it up.
/// </summary>
/// <param name="connection">Whose loop it is.</param>
/// <param name="read">The read.</param>
internal readonly struct ReceiveLoopRead(QMuxConnection connection, ValueTask<int> read) : ICriticalNotifyCompletion
{
    private readonly ConfiguredValueTaskAwaitable<int>.ConfiguredValueTaskAwaiter _read = read.ConfigureAwait(false).GetAwaiter();

    /// <summary>Whether the loop goes on at once: it has something to read and nothing to hand over.</summary>
    public bool IsCompleted => _read.IsCompleted && !connection.HasCompletedRead;

    public ReceiveLoopRead GetAwaiter() => this;

    public int GetResult() => _read.GetResult();

    public void OnCompleted(Action continuation) => UnsafeOnCompleted(continuation);

    public void UnsafeOnCompleted(Action continuation)
    {
        bool mayWait = !_read.IsCompleted;
        CompletedRead completed = connection.TakeCompletedRead(mayWait);

        // From here on the loop may run on another thread.
        if (mayWait)
        {
            _read.UnsafeOnCompleted(continuation);
        }
        else
        {
            // Behind what others have in the queue, so that a bulk transfer leaves them their turn.
            connection.Queue(continuation);
        }

        completed.Complete(inline: true);
    }
}
