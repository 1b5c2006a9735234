using IrohRpc.Multiplexing.Streams;
using IrohRpc.Quic.Congestion;
using IrohRpc.Quic.Recovery;

namespace IrohRpc.Quic.Tests.Congestion;

/// <summary>A link with a queue that several flows share, in virtual time. Acknowledgements come back over a link without a limit.</summary>
internal sealed class Bottleneck(int seed = 1)
{
    private readonly PriorityQueue<Action, (TimeSpan, long)> _events = new();
    private long _sequence;
    private TimeSpan _freeAt;

    public Random Random { get; } = new(seed);

    /// <summary>Bytes in a second.</summary>
    public double Rate { get; set; } = 1_250_000;

    /// <summary>One way.</summary>
    public TimeSpan Delay { get; set; } = TimeSpan.FromMilliseconds(25);

    public int QueueBytes { get; set; } = 62_500;

    public double Loss { get; set; }

    public double Reordering { get; set; }

    /// <summary>From how many waiting bytes on packets are marked; zero for never.</summary>
    public int MarkAboveBytes { get; set; }

    public bool BleachesEcn { get; set; }

    public int Mtu { get; set; } = 1500;

    public bool IsDown { get; set; }

    public TimeSpan Now { get; private set; }

    public long Drops { get; private set; }

    public void Schedule(TimeSpan time, Action action) => _events.Enqueue(action, (time, _sequence++));

    public void Carry(int size, EcnCodepoint ecn, Action<EcnCodepoint> arrive)
    {
        double waiting = Math.Max(0, (_freeAt - Now).TotalSeconds * Rate);
        if (IsDown || size > Mtu || Random.NextDouble() < Loss || waiting + size > QueueBytes)
        {
            Drops++;
            return;
        }

        bool isMarked = MarkAboveBytes > 0 && waiting > MarkAboveBytes && ecn == EcnCodepoint.Ect0;
        ecn = BleachesEcn ? EcnCodepoint.NotEct : isMarked ? EcnCodepoint.CongestionExperienced : ecn;
        _freeAt = (_freeAt > Now ? _freeAt : Now) + TimeSpan.FromSeconds(size / Rate);
        TimeSpan late = Random.NextDouble() < Reordering ? Random.NextDouble() * Delay / 2 : TimeSpan.Zero;
        Schedule(_freeAt + Delay + late, () => arrive(ecn));
    }

    public void Return(Action arrive)
    {
        if (!IsDown)
        {
            Schedule(Now + Delay, arrive);
        }
    }

    /// <summary>Lets time pass.</summary>
    public void Run(TimeSpan duration)
    {
        TimeSpan end = Now + duration;
        while (_events.TryPeek(out Action? action, out (TimeSpan Time, long) first) && first.Time <= end)
        {
            _events.Dequeue();
            Now = first.Time > Now ? first.Time : Now;
            action();
        }

        Now = end;
    }
}

/// <summary>One sender and its receiver, made of the recovery and congestion layers alone.</summary>
internal sealed class Flow : IRecoverySink
{
    private static readonly TimeSpan MaxAckDelay = TimeSpan.FromMilliseconds(25);

    private readonly Bottleneck _link;
    private readonly bool _usesEcn;
    private readonly ReceivedPackets _received = new(PacketSpace.Application, MaxAckDelay);
    private TimeSpan _wakeAt = TimeSpan.MaxValue;
    private TimeSpan _ackAt = TimeSpan.MaxValue;

    public Flow(Bottleneck link, bool discoversMtu = false, bool usesEcn = false)
    {
        _link = link;
        _usesEcn = usesEcn;
        Path = new PathCongestion(new RttEstimator(), new MtuDiscovery(discoversMtu ? MtuDiscovery.DefaultMaxSize : MtuDiscovery.BaseSize));
        Recovery = new LossRecovery(isServer: true, this, Path.Rtt, link.Random) { IsHandshakeConfirmed = true };
        Path.Mtu.Start(65527, link.Now);
    }

    public PathCongestion Path { get; }

    public LossRecovery Recovery { get; }

    /// <summary>How many bytes are still to be sent.</summary>
    public long Pending { get; set; } = long.MaxValue / 2;

    public long Delivered { get; private set; }

    public long Lost { get; private set; }

    public long Spurious { get; private set; }

    public int PersistentCongestions { get; private set; }

    public void Send()
    {
        TimeSpan now = _link.Now;
        if (Recovery.NextTimeout <= now)
        {
            Recovery.OnTimeout(now);
        }

        while (true)
        {
            if (Path.Mtu.TryGetProbeSize(now, 0, out int probe) && Path.CanSend(probe))
            {
                SendPacket(probe, SentPacketFlags.MtuProbe);
                continue;
            }

            int size = Path.Mtu.Current;
            bool isProbe = Recovery.ProbesPending(PacketSpace.Application) > 0;
            bool isAllowed = Pending > 0 && Path.CanSend(size);
            TimeSpan paced = isAllowed ? Path.NextSendTime(size, now) : TimeSpan.MaxValue;
            if (!isProbe && paced > now)
            {
                Wake(Min(paced, Recovery.NextTimeout));
                return;
            }

            Pending -= Math.Min(Pending, size);
            SendPacket(size, SentPacketFlags.None);
        }
    }

    void IRecoverySink.OnAcknowledged(PacketSpace space, in SentPacket packet) => Path.OnAcknowledged(space, packet, _link.Now);

    void IRecoverySink.OnLost(PacketSpace space, in SentPacket packet)
    {
        Lost++;
        Pending += packet.IsMtuProbe ? 0 : packet.Size;
        Path.OnLost(space, packet, _link.Now);
    }

    void IRecoverySink.OnSpuriouslyLost(PacketSpace space, in SentPacket packet)
    {
        Spurious++;
        Path.OnSpuriouslyLost(packet);
    }

    void IRecoverySink.OnDiscarded(PacketSpace space, in SentPacket packet) => Path.OnDiscarded(packet);

    void IRecoverySink.OnOutcome(in RecoveryOutcome outcome)
    {
        PersistentCongestions += outcome.IsPersistentCongestion ? 1 : 0;
        Path.OnOutcome(outcome);
    }

    private static TimeSpan Min(TimeSpan a, TimeSpan b) => a < b ? a : b;

    private void Wake(TimeSpan at)
    {
        _wakeAt = at;
        if (at != TimeSpan.MaxValue)
        {
            _link.Schedule(at, () =>
            {
                // Only the latest wish counts.
                if (_wakeAt == at)
                {
                    Send();
                }
            });
        }
    }

    private void SendPacket(int size, SentPacketFlags flags)
    {
        EcnCodepoint ecn = _usesEcn && Path.Ecn.ShouldMark ? EcnCodepoint.Ect0 : EcnCodepoint.NotEct;
        long number = Recovery.NextPacketNumber(PacketSpace.Application);
        var packet = new SentPacket
        {
            PacketNumber = number,
            TimeSent = _link.Now,
            LargestAcknowledged = -1,
            Size = size,
            Frames = SentPacket.None,
            Flags = flags | SentPacketFlags.AckEliciting | SentPacketFlags.InFlight | (ecn == EcnCodepoint.Ect0 ? SentPacketFlags.Ect0 : 0),
        };
        Recovery.OnSent(PacketSpace.Application, packet);
        Path.OnSent(PacketSpace.Application, packet);
        _link.Carry(size, ecn, mark => Receive(number, size, mark));
    }

    private void Receive(long number, int size, EcnCodepoint mark)
    {
        if (_received.IsDuplicate(number))
        {
            return;
        }

        Delivered += size;
        _received.OnReceived(number, isAckEliciting: true, mark, _link.Now);
        Acknowledge();
    }

    private void Acknowledge()
    {
        if (_received.AckDeadline > _link.Now)
        {
            TimeSpan at = _received.AckDeadline;
            if (at < _ackAt)
            {
                _ackAt = at;
                _link.Schedule(at, Acknowledge);
            }

            return;
        }

        _ackAt = TimeSpan.MaxValue;
        byte[] buffer = new byte[1200];
        var writer = new FrameWriter(buffer);
        Assert.True(_received.TryWriteAck(ref writer, 3, _link.Now, out _));
        byte[] frame = buffer[..writer.Written];
        _link.Return(() =>
        {
            var reader = new FrameReader(frame);
            reader.ReadFrameType();
            Recovery.OnAckReceived(PacketSpace.Application, AckFrame.Read(ref reader), _link.Now);
            Send();
        });
    }
}
