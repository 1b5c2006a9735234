namespace IrohRpc.Multiplexing.QMux;

/// <summary>How far a session has come.</summary>
internal enum QMuxSessionState
{
    /// <summary>Streams can be used.</summary>
    Open,

    /// <summary>This side has closed it.</summary>
    ClosedLocally,

    /// <summary>The peer's CONNECTION_CLOSE has arrived.</summary>
    ClosedByPeer,

    /// <summary>The peer broke the rules, and is told so.</summary>
    Violated,

    /// <summary>Nothing was heard from the peer for the idle time-out.</summary>
    TimedOut,

    /// <summary>The duplex stream below has ended or failed.</summary>
    Lost,
}
