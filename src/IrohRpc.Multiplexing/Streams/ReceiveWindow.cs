namespace IrohRpc.Multiplexing.Streams;

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
        First = size;
        Size = size;
        Limit = size;
    }

    /// <summary>The size at first.</summary>
    public long First { get; }

    /// <summary>How far the peer may be ahead of what was consumed. What it was allowed before stays allowed where this becomes smaller.</summary>
    public long Size { get; set; }

    /// <summary>The offset up to which the peer was told that it may send.</summary>
    public long Limit { get; private set; }

    /// <summary>How many bytes the peer has sent.</summary>
    public long Received { get; private set; }

    /// <summary>How many of them are gone: read, or dropped for good.</summary>
    public long Consumed { get; private set; }

    /// <summary>How many bytes may have to be held: what arrived unread, and what the peer may still send.</summary>
    public readonly long Outstanding => Math.Max(Size, Limit - Consumed);

    /// <summary>How many bytes arrived and were not consumed.</summary>
    public readonly long Unread => Received - Consumed;

    /// <summary>
    /// Whether so much was consumed that it pays to tell the peer. With a quarter, three quarters of the window are on their way or allowed at any
    /// time; with half of it, the rest of one round trip can end just short of the next update, and half of the window is never used.
    /// </summary>
    public readonly bool WantsUpdate => Consumed + Size - Limit >= Math.Max(1, Size / 4);

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
