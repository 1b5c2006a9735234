namespace IrohRpc.Routing.Internal.Dialling;

/// <summary>What happens to a <see cref="DialRace"/>.</summary>
/// <param name="Kind">What.</param>
/// <param name="Attempt">Which attempt it is about: by place in the plan; how many were added for <see cref="DialEventKind.Found"/>; -1 where it is about the race.</param>
/// <param name="AtOnce">How many of those that were added may start together.</param>
internal readonly record struct DialEvent(DialEventKind Kind, int Attempt = -1, int AtOnce = 1);

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

    /// <summary>The lookup found further addresses, which now stand at the end of the plan.</summary>
    Found,

    /// <summary>The lookup finds nothing more.</summary>
    LookupEnded,

    /// <summary>The time for the whole dial ran out.</summary>
    TimedOut,

    /// <summary>The caller wants no more.</summary>
    Cancelled,

    /// <summary>The endpoint closes.</summary>
    EndpointClosed,
}
