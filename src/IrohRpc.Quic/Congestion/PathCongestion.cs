using IrohRpc.Quic.Recovery;

namespace IrohRpc.Quic.Congestion;

/// <summary>
/// How much may be sent on one path, how fast, how large and with which mark: congestion window, pacing, path MTU and ECN in one place.
/// It hears of each packet of its path what <see cref="IRecoverySink"/> hears.
/// </summary>
internal sealed class PathCongestion
{
    private readonly ICongestionController _controller;
    private readonly Pacer _pacer = new();
    private ShortPathLimit _shortPath = new();

    // The most that was in flight in this round trip and in the one before: whether the window was in use.
    private long _peakInFlight;
    private long _lastPeakInFlight;
    private TimeSpan _roundStart = TimeSpan.MinValue;

    // Losses of the current recovery epoch that were not found to be spurious.
    private int _newlyLost;
    private int _lostInEpoch;
    private TimeSpan _epochStart = TimeSpan.MinValue;
    private TimeSpan _previousEpochStart = TimeSpan.MinValue;

    /// <summary>Starts a connection's first path.</summary>
    /// <param name="rtt">The path's round-trip time.</param>
    /// <param name="mtu">The path's MTU.</param>
    /// <param name="controller">The congestion controller, or null for CUBIC.</param>
    public PathCongestion(RttEstimator rtt, MtuDiscovery mtu, ICongestionController? controller = null)
        : this(rtt, mtu, new EcnValidation(), controller)
    {
    }

    private PathCongestion(RttEstimator rtt, MtuDiscovery mtu, EcnValidation ecn, ICongestionController? controller)
    {
        Rtt = rtt;
        Mtu = mtu;
        Ecn = ecn;
        _controller = controller ?? new Cubic(mtu.Current);
    }

    /// <summary>The path's round-trip time.</summary>
    public RttEstimator Rtt { get; }

    /// <summary>The path's MTU.</summary>
    public MtuDiscovery Mtu { get; }

    /// <summary>What is known about marks.</summary>
    public EcnValidation Ecn { get; }

    /// <summary>How many bytes may be in flight.</summary>
    public long Window => _controller.Window;

    /// <summary>How many bytes are in flight.</summary>
    public long BytesInFlight { get; private set; }

    /// <summary>How often the window was reduced.</summary>
    public long CongestionEvents { get; private set; }

    private bool IsSlowStart => _controller.Window < _controller.SlowStartThreshold;

    // In slow start a window that is half used still grows, because it doubles within one round trip.
    private bool IsWindowLimited
    {
        get
        {
            long peak = Math.Max(_peakInFlight, _lastPeakInFlight);
            return IsSlowStart ? 2 * peak > Window : peak + (3 * Mtu.Current) >= Window;
        }
    }

    /// <summary>Starts another path of the same connection (RFC 9000, section 9.4): nothing is known about it but the connection's ECN counts.</summary>
    public PathCongestion CreateForNewPath(RttEstimator rtt, MtuDiscovery mtu, ICongestionController? controller = null)
        => new(rtt, mtu, new EcnValidation(Ecn), controller);

    /// <summary>Whether a packet that counts as in flight may be sent as far as the congestion window goes. Probes may always be sent.</summary>
    /// <param name="bytes">How long it is.</param>
    /// <param name="isPreferred">Whether it carries bytes of a stream that goes before others: a queue that is kept short is kept so for these.</param>
    public bool CanSend(int bytes, bool isPreferred = false)
        => BytesInFlight + bytes <= (isPreferred ? _controller.Window : Math.Min(_controller.Window, _shortPath.Bytes));

    /// <summary>A stream has something to send that goes before others, and for which the path's queue is to be short.</summary>
    public void OnPreferred(TimeSpan now) => _shortPath.OnPreferred(now);

    /// <summary>When a datagram may be sent as far as pacing goes: not later than <paramref name="now"/> if at once.</summary>
    public TimeSpan NextSendTime(int bytes, TimeSpan now)
        => _pacer.NextSendTime(bytes, _controller.Window, IsSlowStart, Rtt.Smoothed, Mtu.Current, now);

    /// <summary>A packet is being sent.</summary>
    public void OnSent(PacketSpace space, in SentPacket packet)
    {
        if (packet.IsEct0)
        {
            Ecn.OnSent(space);
        }

        if (packet.IsMtuProbe)
        {
            Mtu.OnProbeSent();
        }

        if (!packet.IsInFlight)
        {
            return;
        }

        BytesInFlight += packet.Size;
        _peakInFlight = Math.Max(_peakInFlight, BytesInFlight);
        _pacer.OnSent(packet.Size);
    }

    /// <summary>A packet was acknowledged.</summary>
    public void OnAcknowledged(PacketSpace space, in SentPacket packet, TimeSpan now)
    {
        if (space == PacketSpace.Application && Mtu.OnAcknowledged(packet, now))
        {
            _controller.OnMtuChanged(Mtu.Current);
        }

        if (!packet.IsInFlight)
        {
            return;
        }

        _controller.OnAcknowledged(packet, IsWindowLimited, Rtt, now);
        BytesInFlight -= packet.Size;
        _shortPath.OnAcknowledged(packet.Size);
        if (packet.TimeSent >= _roundStart)
        {
            _roundStart = now;
            _shortPath.OnRound(Rtt, now);
            _lastPeakInFlight = _peakInFlight;
            _peakInFlight = BytesInFlight;
        }
    }

    /// <summary>A packet was lost.</summary>
    public void OnLost(PacketSpace space, in SentPacket packet, TimeSpan now)
    {
        if (packet.IsEct0)
        {
            Ecn.OnLost();
        }

        if (packet.IsInFlight)
        {
            BytesInFlight -= packet.Size;
        }

        if (packet.IsMtuProbe)
        {
            Mtu.OnProbeLost(packet, now);
            return;
        }

        if (packet.IsInFlight)
        {
            _newlyLost++;
        }

        if (space == PacketSpace.Application)
        {
            Mtu.OnLost(packet);
        }
    }

    /// <summary>A packet that was taken for lost was acknowledged after all.</summary>
    public void OnSpuriouslyLost(in SentPacket packet)
    {
        if (!packet.IsInFlight || packet.IsMtuProbe || packet.TimeSent <= _previousEpochStart || _lostInEpoch == 0)
        {
            return;
        }

        if (--_lostInEpoch == 0)
        {
            _controller.OnSpuriousCongestion();
        }
    }

    /// <summary>A packet does not matter any more.</summary>
    public void OnDiscarded(in SentPacket packet)
    {
        if (packet.IsInFlight)
        {
            BytesInFlight -= packet.Size;
        }
    }

    /// <summary>What an ACK frame or a time-out meant as a whole, after its packets.</summary>
    public void OnOutcome(in RecoveryOutcome outcome)
    {
        if (outcome.RttSample is { } sample)
        {
            _controller.OnRoundTrip(outcome.LargestAcknowledgedSentAt, sample, outcome.Now);
        }

        bool isMarked = outcome.AcknowledgedPackets > 0 && Ecn.OnAcknowledged(outcome);
        if (outcome.HasLoss)
        {
            OnCongestion(outcome.LatestLossSentAt, isEcn: false, outcome.Now);
        }

        if (isMarked)
        {
            OnCongestion(outcome.LargestAcknowledgedSentAt, isEcn: true, outcome.Now);
        }

        _newlyLost = 0;
        if (outcome.IsPersistentCongestion)
        {
            _controller.OnPersistentCongestion();
        }

        if (Mtu.OnLossesTold(outcome.ProbeTimeoutCount, outcome.Now))
        {
            _controller.OnMtuChanged(Mtu.Current);
        }
    }

    private void OnCongestion(TimeSpan sentAt, bool isEcn, TimeSpan now)
    {
        if (_controller.OnCongestion(sentAt, isEcn, now))
        {
            CongestionEvents++;
            _previousEpochStart = _epochStart;
            _epochStart = now;
            _lostInEpoch = 0;
        }

        _lostInEpoch += isEcn ? 0 : _newlyLost;
    }
}
