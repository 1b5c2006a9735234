namespace IrohRpc.Quic.Recovery;

// Acknowledgements and losses: RFC 9002, sections 5, 6.1 and 7.6.
internal sealed partial class LossRecovery
{
    private const int InitialPacketThreshold = 3;
    private const int MaxPacketThreshold = 128;
    private const int InitialTimeThresholdEighths = 9;
    private const int MaxTimeThresholdEighths = 16;
    private const int PersistentCongestionThreshold = 3;

    // After so many packets that elicit nothing, one is to elicit something; after many more, the oldest are forgotten.
    private const int ElicitAfter = 16;
    private const int MaxUnansweredAcks = 1024;

    // Both thresholds rise when a packet that they gave up arrives after all: the path reorders (RFC 9002, section 6.1).
    private int _packetThreshold = InitialPacketThreshold;
    private int _timeThresholdEighths = InitialTimeThresholdEighths;

    private TimeSpan LossDelay
    {
        get
        {
            TimeSpan delay = Max(Rtt.Latest, Rtt.Smoothed) * _timeThresholdEighths / 8;
            return Max(delay, RttEstimator.Granularity);
        }
    }

    private static TimeSpan Max(TimeSpan a, TimeSpan b) => a > b ? a : b;

    private void Process(PacketSpace space, Space state, in AckFrame ack, ReadOnlySpan<AckRange> ranges, TimeSpan now)
    {
        var outcome = new RecoveryOutcome { Space = space, Now = now, Ecn = ack.Ecn, IsLargestNew = ack.Largest > state.LargestAcknowledged };
        state.LargestAcknowledged = Math.Max(state.LargestAcknowledged, ack.Largest);
        bool isAnySpurious = AcknowledgeLost(space, state, ranges);
        if (!SampleRtt(space, state, ack, ranges, now, ref outcome) && !isAnySpurious)
        {
            return;
        }

        if (!_isServer && space == PacketSpace.Handshake)
        {
            _hasHandshakeAck = true;
        }

        Acknowledge(space, state, ranges, ref outcome);
        if (PeerCompletedAddressValidation)
        {
            ProbeTimeoutCount = 0;
        }

        outcome.ProbeTimeoutCount = ProbeTimeoutCount;
        state.Probes = 0;
        _lastActivity = now;
        DetectLost(space, state, now, ref outcome);
        state.Packets.Trim();
        _sink.OnOutcome(outcome);
    }

    // The sample comes first, so that acknowledgements are judged by the newest round-trip time. False if nothing is newly acknowledged.
    private bool SampleRtt(
        PacketSpace space, Space state, in AckFrame ack, ReadOnlySpan<AckRange> ranges, TimeSpan now, ref RecoveryOutcome outcome)
    {
        SentPackets packets = state.Packets;
        bool isAny = false;
        bool isAckEliciting = false;
        bool isLargest = false;
        int index = 0;
        for (long number = packets.FirstOutstanding; number != SentPackets.None; number = packets.NextOf(number))
        {
            while (index < ranges.Length && ranges[index].Largest < number)
            {
                index++;
            }

            if (index == ranges.Length)
            {
                break;
            }

            if (number < ranges[index].Smallest)
            {
                continue;
            }

            ref readonly SentPacket packet = ref packets[number];
            isAny = true;
            isAckEliciting |= packet.IsAckEliciting;
            if (number == ack.Largest && packet.Path == Path)
            {
                isLargest = true;
            }
        }

        if (isLargest && isAckEliciting)
        {
            TimeSpan ackDelay = TimeSpan.Zero;
            if (space != PacketSpace.Initial)
            {
                double microseconds = ack.EncodedDelay * (double)(1L << PeerAckDelayExponent);
                ackDelay = microseconds > 1e9 ? TimeSpan.FromSeconds(1000) : TimeSpan.FromMicroseconds(microseconds);
                ackDelay = IsHandshakeConfirmed && ackDelay > PeerMaxAckDelay ? PeerMaxAckDelay : ackDelay;
            }

            Rtt.Update(now - packets[ack.Largest].TimeSent, ackDelay, now);
            outcome.RttSample = Rtt.Latest;
        }

        return isAny;
    }

    private void Acknowledge(PacketSpace space, Space state, ReadOnlySpan<AckRange> ranges, ref RecoveryOutcome outcome)
    {
        SentPackets packets = state.Packets;
        long number = packets.FirstOutstanding;
        foreach (AckRange range in ranges)
        {
            while (number != SentPackets.None && number < range.Smallest)
            {
                number = packets.NextOf(number);
            }

            while (number != SentPackets.None && number <= range.Largest)
            {
                long next = packets.NextOf(number);
                SentPacket packet = packets.Acknowledge(number);
                outcome.AcknowledgedPackets++;
                outcome.LargestAcknowledgedSentAt = packet.TimeSent;
                if (packet.IsEct0 && packet.Path == Path)
                {
                    outcome.AcknowledgedEct0++;
                }

                _sink.OnAcknowledged(space, packet);
                number = next;
            }
        }
    }

    private bool AcknowledgeLost(PacketSpace space, Space state, ReadOnlySpan<AckRange> ranges)
    {
        SentPackets packets = state.Packets;
        bool isAny = false;
        long number = packets.FirstLost;
        foreach (AckRange range in ranges)
        {
            while (number != SentPackets.None && number < range.Smallest)
            {
                number = packets.NextOf(number);
            }

            while (number != SentPackets.None && number <= range.Largest)
            {
                long next = packets.NextOf(number);
                SentPacket packet = packets.Acknowledge(number);
                if (packet.Path == Path)
                {
                    long distance = state.LargestAcknowledged - number + 1;
                    _packetThreshold = (int)Math.Clamp(distance, _packetThreshold, MaxPacketThreshold);
                    _timeThresholdEighths = Math.Min(_timeThresholdEighths + 1, MaxTimeThresholdEighths);
                }

                _sink.OnSpuriouslyLost(space, packet);
                isAny = true;
                number = next;
            }
        }

        return isAny;
    }

    private void DetectLost(PacketSpace space, Space state, TimeSpan now, ref RecoveryOutcome outcome)
    {
        SentPackets packets = state.Packets;
        TimeSpan delay = LossDelay;
        state.LossTime = NoTimeout;
        ForgetLost(state, now - delay - (2 * ProbeTimeout));
        for (long number; (number = packets.FirstOutstanding) != SentPackets.None && number < state.LargestAcknowledged;)
        {
            // Numbers and send times both rise, so that the first packet that is not lost is the last to look at.
            SentPacket packet = packets[number];
            if (packet.TimeSent > now - delay && state.LargestAcknowledged < number + _packetThreshold)
            {
                state.LossTime = packet.TimeSent + delay;
                return;
            }

            packets.MarkLost(number);
            if (packet.IsInFlight && !packet.IsMtuProbe && packet.Path == Path)
            {
                outcome.HasLoss = true;
                outcome.LatestLossSentAt = packet.TimeSent;
                outcome.IsPersistentCongestion |= packet.IsAckEliciting && IsPersistentCongestion(state, packet);
            }

            _sink.OnLost(space, packet);
        }
    }

    // Two lost packets that are further apart than any probing should take, with nothing acknowledged between them.
    private bool IsPersistentCongestion(Space state, in SentPacket packet)
    {
        bool continues = state.LastLost >= 0 && !state.Packets.HasAcknowledgedBetween(state.LastLost, packet.PacketNumber);
        state.LastLost = packet.PacketNumber;
        if (!continues || packet.TimeSent < Rtt.FirstSampleAt)
        {
            state.LossRunStart = packet.TimeSent;
        }

        if (packet.TimeSent - state.LossRunStart <= PersistentCongestionThreshold * ProbeTimeout || state.LossRunStart < Rtt.FirstSampleAt)
        {
            return false;
        }

        state.LastLost = -1;
        Rtt.ForgetMin();
        return true;
    }

    private static void ForgetLost(Space state, TimeSpan sentBefore)
    {
        SentPackets packets = state.Packets;
        for (long number; (number = packets.FirstLost) != SentPackets.None && packets[number].TimeSent < sentBefore;)
        {
            packets.Remove(number);
        }
    }
}
