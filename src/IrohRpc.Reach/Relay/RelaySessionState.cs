namespace IrohRpc.Reach.Relay;

/// <summary>Where a session with a relay stands.</summary>
internal enum RelaySessionState
{
    /// <summary>It dials, or waits before it dials again.</summary>
    Connecting,

    /// <summary>Datagrams pass.</summary>
    Connected,

    /// <summary>The relay keeps the session, but another one with the same id gets the datagrams.</summary>
    Superseded,

    /// <summary>It was closed from this side.</summary>
    Closed,
}
