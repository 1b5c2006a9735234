namespace IrohRpc.Transports.Internal;

/// <summary>Those who wait for a stream of one kind, in order. The connection's lock guards it.</summary>
internal sealed class StreamWaiters
{
    private readonly Lock _gate;
    private readonly LinkedList<TaskCompletionSource<PeerStream>> _waiting = new();

    /// <summary>Starts with nobody waiting.</summary>
    /// <param name="gate">The connection's lock; a cancelled wait takes it.</param>
    public StreamWaiters(Lock gate) => _gate = gate;

    /// <summary>Whether anybody waits.</summary>
    public bool Any => _waiting.Count > 0;

    /// <summary>Lines up.</summary>
    public LinkedListNode<TaskCompletionSource<PeerStream>> Add()
        => _waiting.AddLast(new TaskCompletionSource<PeerStream>(TaskCreationOptions.RunContinuationsAsynchronously));

    /// <summary>Gives a stream to the one who has waited longest.</summary>
    public void Complete(PeerStream stream)
    {
        LinkedListNode<TaskCompletionSource<PeerStream>> first = _waiting.First!;
        _waiting.RemoveFirst();
        first.Value.SetResult(stream);
    }

    /// <summary>Ends all waits.</summary>
    /// <param name="reason">Makes the exception for each.</param>
    public void Fail(Func<Exception> reason)
    {
        foreach (TaskCompletionSource<PeerStream> waiter in _waiting)
        {
            waiter.SetException(reason());
        }

        _waiting.Clear();
    }

    /// <summary>Waits, outside the lock, for a place that <see cref="Add"/> gave. Whoever is cancelled leaves the line, and no stream is lost.</summary>
    public ValueTask<PeerStream> WaitAsync(LinkedListNode<TaskCompletionSource<PeerStream>> place, CancellationToken cancellationToken)
        => cancellationToken.CanBeCanceled ? WaitForCancellationAsync(place, cancellationToken) : new ValueTask<PeerStream>(place.Value.Task);

    private async ValueTask<PeerStream> WaitForCancellationAsync(
        LinkedListNode<TaskCompletionSource<PeerStream>> place, CancellationToken cancellationToken)
    {
        CancellationTokenRegistration registration = cancellationToken.UnsafeRegister(
            (_, token) =>
            {
                lock (_gate)
                {
                    if (place.List is not null)
                    {
                        _waiting.Remove(place);
                        place.Value.SetCanceled(token);
                    }
                }
            },
            null);
        await using (registration.ConfigureAwait(false))
        {
            return await place.Value.Task.ConfigureAwait(false);
        }
    }
}
