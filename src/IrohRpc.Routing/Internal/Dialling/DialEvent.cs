namespace IrohRpc.Routing.Internal.Dialling;

/// <summary>What happens to a <see cref="DialRace"/>.</summary>
/// <param name="Kind">What.</param>
/// <param name="Attempt">Which attempt it is about: by place in the plan; -1 where it is about the race.</param>
internal readonly record struct DialEvent(DialEventKind Kind, int Attempt = -1);

internal enum DialEventKind
{
    /// <summary>The race begins.</summary>
    Started,

    /// <summary>The delay behind the attempt has elapsed.</summary>
    StaggerElapsed,

    /// <summary>The attempt has an authenticated connection.</summary>
    Connected,

    /// <summary>The attempt ended without one.</summary>
    Failed,

    /// <summary>The time for the whole dial ran out.</summary>
    TimedOut,

    /// <summary>The caller wants no more.</summary>
    Cancelled,

    /// <summary>The endpoint closes.</summary>
    EndpointClosed,
}
