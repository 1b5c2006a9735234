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

    /// <summary>What Ethernet with jumbo frames carries over IPv6, and the loopback interface as well.</summary>
    public const int JumboSize = 8952;

    // Most paths do not carry jumbo frames: they are tried for those who have sent so much that it matters to them.
    private const int JumboAfter = 128 * 1024;

    private const int MaxProbes = 3;

    // Closer than this is not worth another probe.
    private const int MinStep = 20;

    // RFC 8899's PMTU_RAISE_TIMER.
    private static readonly TimeSpan RaiseInterval = TimeSpan.FromSeconds(600);
    private static readonly TimeSpan BlackHoleInterval = TimeSpan.FromSeconds(60);

    private readonly int _configuredMax;
    private readonly int _configuredJumbo;
    private readonly BlackHoleDetector _blackHole = new();
    private int _max;
    private int _jumbo;
    private bool _mayTryJumbo;
    private int _lower;
    private int _upper;
    private int _probe;
    private int _probesLost;
    private bool _isInFlight;
    private bool _isSearching;
    private TimeSpan _nextSearch = TimeSpan.MaxValue;

    /// <summary>Starts with the base size, without probing.</summary>
    /// <param name="max">The largest size that is searched for.</param>
    /// <param name="jumbo">A size beyond it that is tried once where the path carries <paramref name="max"/>; zero for none.</param>
    public MtuDiscovery(int max = DefaultMaxSize, int jumbo = 0)
    {
        _configuredMax = Math.Max(max, BaseSize);
        _configuredJumbo = jumbo;
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
        _jumbo = peerMaxUdpPayloadSize >= _configuredJumbo ? _configuredJumbo : 0;
        _nextSearch = now;
    }

    /// <summary>The size of the probe to send now: a datagram with a PING, padded.</summary>
    /// <param name="now">The time.</param>
    /// <param name="sent">How many bytes the path has carried.</param>
    /// <param name="size">The size.</param>
    /// <returns>False if no probe is due.</returns>
    public bool TryGetProbeSize(TimeSpan now, long sent, out int size)
    {
        size = 0;
        if (!_isSearching && now >= _nextSearch)
        {
            _nextSearch = now + RaiseInterval;
            _mayTryJumbo = true;
            if (_max > Current)
            {
                // Most paths carry the largest size: it is tried first and once, and only then is there a search.
                TryOnce(_max);
            }
        }

        if (!_isSearching && _mayTryJumbo && sent >= JumboAfter && Current >= _max && _jumbo > Current)
        {
            _mayTryJumbo = false;
            TryOnce(_jumbo);
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

        // Between the two sizes that networks are built for there is nothing to look for.
        _upper = _probe > _max ? _lower : _probe - 1;
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

    private void TryOnce(int size)
    {
        _isSearching = true;
        _isInFlight = false;
        _lower = Current;
        _upper = size;
        _probe = size;
        _probesLost = MaxProbes - 1;
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
