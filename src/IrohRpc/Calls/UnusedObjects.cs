namespace IrohRpc.Calls;

/// <summary>Finds proxies that nobody references any more, when a peer asks for it.</summary>
internal static class UnusedObjects
{
    /// <summary>How long one waits before one asks again.</summary>
    public static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(500);

    private static long _lastCollected;

    /// <summary>Whether it is long enough since the last time.</summary>
    public static bool MayAsk(ref long last, TimeProvider clock)
    {
        long now = clock.GetTimestamp();
        long before = Volatile.Read(ref last);
        return (before == 0 || clock.GetElapsedTime(before, now) >= Shortest) && Interlocked.CompareExchange(ref last, now, before) == before;
    }

    /// <summary>Collects on the thread pool; finalizers then release what is unused.</summary>
    public static void Collect()
    {
        if (MayAsk(ref _lastCollected, TimeProvider.System))
        {
            ThreadPool.UnsafeQueueUserWorkItem(static _ => GC.Collect(GC.MaxGeneration, GCCollectionMode.Forced, blocking: true), null);
        }
    }
}
