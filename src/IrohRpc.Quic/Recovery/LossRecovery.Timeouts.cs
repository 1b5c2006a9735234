namespace IrohRpc.Quic.Recovery;

// Timers: RFC 9002, sections 6.1.2 and 6.2, and appendix A.
internal sealed partial class LossRecovery
{
    // The back-off is held here: no connection waits that long, and a longer wait would overflow.
    private const int MaxBackoffShift = 20;

    // Where a client starts to wait when it has nothing in flight that could be acknowledged.
    private TimeSpan _lastActivity;
    private bool _hasHandshakeAck;

    // A server needs no validation by the client; a client knows that its address is valid once the server answers with Handshake keys.
    private bool PeerCompletedAddressValidation => _isServer || _hasHandshakeAck || IsHandshakeConfirmed;

    /// <summary>When <see cref="OnTimeout"/> must be called; <see cref="NoTimeout"/> if nothing is awaited.</summary>
    public TimeSpan NextTimeout
    {
        get
        {
            TimeSpan loss = EarliestLossTime(out _);
            return loss != NoTimeout ? loss : ProbeDeadline(out _);
        }
    }

    /// <summary>
    /// Declares packets lost whose time has come, or else asks for probes (<see cref="ProbesPending"/>). Does nothing before
    /// <see cref="NextTimeout"/>.
    /// </summary>
    public void OnTimeout(TimeSpan now)
    {
        TimeSpan loss = EarliestLossTime(out PacketSpace lossSpace);
        if (loss != NoTimeout)
        {
            if (loss <= now)
            {
                Space state = _spaces[(int)lossSpace];
                var outcome = new RecoveryOutcome { Space = lossSpace, Now = now, ProbeTimeoutCount = ProbeTimeoutCount };
                DetectLost(lossSpace, state, now, ref outcome);
                state.Packets.Trim();
                _sink.OnOutcome(outcome);
            }

            return;
        }

        if (ProbeDeadline(out PacketSpace space) > now)
        {
            return;
        }

        // Two probes survive the loss of one. A client that only keeps the handshake alive has nothing to lose.
        _spaces[(int)space].Probes = HasAckElicitingInFlight(space) ? 2 : 1;
        ProbeTimeoutCount++;
        _lastActivity = now;
        _sink.OnOutcome(new RecoveryOutcome { Space = space, Now = now, ProbeTimeoutCount = ProbeTimeoutCount });
    }

    private TimeSpan EarliestLossTime(out PacketSpace space)
    {
        space = PacketSpace.Initial;
        TimeSpan earliest = NoTimeout;
        for (int i = 0; i < SpaceCount; i++)
        {
            if (_spaces[i].LossTime < earliest)
            {
                earliest = _spaces[i].LossTime;
                space = (PacketSpace)i;
            }
        }

        return earliest;
    }

    private TimeSpan ProbeDeadline(out PacketSpace space)
    {
        space = PacketSpace.Initial;
        if (IsAmplificationLimited)
        {
            return NoTimeout;
        }

        long backoff = 1L << Math.Min(ProbeTimeoutCount, MaxBackoffShift);
        TimeSpan duration = new(Rtt.ProbeTimeout.Ticks * backoff);
        TimeSpan earliest = NoTimeout;
        bool isAnyProbed = false;
        for (int i = 0; i < SpaceCount; i++)
        {
            Space state = _spaces[i];
            if (state.Packets.AckElicitingOutstanding == 0)
            {
                continue;
            }

            TimeSpan deadline = state.LastAckElicitingSent + duration;
            if ((PacketSpace)i == PacketSpace.Application)
            {
                // Before that the peer may lack the keys, and its acknowledgements may wait for them.
                if (!IsHandshakeConfirmed)
                {
                    continue;
                }

                deadline += new TimeSpan(PeerMaxAckDelay.Ticks * backoff);
            }

            isAnyProbed = true;

            if (deadline < earliest)
            {
                earliest = deadline;
                space = (PacketSpace)i;
            }
        }

        // A server that may not send waits for its client: the client must not wait for it in turn.
        if (!isAnyProbed && !PeerCompletedAddressValidation)
        {
            space = HasHandshakeKeys ? PacketSpace.Handshake : PacketSpace.Initial;
            return _lastActivity + duration;
        }

        return earliest;
    }
}
