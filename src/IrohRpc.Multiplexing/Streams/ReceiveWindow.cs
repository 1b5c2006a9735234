namespace IrohRpc.Multiplexing;

/// <summary>
/// What the peer may send, on a stream or on the whole connection, and when it is told that it may send more (RFC 9000, section 4).
/// A mutable struct: it lives in a field of its owner.
/// </summary>
internal struct ReceiveWindow
{
    /// <summary>Starts with nothing received.</summary>
    /// <param name="size">How far the peer may be ahead of what was consumed.</param>
    public ReceiveWindow(long size)
    {
        Size = size;
        Limit = size;
    }

    /// <summary>How far the peer may be ahead of what was consumed. What it was allowed before stays allowed where this becomes smaller.</summary>
    public long Size { get; set; }

    /// <summary>The offset up to which the peer was told that it may send.</summary>
    public long Limit { get; private set; }

    /// <summary>How many bytes the peer has sent.</summary>
    public long Received { get; private set; }

    /// <summary>How many of them are gone: read, or dropped for good.</summary>
    public long Consumed { get; private set; }

    /// <summary>Whether so much was consumed that it pays to tell the peer.</summary>
    public readonly bool WantsUpdate => Consumed + Size - Limit >= Math.Max(1, Size / 2);

    /// <summary>Counts bytes in.</summary>
    /// <returns>Whether the peer was allowed to send them.</returns>
    public bool TryReceive(long count)
    {
        if (count > Limit - Received)
        {
            return false;
        }

        Received += count;
        return true;
    }

    /// <summary>Counts bytes out.</summary>
    public void Consume(long count) => Consumed += count;

    /// <summary>Moves the limit on; the peer is told the result.</summary>
    public long Update() => Limit = Math.Max(Limit, Math.Min(Consumed + Size, VariableLengthInteger.MaxValue));
}
