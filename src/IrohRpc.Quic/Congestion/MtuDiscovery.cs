using IrohRpc.Quic.Recovery;

namespace IrohRpc.Quic.Congestion;

/// <summary>
/// Finds the largest datagram that a path carries (RFC 8899; RFC 9000, section 14.3), and falls back when it stops carrying it. Sizes
/// are of UDP payloads.
/// </summary>
internal sealed class MtuDiscovery
{
    /// <summary>What every path of QUIC carries (RFC 9000, section 14).</summary>
    public const int BaseSize = 1200;

    /// <summary>What Ethernet carries over IPv6.</summary>
    public const int DefaultMaxSize = 1452;

    private const int MaxProbes = 3;

    // Closer than this is not worth another probe.
    private const int MinStep = 20;

    // RFC 8899's PMTU_RAISE_TIMER.
    private static readonly TimeSpan RaiseInterval = TimeSpan.FromSeconds(600);
    private static readonly TimeSpan BlackHoleInterval = TimeSpan.FromSeconds(60);

    private readonly int _configuredMax;
    private readonly BlackHoleDetector _blackHole = new();
    private int _max;
    private int _lower;
    private int _upper;
    private int _probe;
    private int _probesLost;
    private bool _isInFlight;
    private bool _isSearching;
    private TimeSpan _nextSearch = TimeSpan.MaxValue;

    /// <summary>Starts with the base size, without probing.</summary>
    /// <param name="max">The largest size worth trying.</param>
    public MtuDiscovery(int max = DefaultMaxSize)
    {
        _configuredMax = Math.Max(max, BaseSize);
        _max = _configuredMax;
    }

    /// <summary>The largest size that is known to arrive.</summary>
    public int Current { get; private set; } = BaseSize;

    /// <summary>Starts probing: the handshake is confirmed, and what the peer takes is known.</summary>
    /// <param name="peerMaxUdpPayloadSize">The peer's max_udp_payload_size.</param>
    /// <param name="now">The time.</param>
    public void Start(long peerMaxUdpPayloadSize, TimeSpan now)
    {
        _max = (int)Math.Clamp(peerMaxUdpPayloadSize, BaseSize, _configuredMax);
        _nextSearch = now;
    }

    /// <summary>The size of the probe to send now: a datagram with a PING, padded.</summary>
    /// <returns>False if no probe is due.</returns>
    public bool TryGetProbeSize(TimeSpan now, out int size)
    {
        size = 0;
        if (!_isSearching && now >= _nextSearch && _max > Current)
        {
            // Most paths carry the largest size: it is tried first and once, and only then is there a search.
            _isSearching = true;
            _isInFlight = false;
            _lower = Current;
            _upper = _max;
            _probe = _max;
            _probesLost = MaxProbes - 1;
        }

        if (!_isSearching || _isInFlight)
        {
            return false;
        }

        size = _probe;
        return true;
    }

    /// <summary>A probe is being sent.</summary>
    public void OnProbeSent() => _isInFlight = true;

    /// <summary>A packet was acknowledged, probe or not.</summary>
    /// <returns>Whether the size grew.</returns>
    public bool OnAcknowledged(in SentPacket packet, TimeSpan now)
    {
        if (packet.Size > BaseSize)
        {
            _blackHole.OnAcknowledged(packet);
        }

        if (!packet.IsMtuProbe || !_isSearching || packet.Size != _probe)
        {
            return false;
        }

        _isInFlight = false;
        Current = _probe;
        _lower = _probe;
        ChooseNext(now);
        return true;
    }

    /// <summary>A probe was lost. Any probe of the search at hand has its size.</summary>
    public void OnProbeLost(in SentPacket packet, TimeSpan now)
    {
        if (!_isSearching || !_isInFlight || packet.Size != _probe)
        {
            return;
        }

        _isInFlight = false;
        if (++_probesLost < MaxProbes)
        {
            return;
        }

        _upper = _probe - 1;
        ChooseNext(now);
    }

    /// <summary>A packet that is no probe was lost.</summary>
    public void OnLost(in SentPacket packet) => _blackHole.OnLost(packet, BaseSize);

    /// <summary>All losses found at once were told. Falls back to the base size if the path seems to swallow larger packets.</summary>
    /// <returns>Whether it fell back.</returns>
    public bool OnLossesTold(int probeTimeoutCount, TimeSpan now)
    {
        if (!_blackHole.IsDetected(probeTimeoutCount) || Current == BaseSize)
        {
            return false;
        }

        _blackHole.Reset();
        Current = BaseSize;
        _isSearching = false;
        _isInFlight = false;
        _nextSearch = now + BlackHoleInterval;
        return true;
    }

    private void ChooseNext(TimeSpan now)
    {
        _probesLost = 0;
        if (_upper - _lower < MinStep)
        {
            _isSearching = false;
            _nextSearch = now + RaiseInterval;
            return;
        }

        _probe = (_lower + _upper + 1) / 2;
    }
}
