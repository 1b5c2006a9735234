using IrohRpc.Routing.Internal.Dialling;

namespace IrohRpc.Tests.Support;

/// <summary>How a simulated attempt ends: after a time, with or without a connection; a null time never ends by itself.</summary>
internal sealed record SimulatedAttempt(int? After, bool Connects)
{
    public static SimulatedAttempt Silent { get; } = new(null, false);

    public static SimulatedAttempt FailsAfter(int milliseconds) => new(milliseconds, false);

    public static SimulatedAttempt ConnectsAfter(int milliseconds) => new(milliseconds, true);
}

/// <summary>Runs a race by a clock that only the simulation moves, and writes down what the race did when.</summary>
internal sealed class RaceSimulation(int stagger, params SimulatedAttempt[] attempts)
{
    private readonly PriorityQueue<DialEvent, (int Time, int Order)> _events = new();
    private readonly HashSet<int> _running = [];
    private readonly List<string> _log = [];
    private int _order;
    private int _now;

    public IReadOnlyList<string> Log => _log;

    /// <summary>Whether a cancelled attempt connects all the same, as one does whose answer was under way.</summary>
    public bool CancelledConnectLate { get; init; }

    public int? TimesOutAfter { get; init; }

    public int? CancelledAfter { get; init; }

    public DialRace Run()
    {
        var race = new DialRace(attempts.Length);
        At(0, new(DialEventKind.Started));
        if (TimesOutAfter is { } timeOut)
        {
            At(timeOut, new(DialEventKind.TimedOut));
        }

        if (CancelledAfter is { } cancel)
        {
            At(cancel, new(DialEventKind.Cancelled));
        }

        while (_events.TryDequeue(out DialEvent happened, out (int Time, int Order) at))
        {
            bool isEnd = happened.Kind is DialEventKind.Connected or DialEventKind.Failed;
            if (isEnd && !_running.Remove(happened.Attempt))
            {
                continue;
            }

            _now = at.Time;
            foreach (DialAction action in race.Handle(happened))
            {
                Do(action);
            }
        }

        return race;
    }

    private void Do(DialAction action)
    {
        string number = action.Attempt < 0 ? "" : $" {action.Attempt}";
        switch (action.Kind)
        {
            case DialActionKind.StartAttempt:
                _log.Add($"{_now}: start{number}");
                _running.Add(action.Attempt);
                if (attempts[action.Attempt] is { After: { } after, Connects: var connects })
                {
                    At(_now + after, new(connects ? DialEventKind.Connected : DialEventKind.Failed, action.Attempt));
                }

                break;
            case DialActionKind.StartStagger:
                At(_now + stagger, new(DialEventKind.StaggerElapsed, action.Attempt));
                break;
            case DialActionKind.CancelAttempt:
                _log.Add($"{_now}: cancel{number}");
                At(_now + 1, new(CancelledConnectLate ? DialEventKind.Connected : DialEventKind.Failed, action.Attempt));
                break;
            case DialActionKind.DiscardConnection:
                _log.Add($"{_now}: discard{number}");
                break;
            case DialActionKind.Win:
                _log.Add($"{_now}: win{number}");
                break;
            default:
                _log.Add($"{_now}: {action.Kind}");
                break;
        }
    }

    private void At(int time, DialEvent happened) => _events.Enqueue(happened, (time, _order++));
}
