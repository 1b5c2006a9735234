namespace IrohRpc.Calls;

/// <summary>
/// Takes the objects that the garbage collector found unused off the finalizer's hands: the finalizer only leaves a number here, and a thread
/// of the pool does what may lock, or talk to the network.
/// </summary>
/// <param name="release">Releases one object. Does not throw.</param>
internal sealed class ReleaseQueue(Action<long> release) : IThreadPoolWorkItem
{
    private Node? _top;
    private int _scheduled;

    /// <summary>Adds an object. Neither waits nor throws, so that a finalizer may call it.</summary>
    public void Add(long target)
    {
        var node = new Node(target);
        do
        {
            node.Next = Volatile.Read(ref _top);
        }
        while (Interlocked.CompareExchange(ref _top, node, node.Next) != node.Next);

        if (Interlocked.Exchange(ref _scheduled, 1) == 0)
        {
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        }
    }

    void IThreadPoolWorkItem.Execute()
    {
        // Before the look at what is there: what comes after it schedules again.
        Interlocked.Exchange(ref _scheduled, 0);
        for (Node? node = Interlocked.Exchange(ref _top, null); node is not null; node = node.Next)
        {
            release(node.Target);
        }
    }

    private sealed class Node(long target)
    {
        public long Target => target;

        public Node? Next { get; set; }
    }
}
