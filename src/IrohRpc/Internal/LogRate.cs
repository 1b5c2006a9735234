using System.Collections.Concurrent;

namespace IrohRpc.Internal;

/// <summary>
/// Bounds how many lines of a kind are logged in a second, because what a peer sends may decide how often they are written. Safe to use from several threads at once.
/// </summary>
/// <typeparam name="TKind">What tells the kinds of lines apart.</typeparam>
/// <param name="mostPerSecond">The most lines of a kind in a second.</param>
internal sealed class LogRate<TKind>(int mostPerSecond)
    where TKind : notnull
{
    private readonly ConcurrentDictionary<TKind, Second> _kinds = new();

    /// <summary>Whether another line of a kind is written now.</summary>
    /// <param name="kind">The kind.</param>
    /// <param name="clock">The clock.</param>
    /// <param name="leftOut">How many were left out since the last that was written.</param>
    public bool Allows(TKind kind, TimeProvider clock, out long leftOut)
    {
        Second second = _kinds.GetOrAdd(kind, static _ => new Second());
        long now = clock.GetTimestamp();
        lock (second)
        {
            if (second.Lines == 0 || clock.GetElapsedTime(second.Began, now) >= TimeSpan.FromSeconds(1))
            {
                second.Began = now;
                second.Lines = 0;
            }

            leftOut = second.LeftOut;
            if (second.Lines >= mostPerSecond)
            {
                second.LeftOut++;
                return false;
            }

            second.Lines++;
            second.LeftOut = 0;
            return true;
        }
    }

    private sealed class Second
    {
        public long Began { get; set; }

        public int Lines { get; set; }

        public long LeftOut { get; set; }
    }
}
