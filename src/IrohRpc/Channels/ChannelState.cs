namespace IrohRpc;

/// <summary>Where a <see cref="PeerChannel"/> stands.</summary>
public enum ChannelState
{
    /// <summary>There is no connection, and nobody has asked for one: the next call dials.</summary>
    Idle,

    /// <summary>A dial is under way; calls wait for it.</summary>
    Connecting,

    /// <summary>There is a connection.</summary>
    Ready,

    /// <summary>
    /// A dial has failed, or a connection did not last, and the next dial waits for its time. Calls fail with the error of the last dial, but for those
    /// that wait by <see cref="ClientOptions.WaitForReady"/>.
    /// </summary>
    BackingOff,

    /// <summary>The channel was disposed of, or its endpoint was closed.</summary>
    Closed,
}
