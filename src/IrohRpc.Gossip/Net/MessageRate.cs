namespace IrohRpc.Gossip.Net;

/// <summary>Counts the messages of one connection: so many a second, and two seconds' worth at once. For several threads.</summary>
internal sealed class MessageRate(int perSecond, TimeProvider time)
{
    private readonly Lock _lock = new();
    private readonly long _start = time.GetTimestamp();
    private double _paidUntil = -2;

    public bool TryTake()
    {
        lock (_lock)
        {
            double now = time.GetElapsedTime(_start).TotalSeconds;
            double until = Math.Max(_paidUntil, now - 2) + (1.0 / perSecond);
            if (until > now)
            {
                return false;
            }

            _paidUntil = until;
            return true;
        }
    }
}
