using IrohRpc.Quic.Packets;
using IrohRpc.Quic.Parameters;
using IrohRpc.Quic.Paths;
using IrohRpc.Quic.Recovery;
using IrohRpc.Quic.Spaces;

namespace IrohRpc.Quic.Connections;

// Times: they are computed when they are asked for, and nothing is polled.
internal sealed partial class QuicConnection
{
    private const int ProbeTimeoutsToIdle = 3;

    // Longer than a handler takes that answers at once, and so short that a sender whose window is full hardly notices.
    private static readonly TimeSpan AnswerTime = TimeSpan.FromMicroseconds(250);

    // A path's first probe time-out is three round trips (RFC 9002, section 5.3), and three of those are granted.
    private const int RoundTripsToIdle = 9;

    private TimeSpan _lastReceived;
    private TimeSpan? _sentSinceReceived;
    private TimeSpan _lastElicitingSent;
    private TimeSpan _endDeadline = TimeSpan.MaxValue;
    private TimeSpan _negotiatedIdleTimeout;

    /// <summary>When <see cref="HandleTimeout"/> wants to be called; <see cref="TimeSpan.MaxValue"/> for never.</summary>
    public TimeSpan NextTimeout
    {
        get
        {
            if (State is ConnectionState.Closing or ConnectionState.Draining or ConnectionState.Closed)
            {
                return _endDeadline;
            }

            TimeSpan idle = IdleTimeout;
            TimeSpan next = Min(_recovery.NextTimeout, Min(IdleDeadline(idle), _pacedUntil));
            next = Min(next, State == ConnectionState.Handshaking ? _startedAt + _options.HandshakeTimeout : KeepAliveDeadline(idle));
            if (!_recovery.IsAmplificationLimited)
            {
                foreach (SpaceState space in _spaces)
                {
                    if (CanSend(space, out PacketType type) && type != PacketType.ZeroRtt)
                    {
                        next = Min(next, space.Received.AckDeadline);
                    }
                }
            }

            next = Min(next, Min(_path.Deadline, UpgradeDeadline));
            foreach (PathState other in _otherPaths)
            {
                next = Min(next, other.Deadline);
            }

            return _multipath is null || State != ConnectionState.Open ? next : Min(next, Min(MultipathTimeout, NatTimeout));
        }
    }

    /// <summary>Does what is due. To be called at <see cref="NextTimeout"/>; at another time it does no harm.</summary>
    public void HandleTimeout(TimeSpan now)
    {
        _now = now;
        if (State is ConnectionState.Closing or ConnectionState.Draining)
        {
            if (_endDeadline <= now)
            {
                End(ConnectionState.Closed, Close!);
            }

            return;
        }

        if (State == ConnectionState.Closed)
        {
            return;
        }

        if (State == ConnectionState.Handshaking && _startedAt + _options.HandshakeTimeout <= now)
        {
            End(ConnectionState.Closed, new ConnectionClose(ConnectionCloseKind.HandshakeTimeout, false, 0, 0, "the handshake took too long"));
            return;
        }

        TimeSpan idle = IdleTimeout;
        if (IdleDeadline(idle) <= now)
        {
            // Nothing is said: the peer is gone, or has come to the same end (RFC 9000, section 10.1).
            End(ConnectionState.Closed, new ConnectionClose(ConnectionCloseKind.IdleTimeout, false, 0, 0, "nothing was heard for the idle time-out"));
            return;
        }

        if (State == ConnectionState.Open && KeepAliveDeadline(idle) <= now)
        {
            Application.WantsPing = true;
        }

        if (_recovery.NextTimeout <= now)
        {
            _recovery.OnTimeout(now);
        }

        HandlePathTimeouts();
        if (_multipath is not null && State == ConnectionState.Open)
        {
            HandleMultipathTimeouts();
            HandleNatTimeouts();
        }

        HandleCandidates();
    }

    /// <summary>
    /// How long the peer has owed an acknowledgement while nothing of its arrived. Zero where it owes none: it is then asked, so that a later
    /// measurement tells more.
    /// </summary>
    public TimeSpan MeasureSilence(TimeSpan now)
    {
        if (State == ConnectionState.Handshaking && HasEarlyStreams)
        {
            return Max((_sentSinceReceived is { } asked ? now - asked : TimeSpan.Zero), TimeSpan.Zero);
        }

        if (State != ConnectionState.Open)
        {
            return TimeSpan.Zero;
        }

        if (!_recovery.HasAckElicitingInFlight(PacketSpace.Application))
        {
            Application.WantsPing = true;
            return TimeSpan.Zero;
        }

        return _sentSinceReceived is { } since ? Max(now - since, TimeSpan.Zero) : TimeSpan.Zero;
    }

    /// <summary>What has arrived is about to be answered: an acknowledgement of it waits a moment for the answer, so that both leave in one packet.</summary>
    public void ExpectAnswer(TimeSpan now)
    {
        if (State == ConnectionState.Open && IsConfirmed)
        {
            Application.Received.Hold(now, AnswerTime);
        }
    }

    private static TimeSpan Min(TimeSpan one, TimeSpan other) => one < other ? one : other;

    // Asked for after everything that is sent and received: in whole ticks, since TimeSpan's own operators multiply and divide in floating point.
    private TimeSpan IdleTimeout
    {
        get
        {
            TimeSpan timeout = _negotiatedIdleTimeout;
            if (timeout == TimeSpan.MaxValue)
            {
                return timeout;
            }

            var probes = new TimeSpan(ProbeTimeoutsToIdle * _recovery.ProbeTimeout.Ticks);
            return Max(timeout, Min(probes, LongestExtension));
        }
    }

    // Three probe time-outs (RFC 9000, section 10.1) are for paths that are that long. One acknowledgement that came late, because its sender stood still for a while,
    // also makes the probe time-out long, and would have a dead peer kept for minutes: the path's shortest round trip shows that it is not the path.
    private TimeSpan LongestExtension
        => _recovery.Rtt.HasSample ? new TimeSpan(RoundTripsToIdle * (_recovery.Rtt.Min + _recovery.PeerMaxAckDelay).Ticks) : TimeSpan.MaxValue;

    private TimeSpan IdleDeadline(TimeSpan idleTimeout)
        => idleTimeout == TimeSpan.MaxValue ? idleTimeout : (_sentSinceReceived ?? _lastReceived) + idleTimeout;

    private TimeSpan KeepAliveDeadline(TimeSpan idleTimeout)
    {
        if (_options.KeepAliveInterval is not { } interval || Application.WantsPing)
        {
            return TimeSpan.MaxValue;
        }

        // It has to come well before the idle time-out, whichever side set that.
        return Max(_lastElicitingSent, _startedAt) + (idleTimeout == TimeSpan.MaxValue ? interval : Min(interval, new TimeSpan(idleTimeout.Ticks / 2)));
    }

    // Both sides' limits, of which the shorter counts; MaxValue where neither has one (RFC 9000, section 10.1).
    private static TimeSpan NegotiateIdleTimeout(TimeSpan ours, TransportParameters? peer)
    {
        TimeSpan timeout = ours == TimeSpan.Zero ? TimeSpan.MaxValue : ours;
        return peer is { MaxIdleTimeout: > 0 }

            // Beyond a year it makes no difference, and the arithmetic stays in range.
            ? Min(timeout, TimeSpan.FromMilliseconds(Math.Min(peer.MaxIdleTimeout, 365L * 24 * 3600 * 1000)))
            : timeout;
    }
}
