using IrohRpc.Routing.Internal;
using Microsoft.Extensions.Logging;

namespace IrohRpc.Routing.Internal.Accepting;

/// <summary>
/// Writes who was turned away at the level that an operator reads, and no more often than one can: strangers decide how often it happens. What is over the rate goes to debug level, and
/// the next line says how much that was.
/// </summary>
internal sealed class RefusalLog(ILogger logger, TimeProvider clock)
{
    private const int Burst = 10;
    private static readonly TimeSpan Refill = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private long _refilledAt = clock.GetTimestamp();
    private int _left = Burst;
    private int _unwritten;

    /// <summary>A connection was turned away before its handshake.</summary>
    public void Address(Func<string> address, string reason)
    {
        if (Next(out int unwritten) is { } level)
        {
            RoutingLog.AddressRefused(logger, level, address(), reason, unwritten);
        }
    }

    /// <summary>A peer was turned away after its handshake.</summary>
    public void Peer(PeerConnection connection, string reason)
    {
        if (Next(out int unwritten) is { } level)
        {
            RoutingLog.PeerRefused(logger, level, connection.PeerId, connection, reason, unwritten);
        }
    }

    private LogLevel? Next(out int unwritten)
    {
        unwritten = 0;
        if (!logger.IsEnabled(LogLevel.Information))
        {
            return null;
        }

        lock (_gate)
        {
            int refills = (int)Math.Min(Burst, clock.GetElapsedTime(_refilledAt) / Refill);
            if (refills > 0)
            {
                _left = Math.Min(Burst, _left + refills);
                _refilledAt = clock.GetTimestamp();
            }

            if (_left > 0)
            {
                _left--;
                (unwritten, _unwritten) = (_unwritten, 0);
                return LogLevel.Information;
            }

            _unwritten++;
        }

        return logger.IsEnabled(LogLevel.Debug) ? LogLevel.Debug : null;
    }
}
