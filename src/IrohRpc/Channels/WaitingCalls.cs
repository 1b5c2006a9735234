using IrohRpc.CompilerServices;

namespace IrohRpc.Channels;

/// <summary>Who waits for a connection, in the order in which they came. Not safe for several threads: its owner guards it.</summary>
internal sealed class WaitingCalls
{
    private readonly Queue<WaitingCall> _queue = new();

    /// <summary>Whether anybody waits.</summary>
    public bool Any
    {
        get
        {
            DropEnded();
            return _queue.Count > 0;
        }
    }

    /// <summary>How many bytes of one-way calls wait.</summary>
    public long OneWayBytes { get; private set; }

    /// <summary>When the first of them waits no longer; null where nobody waits.</summary>
    public long? FirstExpiry => Any ? _queue.Peek().Until : null;

    public void Add(OutgoingCall call, long until)
    {
        if (call.IsOneWay)
        {
            OneWayBytes += call.Size;
        }

        _queue.Enqueue(new WaitingCall(call, null, until));
    }

    public TaskCompletionSource<PeerRpcConnection> Add(long until)
    {
        var waiter = new TaskCompletionSource<PeerRpcConnection>(TaskCreationOptions.RunContinuationsAsynchronously);
        _queue.Enqueue(new WaitingCall(null, waiter, until));
        return waiter;
    }

    /// <summary>Takes the first.</summary>
    /// <param name="first">The first.</param>
    /// <param name="isEarly">Whether it must be a call that may be made before the handshake is over; whoever stands behind one that may not waits with it.</param>
    public bool TryTake(out WaitingCall first, bool isEarly = false)
    {
        DropEnded();
        if (isEarly && _queue.TryPeek(out WaitingCall next) && next.Call is not { Method.IsIdempotent: true })
        {
            first = default;
            return false;
        }

        return TryDequeue(out first);
    }

    /// <summary>Takes all whose wait is over, and forgets those that have ended otherwise.</summary>
    /// <param name="now">The timestamp of now.</param>
    public List<WaitingCall> TakeExpired(long now)
    {
        List<WaitingCall> expired = [];
        for (int left = _queue.Count; left > 0; left--)
        {
            TryDequeue(out WaitingCall next);
            if (next.IsOver)
            {
                continue;
            }

            if (next.Until <= now)
            {
                expired.Add(next);
            }
            else
            {
                Enqueue(next);
            }
        }

        return expired;
    }

    /// <summary>Takes all.</summary>
    public List<WaitingCall> TakeAll()
    {
        List<WaitingCall> all = [.. _queue.Where(static call => !call.IsOver)];
        _queue.Clear();
        OneWayBytes = 0;
        return all;
    }

    /// <summary>Takes all but the one-way calls, which keep their order.</summary>
    public List<WaitingCall> TakeAllButOneWay()
    {
        List<WaitingCall> taken = [];
        for (int left = _queue.Count; left > 0; left--)
        {
            TryDequeue(out WaitingCall next);
            if (next.Call is { IsOneWay: true })
            {
                Enqueue(next);
            }
            else if (!next.IsOver)
            {
                taken.Add(next);
            }
        }

        return taken;
    }

    /// <summary>What the calls wait for, for the error of those whose deadline comes first.</summary>
    public void SetReason(Exception reason)
    {
        foreach (WaitingCall waiting in _queue)
        {
            if (waiting.Call is { IsFinished: false } call)
            {
                call.WaitingFor = reason;
            }
        }
    }

    private void DropEnded()
    {
        while (_queue.TryPeek(out WaitingCall first) && first.IsOver)
        {
            TryDequeue(out _);
        }
    }

    private bool TryDequeue(out WaitingCall first)
    {
        if (!_queue.TryDequeue(out first))
        {
            return false;
        }

        if (first.Call is { IsOneWay: true } call)
        {
            OneWayBytes -= call.Size;
        }

        return true;
    }

    private void Enqueue(WaitingCall call)
    {
        if (call.Call is { IsOneWay: true } oneWay)
        {
            OneWayBytes += oneWay.Size;
        }

        _queue.Enqueue(call);
    }
}
