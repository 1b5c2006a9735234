namespace IrohRpc.Routing.Internal.Dialling;

/// <summary>
/// Which address of a peer is tried when, and which connection wins: the staggered race of RFC 8305, section 5, without sockets and clock.
/// </summary>
/// <remarks>
/// <para>The next attempt starts when the delay behind the last has elapsed, or as soon as any fails. The first to connect wins and the others are
/// cancelled; one that connects all the same is discarded. No failure at one address ends the race: an address says nothing certain about
/// the peer before the peer has authenticated there, and a stale address may by now belong to somebody else.</para>
/// <para>The peer is looked up where it comes without addresses, or its first ones are slow or fail; what the lookup finds joins the race.</para>
/// </remarks>
internal sealed class DialRace
{
    private readonly List<bool> _running;
    private readonly int _atOnce;
    private LookupState _lookup;
    private int _started;
    private int _runningCount;
    private bool _decided;

    /// <param name="attempts">How many addresses the plan has; none only where the peer can be looked up.</param>
    /// <param name="atOnce">How many of them start together.</param>
    /// <param name="canLookUp">Whether the peer can be looked up.</param>
    public DialRace(int attempts, int atOnce = 1, bool canLookUp = false)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(attempts, canLookUp ? 0 : 1);
        _running = [.. Enumerable.Repeat(false, attempts)];
        _atOnce = atOnce;
        _lookup = canLookUp ? LookupState.Waiting : LookupState.Ended;
    }

    private enum LookupState
    {
        Waiting,
        Running,
        Ended,
    }

    /// <summary>Whether the race is decided and every attempt has reported its end.</summary>
    public bool IsSettled => _decided && _runningCount == 0 && _lookup != LookupState.Running;

    private bool HasNext => _started < _running.Count;

    /// <summary>Takes note of an event.</summary>
    /// <returns>What is to be done, in this order.</returns>
    public IReadOnlyList<DialAction> Handle(DialEvent happened)
    {
        var actions = new List<DialAction>();
        switch (happened.Kind)
        {
            case DialEventKind.Started when !HasNext:
                StartLookup(actions);
                break;
            case DialEventKind.Started:
                Start(actions, Math.Min(_atOnce, _running.Count));
                break;
            case DialEventKind.StaggerElapsed:
                // A timer that was overtaken by a failure reports an attempt that is no longer the last.
                if (!_decided && happened.Attempt == _started - 1)
                {
                    StartLookup(actions);
                    Start(actions, 1);
                }

                break;
            case DialEventKind.Found:
                Add(happened.Attempt, happened.AtOnce, actions);
                break;
            case DialEventKind.LookupEnded:
                _lookup = LookupState.Ended;
                FailIfExhausted(actions);
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
                if (!_decided)
                {
                    StartLookup(actions);
                    Start(actions, 1);
                    FailIfExhausted(actions);
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

    private void Add(int count, int atOnce, List<DialAction> actions)
    {
        bool isTimerSet = HasNext;
        _running.AddRange(Enumerable.Repeat(false, count));
        if (_decided)
        {
            return;
        }

        if (_runningCount == 0)
        {
            Start(actions, Math.Max(1, atOnce));
        }
        else if (!isTimerSet && HasNext)
        {
            actions.Add(new(DialActionKind.StartStagger, _started - 1));
        }
    }

    private void Start(List<DialAction> actions, int count)
    {
        int before = _started;
        for (; HasNext && _started < before + count; _started++)
        {
            _running[_started] = true;
            _runningCount++;
            actions.Add(new(DialActionKind.StartAttempt, _started));
        }

        if (_started > before && (HasNext || _lookup == LookupState.Waiting))
        {
            actions.Add(new(DialActionKind.StartStagger, _started - 1));
        }
    }

    private void StartLookup(List<DialAction> actions)
    {
        if (_lookup == LookupState.Waiting)
        {
            _lookup = LookupState.Running;
            actions.Add(new(DialActionKind.StartLookup));
        }
    }

    private void FailIfExhausted(List<DialAction> actions)
    {
        if (_runningCount == 0 && !HasNext && _lookup == LookupState.Ended)
        {
            Decide(new(DialActionKind.FailExhausted), actions);
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
