using IrohRpc.Transports.Internal;

namespace IrohRpc.Transports.Memory.Internal;

/// <summary>Waiting in a line that is guarded by a connection's lock, so that leaving it early loses nothing.</summary>
internal static class MemoryWaiter
{
    /// <summary>Waits for the place's turn; cancelled, the place is given up unless its turn came first.</summary>
    public static async ValueTask<PeerStream> WaitAsync(
        Lock gate, LinkedListNode<TaskCompletionSource<PeerStream>> node, CancellationToken cancellationToken)
    {
        CancellationTokenRegistration registration = cancellationToken.UnsafeRegister(
            (_, token) =>
            {
                lock (gate)
                {
                    if (node.List is not { } line)
                    {
                        return;
                    }

                    line.Remove(node);
                }

                node.Value.TrySetCanceled(token);
            },
            null);
        await using (registration.ConfigureAwait(false))
        {
            return await node.Value.Task.ConfigureAwait(false);
        }
    }

    /// <summary>Fails all who wait. Under the lock.</summary>
    public static void Fail(LinkedList<TaskCompletionSource<PeerStream>> line, MemoryConnection connection)
    {
        while (line.First is { } node)
        {
            line.RemoveFirst();
            node.Value.TrySetException(connection.End!.ToException(connection.PeerId));
        }
    }
}
