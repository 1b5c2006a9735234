namespace IrohRpc.Connections;

/// <summary>Where the shutdown of a connection stands, at the side that shuts down.</summary>
internal enum DrainPhase
{
    /// <summary>Calls are taken.</summary>
    Open,

    /// <summary>New calls are rejected; those in progress go on, in both directions.</summary>
    Draining,

    /// <summary>No call is in progress and every response has left.</summary>
    Quiet,

    /// <summary>The connection has ended.</summary>
    Closed,
}

/// <summary>What happens to a connection that may be shut down.</summary>
internal enum DrainEvent
{
    /// <summary>This side shuts down.</summary>
    Drain,

    /// <summary>No call of either side is in progress, and nothing waits to be sent.</summary>
    Idle,

    /// <summary>The connection has ended.</summary>
    Closed,
}

/// <summary>What is to be done after an event.</summary>
internal enum DrainAction
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>Say GOAWAY on each lane, and tell handlers that this side is stopping.</summary>
    SayGoAway,

    /// <summary>Say GOAWAY once more: nothing else will come.</summary>
    SayDone,

    /// <summary>Release what belonged to the connection.</summary>
    Release,
}

/// <summary>The state machine of a connection's shutdown, without I/O.</summary>
internal static class DrainState
{
    /// <summary>What an event does.</summary>
    public static (DrainPhase Phase, DrainAction Action) Next(DrainPhase phase, DrainEvent happened) => (phase, happened) switch
    {
        (DrainPhase.Open, DrainEvent.Drain) => (DrainPhase.Draining, DrainAction.SayGoAway),
        (DrainPhase.Draining, DrainEvent.Idle) => (DrainPhase.Quiet, DrainAction.SayDone),
        (not DrainPhase.Closed, DrainEvent.Closed) => (DrainPhase.Closed, DrainAction.Release),
        _ => (phase, DrainAction.None),
    };
}
