namespace IrohRpc;

/// <summary>Where a <see cref="ReconnectingConnection"/> stands.</summary>
public enum ReconnectState
{
    /// <summary>Never asked for yet.</summary>
    Idle,

    /// <summary>A dial is under way.</summary>
    Dialling,

    /// <summary>There is a connection.</summary>
    Connected,

    /// <summary>The connection was lost or a dial failed, and the next dial waits: for its time, or for somebody to ask.</summary>
    Waiting,

    /// <summary>Disposed of, or its endpoint was closed.</summary>
    Closed,
}
