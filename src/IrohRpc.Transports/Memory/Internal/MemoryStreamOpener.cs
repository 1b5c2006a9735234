using IrohRpc.Transports.Internal;

namespace IrohRpc.Transports.Memory.Internal;

/// <summary>Opens streams of one kind as far as the peer allows, in the order in which they were asked for.</summary>
internal sealed class MemoryStreamOpener(MemoryConnection connection, int kind, int credit)
{
    private readonly LinkedList<TaskCompletionSource<PeerStream>> _waiting = new();
    private int _credit = credit;
    private long _opened;

    public ValueTask<PeerStream> OpenAsync(CancellationToken cancellationToken)
    {
        LinkedListNode<TaskCompletionSource<PeerStream>> node;
        lock (connection.Gate)
        {
            if (connection.End is { } end)
            {
                return ValueTask.FromException<PeerStream>(end.ToException(connection.PeerId));
            }

            if (cancellationToken.IsCancellationRequested)
            {
                return ValueTask.FromCanceled<PeerStream>(cancellationToken);
            }

            if (_credit > 0)
            {
                return new ValueTask<PeerStream>(Open());
            }

            node = _waiting.AddLast(new TaskCompletionSource<PeerStream>(TaskCreationOptions.RunContinuationsAsynchronously));
        }

        return MemoryWaiter.WaitAsync(connection.Gate, node, cancellationToken);
    }

    /// <summary>A stream is over and another may follow. Under the lock.</summary>
    public void Credited()
    {
        _credit++;
        if (_waiting.First is { } next)
        {
            _waiting.RemoveFirst();
            next.Value.TrySetResult(Open());
        }
    }

    /// <summary>The connection ended. Under the lock.</summary>
    public void Fail() => MemoryWaiter.Fail(_waiting, connection);

    private MemoryPeerStream Open()
    {
        _credit--;
        return connection.AddStream((_opened++ << 2) | (long)kind, isLocal: true);
    }
}
