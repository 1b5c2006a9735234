namespace IrohRpc.Multiplexing.Streams;

/// <summary>The states of the sending part of a stream (RFC 9000, section 3.1), with acknowledgement at the time of sending.</summary>
internal enum SendState
{
    /// <summary>More may follow, or waits to be sent.</summary>
    Sending,

    /// <summary>Everything was sent, the end included.</summary>
    FinSent,

    /// <summary>Given up; the peer is yet to be told.</summary>
    ResetPending,

    /// <summary>Given up, and the peer was told.</summary>
    ResetSent,
}
