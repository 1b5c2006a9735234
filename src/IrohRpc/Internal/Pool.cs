using System.Collections.Concurrent;

namespace IrohRpc.Internal;

/// <summary>
/// Keeps objects for their next use, up to a number; what is beyond goes to the garbage collector. There is one pool for a type.
/// </summary>
/// <remarks>
/// <para>Nobody has to give anything back: an object whose owner is in doubt is left to the garbage collector.</para>
/// <para>Each thread keeps a few of its own, which cost it next to nothing: a call is mostly taken up and given back on one thread.</para>
/// </remarks>
internal sealed class Pool<T>(int capacity, Func<T> create)
    where T : class
{
    private const int KeptByThread = 32;

    [ThreadStatic]
    private static Stack<T>? _own;

    private readonly ConcurrentQueue<T> _shared = new();
    private int _count;
    private int _isTrimmed;

    public T Rent()
    {
        if (_own is { } own && own.TryPop(out T? item))
        {
            return item;
        }

        if (_shared.TryDequeue(out item))
        {
            Interlocked.Decrement(ref _count);
            return item;
        }

        return create();
    }

    public void Return(T item)
    {
        Stack<T> own = _own ??= new Stack<T>(KeptByThread);
        if (own.Count < KeptByThread)
        {
            own.Push(item);
        }
        else if (Interlocked.Increment(ref _count) <= capacity)
        {
            _shared.Enqueue(item);
            if (Volatile.Read(ref _isTrimmed) == 0 && Interlocked.Exchange(ref _isTrimmed, 1) == 0)
            {
                _ = new Trimmer(this);
            }
        }
        else
        {
            Interlocked.Decrement(ref _count);
        }
    }

    // Half of what is shared goes with each collection of the oldest generation, so that a burst leaves nothing for good.
    private void Trim()
    {
        for (int surplus = Volatile.Read(ref _count) / 2; surplus > 0 && _shared.TryDequeue(out _); surplus--)
        {
            Interlocked.Decrement(ref _count);
        }
    }

    // Nobody references it: its finalizer runs with each collection, from the third on with those of the oldest generation.
    private sealed class Trimmer(Pool<T> pool)
    {
        ~Trimmer()
        {
            pool.Trim();
            if (!Environment.HasShutdownStarted)
            {
                GC.ReRegisterForFinalize(this);
            }
        }
    }
}
