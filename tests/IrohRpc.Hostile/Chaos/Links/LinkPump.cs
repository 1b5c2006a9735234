using System.Diagnostics;

namespace IrohRpc.Hostile;

/// <summary>Carries packets from one device to another, when <see cref="LinkDirection"/> says that they arrive. It has two threads of its own, so that busy callers do not slow the link down.</summary>
internal sealed class LinkPump : IDisposable
{
    private const int LargestPacket = 65_536;

    // What the kernel gives beyond this is dropped: the tests' callers never have as much under way.
    private const int MostWaiting = 50_000;

    private readonly TunDevice _from;
    private readonly TunDevice _to;
    private readonly LinkDirection _direction;
    private readonly PriorityQueue<byte[], (TimeSpan Arrival, long Number)> _waiting = new();
    private readonly Thread _reading;
    private readonly Thread _writing;
    private readonly long _started = Stopwatch.GetTimestamp();
    private long _number;
    private volatile bool _isStopped;

    public LinkPump(TunDevice from, TunDevice to, LinkDirection direction)
    {
        (_from, _to, _direction) = (from, to, direction);
        _reading = new Thread(Read) { IsBackground = true, Name = "link reader" };
        _writing = new Thread(Write) { IsBackground = true, Name = "link writer" };
        _reading.Start();
        _writing.Start();
    }

    private TimeSpan Now => Stopwatch.GetElapsedTime(_started);

    public void Dispose()
    {
        _isStopped = true;
        lock (_waiting)
        {
            Monitor.Pulse(_waiting);
        }

        _reading.Join();
        _writing.Join();
    }

    private void Read()
    {
        byte[] buffer = new byte[LargestPacket];
        Span<TimeSpan> arrivals = stackalloc TimeSpan[LinkDirection.MaxArrivals];
        while (!_isStopped)
        {
            int length = _from.Read(buffer);
            if (length == 0)
            {
                continue;
            }

            ReadOnlySpan<byte> packet = buffer.AsSpan(0, length);
            LinkConditions conditions = _direction.Conditions;
            if (length > conditions.Mtu && conditions.ReportsMtu)
            {
                _from.Write(FragmentationNeeded.Create(packet, conditions.Mtu));
            }

            int count = _direction.Send(Now, length, arrivals);
            if (count > 0)
            {
                Enqueue(packet.ToArray(), arrivals[..count]);
            }
        }
    }

    private void Enqueue(byte[] packet, ReadOnlySpan<TimeSpan> arrivals)
    {
        lock (_waiting)
        {
            foreach (TimeSpan arrival in arrivals)
            {
                if (_waiting.Count < MostWaiting)
                {
                    _waiting.Enqueue(packet, (arrival, _number++));
                }
            }

            Monitor.Pulse(_waiting);
        }
    }

    private void Write()
    {
        while (!_isStopped)
        {
            byte[]? packet = null;
            lock (_waiting)
            {
                if (!_waiting.TryPeek(out _, out (TimeSpan Arrival, long Number) next))
                {
                    Monitor.Wait(_waiting, TimeSpan.FromMilliseconds(100));
                }
                else if (next.Arrival - Now is var left && left > TimeSpan.Zero)
                {
                    Monitor.Wait(_waiting, left < TimeSpan.FromMilliseconds(1) ? TimeSpan.FromMilliseconds(1) : left);
                }
                else
                {
                    packet = _waiting.Dequeue();
                }
            }

            if (packet is not null)
            {
                _to.Write(packet);
            }
        }
    }
}
