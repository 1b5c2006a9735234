namespace IrohRpc.Quic.Congestion;

/// <summary>What is known about marks on a path (RFC 9000, section 13.4.2 and appendix A.4).</summary>
internal enum EcnState
{
    /// <summary>The first packets are marked to see what becomes of them.</summary>
    Testing,

    /// <summary>No more packets are marked until some of the first are acknowledged.</summary>
    Unknown,

    /// <summary>Marks arrive and are reported: all packets are marked.</summary>
    Capable,

    /// <summary>Marks are lost, changed or not reported: no packet is marked.</summary>
    Failed,
}
