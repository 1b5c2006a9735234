namespace IrohRpc.Routing.Internal.Dialling;

/// <summary>
/// Which address of a peer is tried when, and which connection wins: the staggered race of RFC 8305, section 5, without sockets and clock.
/// </summary>
/// <remarks>
/// The next attempt starts when the delay behind the last has elapsed, or as soon as any fails. The first to connect wins and the others are
/// cancelled; one that connects all the same is discarded. No failure at one address ends the race: an address says nothing certain about
/// the peer before the peer has authenticated there, and a stale address may by now belong to somebody else.
/// </remarks>
internal sealed class DialRace
{
    private readonly bool[] _running;
    private int _started;
    private int _runningCount;
    private bool _decided;

    /// <param name="attempts">How many addresses the plan has; at least one.</param>
    public DialRace(int attempts)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(attempts, 1);
        _running = new bool[attempts];
    }

    /// <summary>Whether the race is decided and every attempt has reported its end.</summary>
    public bool IsSettled => _decided && _runningCount == 0;

    /// <summary>Takes note of an event.</summary>
    /// <returns>What is to be done, in this order.</returns>
    public IReadOnlyList<DialAction> Handle(DialEvent happened)
    {
        var actions = new List<DialAction>();
        switch (happened.Kind)
        {
            case DialEventKind.Started:
                StartNext(actions);
                break;
            case DialEventKind.StaggerElapsed:
                // A timer that was overtaken by a failure reports an attempt that is no longer the last.
                if (!_decided && happened.Attempt == _started - 1)
                {
                    StartNext(actions);
                }

                break;
            case DialEventKind.Connected:
                End(happened.Attempt);
                if (_decided)
                {
                    actions.Add(new(DialActionKind.DiscardConnection, happened.Attempt));
                }
                else
                {
                    Decide(new(DialActionKind.Win, happened.Attempt), actions);
                }

                break;
            case DialEventKind.Failed:
                End(happened.Attempt);
                if (_decided)
                {
                    break;
                }

                StartNext(actions);
                if (_runningCount == 0)
                {
                    Decide(new(DialActionKind.FailExhausted), actions);
                }

                break;
            case DialEventKind.TimedOut:
                Decide(new(DialActionKind.FailTimedOut), actions);
                break;
            case DialEventKind.Cancelled:
                Decide(new(DialActionKind.FailCancelled), actions);
                break;
            case DialEventKind.EndpointClosed:
                Decide(new(DialActionKind.FailEndpointClosed), actions);
                break;
        }

        return actions;
    }

    private void StartNext(List<DialAction> actions)
    {
        if (_started == _running.Length)
        {
            return;
        }

        int attempt = _started++;
        _running[attempt] = true;
        _runningCount++;
        actions.Add(new(DialActionKind.StartAttempt, attempt));
        if (_started < _running.Length)
        {
            actions.Add(new(DialActionKind.StartStagger, attempt));
        }
    }

    private void End(int attempt)
    {
        if (!_running[attempt])
        {
            throw new InvalidOperationException($"Attempt {attempt} is not running.");
        }

        _running[attempt] = false;
        _runningCount--;
    }

    private void Decide(DialAction outcome, List<DialAction> actions)
    {
        if (_decided)
        {
            return;
        }

        _decided = true;
        actions.Add(outcome);
        for (int attempt = 0; attempt < _started; attempt++)
        {
            if (_running[attempt])
            {
                actions.Add(new(DialActionKind.CancelAttempt, attempt));
            }
        }
    }
}
