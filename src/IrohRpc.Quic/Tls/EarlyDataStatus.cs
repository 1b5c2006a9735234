namespace IrohRpc.Quic.Tls;

/// <summary>What became of 0-RTT data (RFC 8446, section 2.3).</summary>
internal enum EarlyDataStatus
{
    /// <summary>The client offered none.</summary>
    None,

    /// <summary>The client offered it and has no answer yet.</summary>
    Offered,

    /// <summary>The server takes it.</summary>
    Accepted,

    /// <summary>The server ignores it; it has to be sent again at 1-RTT.</summary>
    Rejected,
}
