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
    private readonly MtuDiscovery _mtu;
    private readonly EcnValidation _ecn;
    private readonly bool _discoversMtu;
    private readonly bool _usesEcn;

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
    /// <param name="discoversMtu">Whether larger datagrams than the smallest are tried.</param>
    /// <param name="usesEcn">Whether packets are marked.</param>
    /// <param name="controller">The congestion controller, or null for CUBIC.</param>
    public PathCongestion(bool discoversMtu, bool usesEcn, ICongestionController? controller = null)
        : this(discoversMtu, usesEcn, new EcnValidation(), controller)
    {
    }

    private PathCongestion(bool discoversMtu, bool usesEcn, EcnValidation ecn, ICongestionController? controller)
    {
        _discoversMtu = discoversMtu;
        _usesEcn = usesEcn;
        _mtu = new MtuDiscovery(discoversMtu ? MtuDiscovery.DefaultMaxSize : MtuDiscovery.BaseSize);
        _ecn = ecn;
        _controller = controller ?? new Cubic(_mtu.Current);
    }

    /// <summary>The path's round-trip time.</summary>
    public RttEstimator Rtt { get; } = new();

    /// <summary>The most bytes of a UDP payload that the path is known to carry.</summary>
    public int MaxDatagramSize => _mtu.Current;

    /// <summary>The mark of the next datagram. All packets of a datagram, and all datagrams of one segmented send, have the same.</summary>
    public EcnCodepoint Ecn => _usesEcn && _ecn.ShouldMark ? EcnCodepoint.Ect0 : EcnCodepoint.NotEct;

    /// <summary>What is known about marks on the path.</summary>
    public EcnState EcnState => _ecn.State;

    /// <summary>When a larger datagram should be tried next; <see cref="TimeSpan.MaxValue"/> if no time decides that.</summary>
    public TimeSpan NextMtuProbe => CanSend(MtuDiscovery.DefaultMaxSize) ? _mtu.NextSearch : TimeSpan.MaxValue;

    /// <summary>How many bytes may be in flight.</summary>
    public long Window => _controller.Window;

    /// <summary>How many bytes are in flight.</summary>
    public long BytesInFlight { get; private set; }

    /// <summary>How often the window was reduced.</summary>
    public long CongestionEvents { get; private set; }

    private bool CanSend(int bytes) => BytesInFlight + bytes <= _controller.Window;

    private bool IsSlowStart => _controller.Window < _controller.SlowStartThreshold;

    // In slow start a window that is half used still grows, because it doubles within one round trip.
    private bool IsWindowLimited
    {
        get
        {
            long peak = Math.Max(_peakInFlight, _lastPeakInFlight);
            return IsSlowStart ? 2 * peak > Window : peak + (3 * MaxDatagramSize) >= Window;
        }
    }

    /// <summary>Starts another path of the same connection (RFC 9000, section 9.4): nothing is known about it but the connection's ECN counts.</summary>
    public PathCongestion CreateForNewPath(ICongestionController? controller = null)
        => new(_discoversMtu, _usesEcn, new EcnValidation(_ecn), controller);

    /// <summary>The peer said how large a UDP payload may be. Larger datagrams are tried from now on.</summary>
    public void SetPeerMaxUdpPayloadSize(int size) => _mtu.Start(size);

    /// <summary>Whether a full datagram may be sent now that counts as in flight. Probes for lost packets may always be sent.</summary>
    /// <param name="now">The time.</param>
    /// <param name="pacedUntil">When it may be sent if only pacing forbids it; <see cref="TimeSpan.MaxValue"/> otherwise.</param>
    public bool CanSend(TimeSpan now, out TimeSpan pacedUntil)
    {
        pacedUntil = TimeSpan.MaxValue;
        if (!CanSend(MaxDatagramSize))
        {
            return false;
        }

        TimeSpan next = _pacer.NextSendTime(MaxDatagramSize, _controller.Window, IsSlowStart, Rtt.Smoothed, MaxDatagramSize, now);
        if (next <= now)
        {
            return true;
        }

        pacedUntil = next;
        return false;
    }

    /// <summary>The size of a datagram with a PING and padding that is to be sent now to find out whether the path carries it.</summary>
    /// <returns>False if there is none to send.</returns>
    public bool TryGetMtuProbe(TimeSpan now, out int size) => _mtu.TryGetProbeSize(now, out size) && CanSend(size);

    /// <summary>A packet is being sent.</summary>
    public void OnSent(PacketSpace space, in SentPacket packet)
    {
        if (packet.IsEct0)
        {
            _ecn.OnSent(space);
        }

        if (packet.IsMtuProbe)
        {
            _mtu.OnProbeSent();
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
        if (space == PacketSpace.Application && _mtu.OnAcknowledged(packet, now))
        {
            _controller.OnMtuChanged(MaxDatagramSize);
        }

        if (!packet.IsInFlight)
        {
            return;
        }

        _controller.OnAcknowledged(packet, IsWindowLimited, Rtt, now);
        BytesInFlight -= packet.Size;
        if (packet.TimeSent >= _roundStart)
        {
            _roundStart = now;
            _lastPeakInFlight = _peakInFlight;
            _peakInFlight = BytesInFlight;
        }
    }

    /// <summary>A packet was lost.</summary>
    public void OnLost(PacketSpace space, in SentPacket packet, TimeSpan now)
    {
        if (packet.IsEct0)
        {
            _ecn.OnLost();
        }

        if (packet.IsInFlight)
        {
            BytesInFlight -= packet.Size;
        }

        if (packet.IsMtuProbe)
        {
            _mtu.OnProbeLost(packet, now);
            return;
        }

        if (packet.IsInFlight)
        {
            _newlyLost++;
        }

        if (space == PacketSpace.Application)
        {
            _mtu.OnLost(packet);
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

        bool isMarked = outcome.AcknowledgedPackets > 0 && _ecn.OnAcknowledged(outcome);
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

        if (_mtu.OnLossesTold(outcome.ProbeTimeoutCount, outcome.Now))
        {
            _controller.OnMtuChanged(MaxDatagramSize);
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
