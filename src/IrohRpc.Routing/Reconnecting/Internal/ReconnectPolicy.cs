namespace IrohRpc.Internal;

/// <summary>
/// Decides when to dial: at once when somebody asks, with a growing and jittered wait while nobody does. A state machine without I/O or clock; its
/// owner serializes the calls.
/// </summary>
internal sealed class ReconnectPolicy(TimeSpan firstDelay, TimeSpan longestDelay, Func<double> random)
{
    private int _failures;

    public ReconnectState State { get; private set; } = ReconnectState.Idle;

    /// <summary>Somebody asks for the connection.</summary>
    public ReconnectAction Wanted()
    {
        if (State is not (ReconnectState.Idle or ReconnectState.Waiting))
        {
            return ReconnectAction.None;
        }

        State = ReconnectState.Dialling;
        return ReconnectAction.Now;
    }

    /// <summary>The wait is over.</summary>
    public ReconnectAction TimePassed()
    {
        if (State != ReconnectState.Waiting)
        {
            return ReconnectAction.None;
        }

        State = ReconnectState.Dialling;
        return ReconnectAction.Now;
    }

    public void Connected()
    {
        if (State == ReconnectState.Dialling)
        {
            State = ReconnectState.Connected;
            _failures = 0;
        }
    }

    /// <summary>The dial has failed.</summary>
    public ReconnectAction Failed() => State == ReconnectState.Dialling ? Wait() : ReconnectAction.None;

    /// <summary>The connection has ended.</summary>
    public ReconnectAction Lost() => State == ReconnectState.Connected ? Wait() : ReconnectAction.None;

    public void Close() => State = ReconnectState.Closed;

    private ReconnectAction Wait()
    {
        State = ReconnectState.Waiting;
        double longest = Math.Min(longestDelay.TotalMilliseconds, firstDelay.TotalMilliseconds * Math.Pow(2, Math.Min(_failures, 30)));
        _failures++;

        // Half of the wait is chance, so that the peers of one that restarts do not come back all at once.
        return new ReconnectAction(false, TimeSpan.FromMilliseconds(longest * (0.5 + (0.5 * random()))));
    }
}
