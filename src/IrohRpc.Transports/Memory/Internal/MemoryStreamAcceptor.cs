using IrohRpc.Transports.Internal;

namespace IrohRpc.Transports.Memory.Internal;

/// <summary>Hands out the streams of one kind that the peer opened, in the order in which it opened them.</summary>
internal sealed class MemoryStreamAcceptor(MemoryConnection connection, int kind)
{
    private readonly Queue<PeerStream> _ready = new();
    private readonly LinkedList<TaskCompletionSource<PeerStream>> _waiting = new();
    private long _seen;

    public ValueTask<PeerStream> AcceptAsync(CancellationToken cancellationToken)
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

            if (_ready.TryDequeue(out PeerStream? stream))
            {
                return new ValueTask<PeerStream>(stream);
            }

            node = _waiting.AddLast(new TaskCompletionSource<PeerStream>(TaskCreationOptions.RunContinuationsAsynchronously));
        }

        return MemoryWaiter.WaitAsync(connection.Gate, node, cancellationToken);
    }

    /// <summary>The peer spoke of a stream: it and all before it exist (RFC 9000, section 3.2). Under the lock.</summary>
    public void Seen(long id)
    {
        while (_seen <= id >> 2)
        {
            MemoryPeerStream stream = connection.AddStream((_seen++ << 2) | (long)kind, isLocal: false);
            if (_waiting.First is { } next)
            {
                _waiting.RemoveFirst();
                next.Value.TrySetResult(stream);
            }
            else
            {
                _ready.Enqueue(stream);
            }
        }
    }

    /// <summary>The connection ended. Under the lock.</summary>
    public void Fail()
    {
        _ready.Clear();
        MemoryWaiter.Fail(_waiting, connection);
    }
}
