using IrohRpc.Transports.Internal;

namespace IrohRpc.Transports.Memory.Internal;

/// <summary>
/// One direction of a memory connection: frames in order, each after the latency that held when it was sent, none while the path is held.
/// </summary>
/// <remarks>
/// A sender enqueues under its own lock, to fix the order, and pumps after it let go of the lock. Whoever pumps first delivers for all, so
/// that the receiver sees one frame at a time and no lock is held while it works.
/// </remarks>
internal sealed class MemoryPath(TimeProvider clock)
{
    private readonly Lock _gate = new();
    private readonly Queue<MemoryFrame> _frames = new();
    private IMemoryReceiver? _receiver;
    private MemoryPath? _back;
    private ITimer? _timer;
    private TimeSpan _latency;
    private bool _held;
    private bool _cut;
    private bool _pumping;

    /// <summary>The other direction, along which the receiver's sign of life goes.</summary>
    public void Connect(MemoryPath back) => _back = back;

    /// <summary>Who gets the frames from the next one on.</summary>
    public void DeliverTo(IMemoryReceiver receiver)
    {
        lock (_gate)
        {
            _receiver = receiver;
        }
    }

    /// <summary>Sets how long frames take that are sent from now on.</summary>
    public void SetLatency(TimeSpan latency)
    {
        lock (_gate)
        {
            _latency = latency;
        }
    }

    /// <summary>Holds all frames back, or lets them go.</summary>
    public void Hold(bool hold)
    {
        lock (_gate)
        {
            _held = hold;
        }

        if (!hold)
        {
            Pump();
        }
    }

    /// <summary>Adds a frame at the end. <see cref="Pump"/> must follow.</summary>
    public void Enqueue(in MemoryFrame frame)
    {
        lock (_gate)
        {
            // A sign of life that is late is none, and nothing else would bound how many of them wait behind a partition.
            if (_cut || (_held && frame.Kind == MemoryFrameKind.Ping))
            {
                frame.Release();
                return;
            }

            _frames.Enqueue(_latency == TimeSpan.Zero ? frame : frame with { Due = clock.GetTimestamp() + ToTicks(_latency) });
        }
    }

    /// <summary>Delivers what is due.</summary>
    public void Pump()
    {
        lock (_gate)
        {
            if (_pumping)
            {
                return;
            }

            _pumping = true;
        }

        while (true)
        {
            MemoryFrame frame;
            IMemoryReceiver receiver;
            lock (_gate)
            {
                if (_held || _receiver is null || !_frames.TryPeek(out frame) || !IsDue(frame))
                {
                    _pumping = false;
                    return;
                }

                _frames.Dequeue();
                receiver = _receiver;
            }

            if (receiver.Receive(in frame))
            {
                _back?.AcknowledgeToReceiver();
            }
        }
    }

    /// <summary>Drops all that is under way and all that comes, and tells the receiver.</summary>
    public void Cut()
    {
        IMemoryReceiver? receiver;
        lock (_gate)
        {
            _cut = true;
            while (_frames.TryDequeue(out MemoryFrame frame))
            {
                frame.Release();
            }

            receiver = _receiver;
            _receiver = null;
            _timer?.Dispose();
            _timer = null;
        }

        receiver?.Lost();
    }

    private void AcknowledgeToReceiver()
    {
        IMemoryReceiver? receiver;
        lock (_gate)
        {
            receiver = _held ? null : _receiver;
        }

        receiver?.Heard();
    }

    private bool IsDue(in MemoryFrame frame)
    {
        if (frame.Due == 0)
        {
            return true;
        }

        TimeSpan left = clock.GetElapsedTime(clock.GetTimestamp(), frame.Due);
        if (left <= TimeSpan.Zero)
        {
            return true;
        }

        _timer ??= clock.CreateTimer(static state => ((MemoryPath)state!).Pump(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

        // A timer counts whole milliseconds; rounding down would fire it early and again.
        _timer.Change(TimeSpan.FromMilliseconds(Math.Ceiling(left.TotalMilliseconds)), Timeout.InfiniteTimeSpan);
        return false;
    }

    private long ToTicks(TimeSpan time) => (long)(time.TotalSeconds * clock.TimestampFrequency);
}
