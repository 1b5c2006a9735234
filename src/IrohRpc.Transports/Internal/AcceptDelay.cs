namespace IrohRpc.Transports.Internal;

/// <summary>
/// How long a listener waits after accepting has failed: so that one that is dead does not spin, and one that lacks what others must give back, handles above all, lets them.
/// </summary>
/// <param name="every">How many failures in a row cost a wait: more than one where a single connection can make accepting fail, and a stranger must not hold up the others.</param>
/// <param name="longest">Waits begin at 50 ms and double up to this.</param>
internal struct AcceptDelay(int every, TimeSpan longest)
{
    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(50);

    private int _failures;

    /// <summary>Accepting works.</summary>
    public void Reset() => _failures = 0;

    /// <summary>Accepting has failed once more.</summary>
    /// <returns>How long to wait before the next attempt; zero for not at all.</returns>
    public TimeSpan Next()
    {
        _failures++;
        if (_failures % every != 0)
        {
            return TimeSpan.Zero;
        }

        TimeSpan delay = First * Math.Pow(2, Math.Min((_failures / every) - 1, 20));
        return delay < longest ? delay : longest;
    }
}
