using System.Diagnostics.CodeAnalysis;
using IrohRpc.CompilerServices;

namespace IrohRpc.Calls;

/// <summary>
/// Calls that cannot leave yet, in the order in which they were made. A call stays in the queue until it has been dispatched, so that a call made meanwhile sees that it
/// has to wait behind it. Safe to add to from several threads; one at a time takes from it.
/// </summary>
internal sealed class CallQueue
{
    private readonly Lock _gate = new();
    private Queue<OutgoingCall>? _calls;
    private int _count;
    private long _oneWayBytes;
    private bool _isTaken;

    /// <summary>Whether no call waits.</summary>
    public bool IsEmpty => Volatile.Read(ref _count) == 0;

    /// <summary>How many bytes of one-way calls wait.</summary>
    public long OneWayBytes => Volatile.Read(ref _oneWayBytes);

    /// <summary>Adds a call at the end.</summary>
    /// <returns>True for the one who is to dispatch the calls from now on.</returns>
    public bool Add(OutgoingCall call)
    {
        lock (_gate)
        {
            _calls ??= new Queue<OutgoingCall>();
            _calls.Enqueue(call);
            Volatile.Write(ref _count, _calls.Count);
            if (call.IsOneWay)
            {
                _oneWayBytes += call.Size;
            }

            bool isFirst = !_isTaken;
            _isTaken = true;
            return isFirst;
        }
    }

    /// <summary>The first call that has not ended. False where none waits; the thread that adds the next one then dispatches.</summary>
    public bool TryPeek([NotNullWhen(true)] out OutgoingCall? call)
    {
        lock (_gate)
        {
            call = null;
            while (_calls?.TryPeek(out call) == true)
            {
                if (!call!.IsFinished)
                {
                    return true;
                }

                Dequeue();
            }

            // Most connections have calls that wait only while they begin.
            _calls = null;
            _isTaken = false;
            return false;
        }
    }

    /// <summary>The call that <see cref="TryPeek"/> found is on its way.</summary>
    /// <param name="size">What it had counted for. The object may be in use for another call by now.</param>
    /// <param name="isOneWay">Whether it was a one-way call.</param>
    public void Remove(int size, bool isOneWay)
    {
        lock (_gate)
        {
            _calls!.Dequeue();
            Volatile.Write(ref _count, _calls.Count);
            if (isOneWay)
            {
                _oneWayBytes -= size;
            }
        }
    }

    /// <summary>Takes all calls, for what they wait for will not come.</summary>
    public List<OutgoingCall> TakeAll()
    {
        lock (_gate)
        {
            List<OutgoingCall> all = [.. _calls ?? []];
            _calls = null;
            Volatile.Write(ref _count, 0);
            _oneWayBytes = 0;
            _isTaken = false;
            return all;
        }
    }

    private void Dequeue()
    {
        OutgoingCall call = _calls!.Dequeue();
        Volatile.Write(ref _count, _calls.Count);
        if (call.IsOneWay)
        {
            _oneWayBytes -= call.Size;
        }
    }
}
