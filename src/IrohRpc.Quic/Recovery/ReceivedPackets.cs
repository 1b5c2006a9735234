using IrohRpc.Multiplexing.Streams;

namespace IrohRpc.Quic.Recovery;

/// <summary>
/// What was received in one packet number space: it recognizes duplicates, decides when to acknowledge (RFC 9000, section 13.2), and
/// writes ACK frames that report exactly the packets that were processed.
/// </summary>
internal sealed class ReceivedPackets
{
    /// <summary>No acknowledgement is due.</summary>
    public static readonly TimeSpan NoDeadline = TimeSpan.MaxValue;

    // Newer ranges matter most, and a frame must leave room for other frames.
    private const int MaxRangesPerFrame = 64;

    // A sender that has so many packets under way is more than a batch of calls, and waits for acknowledgements to go on.
    private const int MaxHeld = 32;

    private readonly AckRanges _ranges = new();
    private readonly bool _isImmediate;
    private readonly TimeSpan _maxAckDelay;
    private readonly int _threshold;

    private long _largestAckEliciting = -1;
    private TimeSpan _largestReceivedAt;
    private int _unacknowledged;
    private bool _isUrgent;
    private TimeSpan? _heldUntil;
    private long _ect0;
    private long _ect1;
    private long _congestionExperienced;

    // Numbers up to this one are not reported any more: the peer knows that we have them.
    private long _reportedUpTo = -1;

    /// <summary>Starts empty.</summary>
    /// <param name="space">Initial and Handshake packets are acknowledged at once.</param>
    /// <param name="maxAckDelay">What we announced as max_ack_delay.</param>
    /// <param name="ackElicitingThreshold">How many packets that elicit an acknowledgement are answered together.</param>
    public ReceivedPackets(PacketSpace space, TimeSpan maxAckDelay, int ackElicitingThreshold = 2)
    {
        _isImmediate = space != PacketSpace.Application;
        _maxAckDelay = maxAckDelay;
        _threshold = ackElicitingThreshold;
    }

    /// <summary>The largest packet number received, or -1.</summary>
    public long Largest => _ranges.Largest;

    /// <summary>When an ACK frame must be sent at the latest; <see cref="NoDeadline"/> if none is due.</summary>
    public TimeSpan AckDeadline { get; private set; } = NoDeadline;

    /// <summary>Whether there is something to acknowledge that was not acknowledged yet, so that an ACK frame may ride along.</summary>
    public bool HasUnacknowledged { get; private set; }

    /// <summary>Whether a packet was received before, or is so old that this is not known. Its frames must not be processed again.</summary>
    public bool IsDuplicate(long packetNumber) => _ranges.Contains(packetNumber);

    /// <summary>Takes in a packet whose frames were all processed.</summary>
    /// <param name="packetNumber">Not a duplicate.</param>
    /// <param name="isAckEliciting">Whether a frame in it asks for an acknowledgement.</param>
    /// <param name="ecn">The mark of the datagram that carried it.</param>
    /// <param name="now">When the datagram arrived.</param>
    public void OnReceived(long packetNumber, bool isAckEliciting, EcnCodepoint ecn, TimeSpan now)
    {
        long largestBefore = _ranges.Largest;
        if (!_ranges.Add(packetNumber))
        {
            return;
        }

        Count(ecn);
        HasUnacknowledged = true;
        if (packetNumber > largestBefore)
        {
            _largestReceivedAt = now;
        }

        // A late packet is news to the peer although packets after it are not.
        _reportedUpTo = Math.Min(_reportedUpTo, packetNumber - 1);
        if (!isAckEliciting)
        {
            return;
        }

        // Out of order either way tells the sender about a loss, or about the lack of one (RFC 9000, section 13.2.1).
        bool isReordered = packetNumber < _largestAckEliciting
            || (packetNumber > _largestAckEliciting + 1 && HasGapBetween(_largestAckEliciting, packetNumber));
        _largestAckEliciting = Math.Max(_largestAckEliciting, packetNumber);
        _unacknowledged++;
        _isUrgent |= _isImmediate || isReordered || ecn == EcnCodepoint.CongestionExperienced;
        TimeSpan deadline = _isUrgent || _unacknowledged >= _threshold ? now : now + _maxAckDelay;
        AckDeadline = deadline < AckDeadline ? deadline : AckDeadline;
    }

    /// <summary>
    /// An answer is about to be sent that an acknowledgement can ride on: one that is due waits for it, but for a moment only, and only where the sender
    /// learns nothing new from it about the path.
    /// </summary>
    /// <param name="now">The time.</param>
    /// <param name="moment">How long; counted once until the next acknowledgement, however often this is called.</param>
    public void Hold(TimeSpan now, TimeSpan moment)
    {
        if (AckDeadline == NoDeadline || _isUrgent || _unacknowledged > MaxHeld)
        {
            return;
        }

        _heldUntil ??= now + moment;
        AckDeadline = AckDeadline > _heldUntil.Value ? AckDeadline : _heldUntil.Value;
    }

    /// <summary>Writes an ACK frame with as many ranges as fit, the newest first.</summary>
    /// <param name="writer">Where to write.</param>
    /// <param name="ackDelayExponent">What we announced as ack_delay_exponent.</param>
    /// <param name="now">The time.</param>
    /// <param name="largest">The largest number that the frame reports, to be handed to <see cref="OnAckAcknowledged"/>.</param>
    /// <param name="pathId">The path whose packets they are, for a PATH_ACK frame; null for an ACK frame.</param>
    /// <returns>False if nothing is there to report or nothing fits.</returns>
    public bool TryWriteAck(ref FrameWriter writer, int ackDelayExponent, TimeSpan now, out long largest, long? pathId = null)
    {
        largest = _ranges.Largest;
        if (_ranges.Count == 0 || largest <= _reportedUpTo)
        {
            return false;
        }

        bool hasEcn = (_ect0 | _ect1 | _congestionExperienced) != 0;
        long delay = (now - _largestReceivedAt).Ticks / TimeSpan.TicksPerMicrosecond >> ackDelayExponent;
        delay = _isImmediate ? 0 : Math.Clamp(delay, 0, VariableLengthInteger.MaxValue);
        AckRange first = Reported(_ranges.Count - 1);
        int fixedLength = 1 + VariableLengthInteger.LengthOf(first.Largest) + VariableLengthInteger.LengthOf(delay)
            + VariableLengthInteger.LengthOf(MaxRangesPerFrame) + VariableLengthInteger.LengthOf(first.Largest - first.Smallest)
            + (hasEcn ? EcnLength() : 0) + (pathId is { } id ? VariableLengthInteger.LengthOf(id) : 0);
        if (fixedLength > writer.Room)
        {
            return false;
        }

        int additional = CountFittingRanges(writer.Room - fixedLength, first);
        if (pathId is { } path)
        {
            writer.Write(hasEcn ? Packets.ExtensionNumbers.PathAckEcn : Packets.ExtensionNumbers.PathAck, path);
        }
        else
        {
            writer.Write(hasEcn ? AckFrame.TypeWithEcn : AckFrame.Type);
        }

        writer.Write(first.Largest);
        writer.Write(delay);
        writer.Write(additional);
        writer.Write(first.Largest - first.Smallest);
        long smallest = first.Smallest;
        for (int i = 1; i <= additional; i++)
        {
            AckRange range = Reported(_ranges.Count - 1 - i);
            writer.Write(smallest - range.Largest - 2);
            writer.Write(range.Largest - range.Smallest);
            smallest = range.Smallest;
        }

        if (hasEcn)
        {
            writer.Write(_ect0);
            writer.Write(_ect1);
            writer.Write(_congestionExperienced);
        }

        AckDeadline = NoDeadline;
        HasUnacknowledged = false;
        _unacknowledged = 0;
        _isUrgent = false;
        _heldUntil = null;
        return true;
    }

    /// <summary>
    /// The peer has a packet with an ACK frame of ours: what that frame reported, and anything below, need not be reported again
    /// (RFC 9000, section 13.2.4).
    /// </summary>
    /// <param name="largest">The largest number that the frame reported.</param>
    public void OnAckAcknowledged(long largest) => _reportedUpTo = Math.Max(_reportedUpTo, largest);

    private void Count(EcnCodepoint ecn)
    {
        switch (ecn)
        {
            case EcnCodepoint.Ect0:
                _ect0++;
                break;
            case EcnCodepoint.Ect1:
                _ect1++;
                break;
            case EcnCodepoint.CongestionExperienced:
                _congestionExperienced++;
                break;
        }
    }

    // Packets that elicit nothing may lie between and fill the gap.
    private bool HasGapBetween(long lower, long higher)
    {
        AckRange last = _ranges[_ranges.Count - 1];
        return !(last.Contains(higher) && last.Smallest <= lower + 1);
    }

    private AckRange Reported(int index)
    {
        AckRange range = _ranges[index];
        return range.Smallest > _reportedUpTo ? range : range with { Smallest = Math.Min(_reportedUpTo + 1, range.Largest) };
    }

    private int CountFittingRanges(int room, AckRange first)
    {
        int count = 0;
        long smallest = first.Smallest;
        for (int i = _ranges.Count - 2; i >= 0 && count < MaxRangesPerFrame - 1 && _ranges[i].Largest > _reportedUpTo; i--)
        {
            AckRange range = Reported(i);
            room -= VariableLengthInteger.LengthOf(smallest - range.Largest - 2) + VariableLengthInteger.LengthOf(range.Largest - range.Smallest);
            if (room < 0)
            {
                break;
            }

            smallest = range.Smallest;
            count++;
        }

        return count;
    }

    private int EcnLength() => VariableLengthInteger.LengthOf(_ect0) + VariableLengthInteger.LengthOf(_ect1)
        + VariableLengthInteger.LengthOf(_congestionExperienced);
}
