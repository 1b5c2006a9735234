using IrohRpc.CompilerServices;

namespace IrohRpc.Lanes;

/// <summary>The calls of a lane that have no response yet, by the caller's numbers. For any thread.</summary>
internal sealed class CallsInProgress(ICallHost host)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<long, IncomingCall> _calls = [];

    /// <summary>Adds a call; false where one of its number has no response yet.</summary>
    public bool TryAdd(long number, IncomingCall call)
    {
        lock (_gate)
        {
            return _calls.TryAdd(number, call);
        }
    }

    /// <summary>The response of a call is about to leave: once it has, the caller may use the number again.</summary>
    public void Remove(long number)
    {
        lock (_gate)
        {
            _calls.Remove(number);
        }
    }

    /// <summary>The caller gives a call up.</summary>
    public void Cancel(long number)
    {
        CancellationTokenSource? cancellation;
        lock (_gate)
        {
            // Within the lock: after it the object may stand for another call.
            cancellation = _calls.TryGetValue(number, out IncomingCall? call) ? call.TakeCancellation() : null;
        }

        Fire(cancellation);
    }

    /// <summary>Nobody waits for any of the calls any more.</summary>
    public void CancelAll()
    {
        List<CancellationTokenSource?> cancellations;
        lock (_gate)
        {
            cancellations = [.. _calls.Values.Select(static call => call.TakeCancellation())];
        }

        cancellations.ForEach(Fire);
    }

    private void Fire(CancellationTokenSource? cancellation)
    {
        if (cancellation is not null)
        {
            HandlerSignal.Fire(host, cancellation);
        }
    }
}
