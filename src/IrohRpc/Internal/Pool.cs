using System.Collections.Concurrent;

namespace IrohRpc.Internal;

/// <summary>Keeps objects for their next use, up to a number; what is beyond goes to the garbage collector.</summary>
/// <remarks>Nobody has to give anything back: an object whose owner is in doubt is left to the garbage collector.</remarks>
internal sealed class Pool<T>(int capacity, Func<T> create)
    where T : class
{
    private readonly ConcurrentQueue<T> _free = new();
    private int _count;

    public T Rent()
    {
        if (_free.TryDequeue(out T? item))
        {
            Interlocked.Decrement(ref _count);
            return item;
        }

        return create();
    }

    public void Return(T item)
    {
        if (Interlocked.Increment(ref _count) > capacity)
        {
            Interlocked.Decrement(ref _count);
            return;
        }

        _free.Enqueue(item);
    }
}
