using IrohRpc.Transports.Internal;

namespace IrohRpc.Transports.Memory.Internal;

/// <summary>The clocks of one end: when the peer was heard last, when to give up, when to say that this side is alive.</summary>
internal sealed class MemoryLiveness(MemoryConnection connection, TransportSettings settings, TimeSpan peerIdleTimeout) : IDisposable
{
    private readonly TimeProvider _clock = settings.TimeProvider;
    private readonly TimeSpan _idleTimeout = settings.IdleTimeout < peerIdleTimeout ? settings.IdleTimeout : peerIdleTimeout;
    private readonly Lock _gate = new();
    private ITimer? _idle;
    private ITimer? _keepAlive;
    private long _lastHeard;
    private bool _stopped;

    public void Start()
    {
        lock (_gate)
        {
            if (_stopped)
            {
                return;
            }

            Heard();
            _idle = _clock.CreateTimer(
                static state => ((MemoryLiveness)state!).CheckIdle(), this, _idleTimeout, Timeout.InfiniteTimeSpan);
            if (settings.KeepAliveInterval != Timeout.InfiniteTimeSpan)
            {
                _keepAlive = _clock.CreateTimer(
                    static state => ((MemoryLiveness)state!).KeepAlive(), this, settings.KeepAliveInterval, settings.KeepAliveInterval);
            }
        }
    }

    /// <summary>The peer gave a sign of life.</summary>
    public void Heard() => Volatile.Write(ref _lastHeard, _clock.GetTimestamp());

    public void Stop() => Dispose();

    public void Dispose()
    {
        lock (_gate)
        {
            _stopped = true;
            _idle?.Dispose();
            _keepAlive?.Dispose();
            _idle = _keepAlive = null;
        }
    }

    private void KeepAlive() => connection.Ping();

    private void CheckIdle()
    {
        TimeSpan left = _idleTimeout - _clock.GetElapsedTime(Volatile.Read(ref _lastHeard));
        if (left <= TimeSpan.Zero)
        {
            connection.EndWith(new ConnectionEnd(PeerErrorKind.IdleTimeout, null, ""));
            return;
        }

        lock (_gate)
        {
            // A timer counts whole milliseconds; rounding down would fire it early and again.
            _idle?.Change(TimeSpan.FromMilliseconds(Math.Ceiling(left.TotalMilliseconds)), Timeout.InfiniteTimeSpan);
        }
    }
}
