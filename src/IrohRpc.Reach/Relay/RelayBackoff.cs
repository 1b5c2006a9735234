using System.Security.Cryptography;

namespace IrohRpc.Reach.Relay;

/// <summary>How long to wait before the next dial: twice as long after each failure, and a random half of it, so that clients do not come back all at once.</summary>
internal sealed class RelayBackoff(TimeSpan min, TimeSpan max)
{
    private int _failures;

    /// <summary>A connection worked.</summary>
    public void Reset() => _failures = 0;

    /// <summary>A dial failed, or a connection was lost.</summary>
    /// <returns>How long to wait.</returns>
    public TimeSpan Next()
    {
        double full = Math.Min(min.TotalMilliseconds * Math.Pow(2, Math.Min(_failures++, 30)), max.TotalMilliseconds);
        return TimeSpan.FromMilliseconds((full / 2) + (full / 2 * RandomNumberGenerator.GetInt32(1001) / 1000));
    }
}
