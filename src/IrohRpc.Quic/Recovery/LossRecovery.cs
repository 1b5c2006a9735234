using System.Buffers;
using IrohRpc.Multiplexing.Streams;

namespace IrohRpc.Quic.Recovery;

/// <summary>
/// Loss detection of one connection (RFC 9002): which packets were acknowledged, which are lost, and when to probe. It knows neither
/// what packets carry nor how fast they may be sent.
/// </summary>
internal sealed partial class LossRecovery
{
    /// <summary>There is nothing to wait for.</summary>
    public static readonly TimeSpan NoTimeout = TimeSpan.MaxValue;

    private const int SpaceCount = 3;

    private readonly IRecoverySink _sink;
    private readonly bool _isServer;
    private readonly Space[] _spaces;
    private readonly SkippedNumbers _skipped;

    /// <summary>Starts without packets.</summary>
    /// <param name="isServer">Whether this side is the server.</param>
    /// <param name="sink">Learns what became of packets.</param>
    /// <param name="rtt">The round-trip time of the first path.</param>
    /// <param name="random">Decides which packet numbers are skipped.</param>
    public LossRecovery(bool isServer, IRecoverySink sink, RttEstimator rtt, Random random)
    {
        _isServer = isServer;
        _sink = sink;
        Rtt = rtt;
        _skipped = new SkippedNumbers(random);
        _spaces = [new Space(), new Space(), new Space()];
    }

    /// <summary>The round-trip time of the current path.</summary>
    public RttEstimator Rtt { get; private set; }

    /// <summary>The owner's number of the current path. Packets of other paths give no samples and no signs of congestion.</summary>
    public int Path { get; private set; }

    /// <summary>The peer's max_ack_delay.</summary>
    public TimeSpan PeerMaxAckDelay { get; set; } = TimeSpan.FromMilliseconds(25);

    /// <summary>The peer's ack_delay_exponent.</summary>
    public int PeerAckDelayExponent { get; set; } = 3;

    /// <summary>Whether Handshake keys are there, so that a client can probe with a Handshake packet.</summary>
    public bool HasHandshakeKeys { get; set; }

    /// <summary>Whether the handshake is confirmed, so that the application's space is probed and the peer's max_ack_delay holds.</summary>
    public bool IsHandshakeConfirmed { get; set; }

    /// <summary>Whether a server may not send, because the client's address is not validated: no probe could leave.</summary>
    public bool IsAmplificationLimited { get; set; }

    /// <summary>How often probes went unanswered in a row.</summary>
    public int ProbeTimeoutCount { get; private set; }

    /// <summary>How long to wait for an acknowledgement of 1-RTT packets, without back-off: the PTO that other parts of QUIC count in.</summary>
    public TimeSpan ProbeTimeout => Rtt.ProbeTimeout + PeerMaxAckDelay;

    /// <summary>The number of the next packet. Ask only when a packet is about to be sent, since this is where numbers are skipped.</summary>
    public long NextPacketNumber(PacketSpace space)
    {
        SentPackets packets = _spaces[(int)space].Packets;
        if (space == PacketSpace.Application && packets.Next == _skipped.Next)
        {
            packets.Skip();
            _skipped.OnSkipped();
        }

        return packets.Next;
    }

    /// <summary>The largest number that the peer acknowledged, or -1: it decides how many bytes a packet number takes.</summary>
    public long LargestAcknowledged(PacketSpace space) => _spaces[(int)space].LargestAcknowledged;

    /// <summary>Whether a packet that elicits an acknowledgement is on its way.</summary>
    public bool HasAckElicitingInFlight(PacketSpace space) => _spaces[(int)space].Packets.AckElicitingOutstanding > 0;

    /// <summary>How many probes a time-out asks for that were not sent yet. They may exceed the congestion window.</summary>
    public int ProbesPending(PacketSpace space) => _spaces[(int)space].Probes;

    /// <summary>
    /// Whether a PING should ride along, because only packets that elicit nothing were sent for a while, so that the peer has no reason
    /// to acknowledge our acknowledgements.
    /// </summary>
    public bool ShouldElicitAcknowledgement(PacketSpace space) => _spaces[(int)space].SentSinceAckEliciting >= ElicitAfter;

    /// <summary>The oldest packet that may still be acknowledged: what a probe should carry again.</summary>
    public bool TryGetOldest(PacketSpace space, out SentPacket packet)
    {
        SentPackets packets = _spaces[(int)space].Packets;
        for (long number = packets.FirstOutstanding; number != SentPackets.None; number = packets.NextOf(number))
        {
            packet = packets[number];
            if (packet.IsAckEliciting)
            {
                return true;
            }
        }

        packet = default;
        return false;
    }

    /// <summary>Takes in a packet that is being sent.</summary>
    /// <param name="space">The space.</param>
    /// <param name="packet">Its number is what <see cref="NextPacketNumber"/> returned; <see cref="SentPacket.TimeSent"/> is now.</param>
    public void OnSent(PacketSpace space, in SentPacket packet)
    {
        Space state = _spaces[(int)space];
        state.Packets.Add(packet);
        if (packet.IsAckEliciting)
        {
            state.LastAckElicitingSent = packet.TimeSent;
            state.SentSinceAckEliciting = 0;
            state.Probes = Math.Max(0, state.Probes - 1);
            _lastActivity = packet.TimeSent;
            return;
        }

        if (++state.SentSinceAckEliciting > MaxUnansweredAcks)
        {
            DropOldestUnanswerable(space, state);
        }
    }

    /// <summary>Takes in an ACK frame.</summary>
    /// <param name="space">The space of the packet that carried it.</param>
    /// <param name="ack">The frame.</param>
    /// <param name="now">When its datagram arrived.</param>
    /// <exception cref="TransportViolationException">It acknowledges a packet that was not sent.</exception>
    public void OnAckReceived(PacketSpace space, in AckFrame ack, TimeSpan now)
    {
        Space state = _spaces[(int)space];
        if (state == Space.Discarded)
        {
            // The packet that brought the end of the handshake acknowledges something as well.
            return;
        }

        if (ack.Largest >= state.Packets.Next)
        {
            ThrowUnsent(ack);
        }

        AckRange[]? rented = null;
        Span<AckRange> ranges = ack.RangeCount <= 32
            ? stackalloc AckRange[32]
            : rented = ArrayPool<AckRange>.Shared.Rent(ack.RangeCount);
        int count = 0;
        foreach (AckRange range in ack)
        {
            if (space == PacketSpace.Application && _skipped.Intersects(range))
            {
                ThrowUnsent(ack);
            }

            ranges[count++] = range;
        }

        ranges = ranges[..count];
        ranges.Reverse();
        Process(space, state, ack, ranges, now);
        if (rented is not null)
        {
            ArrayPool<AckRange>.Shared.Return(rented);
        }
    }

    /// <summary>The keys of a space are gone, and with them its packets.</summary>
    public void Discard(PacketSpace space, TimeSpan now)
    {
        Space state = _spaces[(int)space];
        for (long number; (number = state.Packets.FirstOutstanding) != SentPackets.None;)
        {
            _sink.OnDiscarded(space, state.Packets.Remove(number));
        }

        state.Packets.Release();
        _spaces[(int)space] = Space.Discarded;
        ProbeTimeoutCount = 0;
        _lastActivity = now;
    }

    /// <summary>
    /// Everything outstanding in a space is to be sent again without being a sign of congestion: after a Retry, or when the peer
    /// rejected 0-RTT.
    /// </summary>
    public void Abandon(PacketSpace space, TimeSpan now)
    {
        Space state = _spaces[(int)space];
        for (long number; (number = state.Packets.FirstOutstanding) != SentPackets.None;)
        {
            _sink.OnLost(space, state.Packets.Remove(number));
        }

        state.Packets.Trim();
        state.LossTime = NoTimeout;
        ProbeTimeoutCount = 0;
        _lastActivity = now;
    }

    /// <summary>Packets take another path from now on.</summary>
    /// <param name="path">The owner's number of it.</param>
    /// <param name="rtt">Its round-trip time.</param>
    public void OnPathChanged(int path, RttEstimator rtt)
    {
        Path = path;
        Rtt = rtt;
        ProbeTimeoutCount = 0;
        _packetThreshold = InitialPacketThreshold;
        _timeThresholdEighths = InitialTimeThresholdEighths;
    }

    private static void ThrowUnsent(in AckFrame ack) => throw new TransportViolationException(
        TransportErrorCode.ProtocolViolation,
        ack.Ecn.HasValue ? AckFrame.TypeWithEcn : AckFrame.Type,
        "a packet was acknowledged that was not sent");

    private void DropOldestUnanswerable(PacketSpace space, Space state)
    {
        long oldest = state.Packets.FirstOutstanding;
        if (oldest != SentPackets.None && !state.Packets[oldest].IsAckEliciting)
        {
            _sink.OnDiscarded(space, state.Packets.Remove(oldest));
            state.Packets.Trim();
        }
    }

    private sealed class Space
    {
        // Stands for every space that is done with: nothing is sent there any more, so that nobody changes it.
        public static readonly Space Discarded = new();

        public readonly SentPackets Packets = new();
        public long LargestAcknowledged = -1;
        public TimeSpan LastAckElicitingSent;
        public TimeSpan LossTime = NoTimeout;
        public int Probes;
        public int SentSinceAckEliciting;

        // The run of lost packets without one acknowledged in between, for persistent congestion.
        public long LastLost = -1;
        public TimeSpan LossRunStart;
    }
}
