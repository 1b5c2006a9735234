namespace IrohRpc.Routing.Internal.Dialling;

/// <summary>What a <see cref="DialRace"/> wants done.</summary>
/// <param name="Kind">What.</param>
/// <param name="Attempt">Which attempt it is about: by place in the plan; -1 where it is about the race.</param>
internal readonly record struct DialAction(DialActionKind Kind, int Attempt = -1);

internal enum DialActionKind
{
    /// <summary>Begin the attempt.</summary>
    StartAttempt,

    /// <summary>Begin to look the peer up. What it finds is reported, and its end.</summary>
    StartLookup,

    /// <summary>Report <see cref="DialEventKind.StaggerElapsed"/> for the attempt once the delay has elapsed, instead of any earlier one.</summary>
    StartStagger,

    /// <summary>Give the attempt up. It still reports how it ended.</summary>
    CancelAttempt,

    /// <summary>Close the connection of the attempt: another was faster, or nobody waits any more.</summary>
    DiscardConnection,

    /// <summary>Hand out the connection of the attempt: the race is won.</summary>
    Win,

    /// <summary>Report that every attempt has failed.</summary>
    FailExhausted,

    /// <summary>Report that time ran out.</summary>
    FailTimedOut,

    /// <summary>Report the caller's cancellation.</summary>
    FailCancelled,

    /// <summary>Report that the endpoint closes.</summary>
    FailEndpointClosed,
}
