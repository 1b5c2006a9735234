using System.Collections.Concurrent;

namespace IrohRpc.Internal;

/// <summary>The objects of this side's that the peer of one connection holds.</summary>
internal sealed class ObjectTable(int limit)
{
    // Most connections pass none.
    private ConcurrentDictionary<long, PassedObject>? _objects;
    private int _count;
    private volatile bool _closed;

    public int Count => Volatile.Read(ref _count);

    /// <summary>Adds an object that is about to be passed; false where the peer holds as many as it may.</summary>
    public bool TryAdd(PassedObject passed)
    {
        if (Interlocked.Increment(ref _count) > limit)
        {
            Interlocked.Decrement(ref _count);
            return false;
        }

        if (!LazyInitializer.EnsureInitialized(ref _objects).TryAdd(passed.Number, passed))
        {
            Interlocked.Decrement(ref _count);
        }

        if (_closed)
        {
            // A handler that outlives the connection passes it to nobody, and whoever closes may have looked before it was there.
            Remove(passed.Number);
        }

        return true;
    }

    public ServiceBinding? Find(long number)
        => Volatile.Read(ref _objects) is { } objects && objects.TryGetValue(number, out PassedObject? passed) ? passed.Binding : null;

    /// <summary>The peer no longer holds an object. Each is passed under a number of its own, so that once is enough.</summary>
    public void Remove(long number)
    {
        if (Volatile.Read(ref _objects) is { } objects && objects.TryRemove(number, out _))
        {
            Interlocked.Decrement(ref _count);
        }
    }

    /// <summary>The connection is over, and the peer holds nothing any more.</summary>
    public void Close()
    {
        _closed = true;
        foreach (long number in Volatile.Read(ref _objects)?.Keys ?? [])
        {
            Remove(number);
        }
    }
}
