namespace IrohRpc.Multiplexing.QMux;

/// <summary>
/// When to ask the peer for a sign of life, and when to give it up. Time comes in as how long ago some fixed moment was; deadlines go out.
/// </summary>
/// <remarks>
/// <para>The draft restarts the idle timer with each record that was received or sent. Taken alone, keep-alives into a dead
/// network would then keep the connection for as long as the socket takes bytes. So, as in RFC 9000, section 10.1, only the first
/// record sent since the last one received restarts it.</para>
/// <para>A peer that only reads has nothing to say, so that silence proves nothing: when this side has sent and heard
/// nothing for half of the idle time-out, it pings, whether keep-alive is on or off. The keep-alive itself is a ping too, sent when this side
/// has sent nothing for the interval, or for half of the idle time-out where that is shorter: its answer is what tells life from silence.</para>
/// <para>A connection that neither side uses ends by the idle time-out where keep-alive is off.</para>
/// </remarks>
internal sealed class Liveness
{
    /// <summary>The shortest idle time-out that a peer can impose, so that it cannot make this side ping without pause.</summary>
    public static readonly TimeSpan MinIdleTimeout = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan QuietAfter = TimeSpan.FromMilliseconds(500);

    private readonly TimeSpan? _keepAliveInterval;
    private TimeSpan? _idleTimeout;
    private TimeSpan _received;
    private TimeSpan _sent;
    private TimeSpan? _sentFirst;
    private TimeSpan _pinged;

    /// <summary>Starts the clocks.</summary>
    /// <param name="idleTimeout">This side's idle time-out; null for none.</param>
    /// <param name="keepAliveInterval">How long to be silent at most; null for as long as one likes.</param>
    /// <param name="now">The time.</param>
    public Liveness(TimeSpan? idleTimeout, TimeSpan? keepAliveInterval, TimeSpan now)
    {
        _idleTimeout = idleTimeout;
        _keepAliveInterval = keepAliveInterval;
        _received = now;
        _sent = now;
        _pinged = now;
    }

    /// <summary>The peer's idle time-out: the smaller of both holds.</summary>
    public void ApplyPeerTimeout(TimeSpan timeout)
    {
        timeout = timeout < MinIdleTimeout ? MinIdleTimeout : timeout;
        if (_idleTimeout is null || timeout < _idleTimeout)
        {
            _idleTimeout = timeout;
        }
    }

    /// <summary>A record has arrived.</summary>
    public void Received(TimeSpan now)
    {
        _received = now;
        _sentFirst = null;
    }

    /// <summary>A record leaves.</summary>
    public void Sent(TimeSpan now)
    {
        _sent = now;
        _sentFirst ??= now;
    }

    /// <summary>A ping is about to leave.</summary>
    public void Pinged(TimeSpan now) => _pinged = now;

    /// <summary>How long ago the ping was that the peer has left without an answer, or anything else; zero where it owes none.</summary>
    public TimeSpan Silence(TimeSpan now) => _pinged > _received ? now - _pinged : TimeSpan.Zero;

    /// <summary>Whether nothing has arrived for a while.</summary>
    public bool IsQuiet(TimeSpan now) => now - _received >= QuietAfter;

    /// <summary>When the peer is given up; null for never.</summary>
    public TimeSpan? IdleDeadline => (_sentFirst ?? _received) + _idleTimeout;

    /// <summary>When a ping is due; null for never.</summary>
    public TimeSpan? PingDeadline
    {
        get
        {
            TimeSpan? half = _idleTimeout / 2;
            TimeSpan? keepAlive = _keepAliveInterval is null ? null : _sent + Earlier(_keepAliveInterval, half);
            TimeSpan? probe = _sentFirst is null ? null : (_received > _pinged ? _received : _pinged) + half;
            return Earlier(keepAlive, probe);
        }
    }

    /// <summary>
    /// How long one may go without looking at the deadlines: a record that is sent brings a ping nearer, and this is soon enough for it.
    /// </summary>
    public TimeSpan? LongestWait => Earlier(_keepAliveInterval, _idleTimeout / 2);

    /// <summary>The smaller of two where there are two, otherwise the one.</summary>
    public static TimeSpan? Earlier(TimeSpan? one, TimeSpan? other)
        => one is null ? other : other is null || one < other ? one : other;
}
