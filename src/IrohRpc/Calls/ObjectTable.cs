using IrohRpc.CompilerServices;

namespace IrohRpc.Calls;

/// <summary>The objects of this side's that the peer of one connection holds, and how often it has received each. Safe to use from several threads at once.</summary>
/// <param name="limit">The most objects.</param>
/// <param name="gate">Guards the table. Nothing is called while it is held.</param>
internal sealed class ObjectTable(int limit, Lock gate)
{
    // Most connections pass none.
    private Dictionary<long, Entry>? _objects;
    private TaskCompletionSource? _room;
    private bool _closed;

    public int Count
    {
        get
        {
            lock (gate)
            {
                return _objects?.Count ?? 0;
            }
        }
    }

    /// <summary>Whether another object may be passed.</summary>
    public bool HasRoom => Count < limit;

    /// <summary>Whether it is time to ask the peer to release what it no longer uses.</summary>
    public bool IsFilling => Count >= limit / 2;

    /// <summary>Adds an object that is about to be passed; false where the peer holds as many as it may.</summary>
    public bool TryAdd(PassedObject passed)
    {
        lock (gate)
        {
            if (_closed)
            {
                // A handler that outlives the connection passes it to nobody.
                return true;
            }

            _objects ??= [];
            if (_objects.TryGetValue(passed.Number, out Entry? entry))
            {
                entry.Received++;
                return true;
            }

            if (_objects.Count >= limit)
            {
                return false;
            }

            _objects.Add(passed.Number, new Entry(passed));
            return true;
        }
    }

    public ServiceBinding? Find(long number)
    {
        lock (gate)
        {
            return _objects is not null && _objects.TryGetValue(number, out Entry? entry) ? entry.Passed.Binding : null;
        }
    }

    /// <summary>The peer no longer holds an object as often as it received it.</summary>
    public void Release(long number, long count = 1)
    {
        TaskCompletionSource? room = null;
        lock (gate)
        {
            if (_objects is not null && _objects.TryGetValue(number, out Entry? entry) && (entry.Received -= Math.Max(1, count)) <= 0)
            {
                _objects.Remove(number);
                room = _room;
                _room = null;
            }
        }

        room?.TrySetResult();
    }

    /// <summary>Waits until another object may be passed, or the connection has ended.</summary>
    public async ValueTask WaitForRoomAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            Task room;
            lock (gate)
            {
                if (_closed || (_objects?.Count ?? 0) < limit)
                {
                    return;
                }

                room = (_room ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
            }

            await room.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>The connection has ended: the peer holds nothing.</summary>
    public void Close()
    {
        TaskCompletionSource? room;
        lock (gate)
        {
            _closed = true;
            _objects = null;
            room = _room;
        }

        room?.TrySetResult();
    }

    private sealed class Entry(PassedObject passed)
    {
        public PassedObject Passed => passed;

        public long Received { get; set; } = 1;
    }
}
