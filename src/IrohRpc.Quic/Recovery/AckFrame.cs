using IrohRpc.Multiplexing.Streams;

namespace IrohRpc.Quic.Recovery;

/// <summary>An ACK frame as it stands in a packet (RFC 9000, section 19.3): checked when it is read, and walked through without a copy.</summary>
internal readonly ref struct AckFrame
{
    /// <summary>The type without ECN counts.</summary>
    public const long Type = 0x02;

    /// <summary>The type with ECN counts.</summary>
    public const long TypeWithEcn = 0x03;

    private readonly ReadOnlySpan<byte> _ranges;

    private AckFrame(long largest, long encodedDelay, long firstRange, int additionalRanges, ReadOnlySpan<byte> ranges, EcnCounts? ecn)
    {
        Largest = largest;
        EncodedDelay = encodedDelay;
        FirstSmallest = largest - firstRange;
        RangeCount = additionalRanges + 1;
        _ranges = ranges;
        Ecn = ecn;
    }

    /// <summary>The largest number that is acknowledged.</summary>
    public long Largest { get; }

    /// <summary>The delay as it was sent; its unit is 2^ack_delay_exponent microseconds.</summary>
    public long EncodedDelay { get; }

    /// <summary>How many ranges there are.</summary>
    public int RangeCount { get; }

    /// <summary>The peer's counts of marked packets, or null.</summary>
    public EcnCounts? Ecn { get; }

    private long FirstSmallest { get; }

    /// <summary>Reads a frame whose type was read, and of PATH_ACK the path id.</summary>
    /// <exception cref="TransportViolationException">The frame is truncated, or one of its ranges starts below zero.</exception>
    public static AckFrame Read(ref FrameReader reader)
    {
        long largest = reader.ReadInteger();
        long delay = reader.ReadInteger();
        long additional = reader.ReadInteger();
        long first = reader.ReadInteger();
        if (first > largest)
        {
            reader.ThrowMalformed("an acknowledged range starts below zero");
        }

        // Each range takes two bytes at least, so that reading them ends with the payload whatever the count says.
        ReadOnlySpan<byte> rest = reader.Unread;
        long smallest = largest - first;
        for (long i = 0; i < additional; i++)
        {
            long rangeLargest = smallest - reader.ReadInteger() - 2;
            smallest = rangeLargest - reader.ReadInteger();
            if (smallest < 0)
            {
                reader.ThrowMalformed("an acknowledged range starts below zero");
            }
        }

        ReadOnlySpan<byte> ranges = rest[..^reader.Unread.Length];
        EcnCounts? ecn = reader.FrameType is TypeWithEcn or Packets.ExtensionNumbers.PathAckEcn
            ? new EcnCounts(reader.ReadInteger(), reader.ReadInteger(), reader.ReadInteger())
            : null;
        return new AckFrame(largest, delay, first, (int)additional, ranges, ecn);
    }

    /// <summary>Walks through the ranges, from the largest down.</summary>
    public Enumerator GetEnumerator() => new(new AckRange(FirstSmallest, Largest), _ranges);

    /// <summary>Walks through the ranges of a frame.</summary>
    public ref struct Enumerator
    {
        private readonly AckRange _first;
        private ReadOnlySpan<byte> _rest;
        private bool _isStarted;

        internal Enumerator(AckRange first, ReadOnlySpan<byte> rest)
        {
            _first = first;
            _rest = rest;
        }

        /// <summary>The range at hand.</summary>
        public AckRange Current { get; private set; }

        /// <summary>Goes on to the next range.</summary>
        public bool MoveNext()
        {
            if (!_isStarted)
            {
                _isStarted = true;
                Current = _first;
                return true;
            }

            if (_rest.IsEmpty)
            {
                return false;
            }

            long largest = Current.Smallest - ReadInteger() - 2;
            Current = new AckRange(largest - ReadInteger(), largest);
            return true;
        }

        private long ReadInteger()
        {
            int length = VariableLengthInteger.TryRead(_rest, out long value);
            _rest = _rest[length..];
            return value;
        }
    }
}
