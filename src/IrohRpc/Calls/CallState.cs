namespace IrohRpc.Calls;

/// <summary>Where a call stands at its caller.</summary>
internal enum CallPhase
{
    /// <summary>Its arguments are written; nothing is sent.</summary>
    Created,

    /// <summary>It waits for a connection, a lane or a stream.</summary>
    Sending,

    /// <summary>A path has taken it, and its response is due.</summary>
    Waiting,

    /// <summary>Its response has begun, and what streams is being read.</summary>
    Streaming,

    /// <summary>Its caller has the outcome.</summary>
    Ended,
}

/// <summary>What happens to a call.</summary>
internal enum CallEvent
{
    /// <summary>The proxy hands it over.</summary>
    Started,

    /// <summary>A path is about to send it.</summary>
    Taken,

    /// <summary>The path has a response, whole.</summary>
    Responded,

    /// <summary>The path has the head of a streamed response.</summary>
    StreamBegan,

    /// <summary>It failed in a way that allows it to be made again.</summary>
    Retrying,

    /// <summary>It failed.</summary>
    Failed,

    /// <summary>Its caller's token fired, or its deadline passed.</summary>
    GivenUp,

    /// <summary>The reader of a streamed response is done.</summary>
    Closed,
}

/// <summary>What is to be done after an event.</summary>
internal enum CallAction
{
    /// <summary>Nothing: the event came too late, or cannot happen here.</summary>
    Ignore,

    /// <summary>The call goes on.</summary>
    Proceed,

    /// <summary>Hand the call to its invoker.</summary>
    Send,

    /// <summary>Complete the caller.</summary>
    Complete,

    /// <summary>Complete the caller, and tell the path that nobody waits.</summary>
    CompleteAndWithdraw,

    /// <summary>Tell the path that nobody waits: its reader reports the outcome.</summary>
    Withdraw,
}

/// <summary>The state machine of a call at its caller, without I/O. Exactly one event moves a call to <see cref="CallPhase.Ended"/>.</summary>
internal static class CallState
{
    /// <summary>What an event does to a call.</summary>
    public static (CallPhase Phase, CallAction Action) Next(CallPhase phase, CallEvent happened) => (phase, happened) switch
    {
        (CallPhase.Created, CallEvent.Started) => (CallPhase.Sending, CallAction.Send),
        (CallPhase.Created or CallPhase.Sending, CallEvent.Failed) => (CallPhase.Ended, CallAction.Complete),
        (CallPhase.Created or CallPhase.Sending, CallEvent.GivenUp) => (CallPhase.Ended, CallAction.Complete),
        (CallPhase.Sending, CallEvent.Taken) => (CallPhase.Waiting, CallAction.Proceed),
        (CallPhase.Sending or CallPhase.Waiting or CallPhase.Streaming, CallEvent.Retrying) => (CallPhase.Sending, CallAction.Send),
        (CallPhase.Waiting, CallEvent.Responded or CallEvent.Failed) => (CallPhase.Ended, CallAction.Complete),
        (CallPhase.Waiting, CallEvent.StreamBegan) => (CallPhase.Streaming, CallAction.Complete),
        (CallPhase.Waiting, CallEvent.GivenUp) => (CallPhase.Ended, CallAction.CompleteAndWithdraw),
        (CallPhase.Streaming, CallEvent.GivenUp) => (CallPhase.Ended, CallAction.Withdraw),
        (CallPhase.Streaming, CallEvent.Closed) => (CallPhase.Ended, CallAction.Proceed),
        _ => (phase, CallAction.Ignore),
    };
}
