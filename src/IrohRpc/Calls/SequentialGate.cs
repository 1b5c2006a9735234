using IrohRpc.CompilerServices;

namespace IrohRpc.Calls;

/// <summary>
/// Lets a connection's calls run one at a time, in the order in which their caller made them. A call that comes on a stream of its own has its place where the lane
/// announced its turn, whichever of the two arrives first.
/// </summary>
/// <param name="most">How many turns that have no call yet, and calls that have no turn, are kept.</param>
internal sealed class SequentialGate(int most)
{
    private readonly Lock _gate = new();
    private readonly LinkedList<Slot> _waiting = [];
    private readonly Dictionary<long, Slot> _turns = [];
    private readonly HashSet<long> _late = [];
    private bool _busy;

    /// <summary>Launches a call, now or when those before it have ended.</summary>
    public void Enter(IncomingCall call)
    {
        lock (_gate)
        {
            _waiting.AddLast(new Slot { Call = call, IsPlaced = true });
        }

        LaunchNext();
    }

    /// <summary>Launches a call whose turn a lane announces, or has announced.</summary>
    /// <returns>Whether the turn is known. Where it is not, <see cref="EnterLate"/> follows after a while.</returns>
    public bool Enter(IncomingCall call, long turn)
    {
        bool isPlaced;
        lock (_gate)
        {
            Slot slot = FindTurn(turn);
            slot.Call = call;
            isPlaced = slot.IsPlaced;
            if (isPlaced)
            {
                _turns.Remove(turn);
            }
        }

        LaunchNext();
        return isPlaced;
    }

    /// <summary>No lane has announced a turn in time: its call runs behind those that have a place.</summary>
    public void EnterLate(long turn)
    {
        lock (_gate)
        {
            if (_turns.Remove(turn, out Slot? slot) && slot is { IsPlaced: false, Call: not null })
            {
                slot.IsPlaced = true;
                _waiting.AddLast(slot);
                if (_late.Count < most)
                {
                    _late.Add(turn);
                }
            }
        }

        LaunchNext();
    }

    /// <summary>A lane announces the turn of a call on a stream. False where too many are announced.</summary>
    public bool TryAnnounce(long turn)
    {
        lock (_gate)
        {
            if (_late.Remove(turn))
            {
                return true;
            }

            if (_waiting.Count >= most)
            {
                return false;
            }

            Slot slot = FindTurn(turn);
            if (!slot.IsPlaced)
            {
                slot.IsPlaced = true;
                _waiting.AddLast(slot);
            }

            if (slot.Call is not null || slot.IsSkipped)
            {
                _turns.Remove(turn);
            }
        }

        LaunchNext();
        return true;
    }

    /// <summary>The call of a turn was refused, which the lane may be yet to announce.</summary>
    public void Refuse(long turn)
    {
        lock (_gate)
        {
            if (_turns.ContainsKey(turn) || _turns.Count < most)
            {
                Slot slot = FindTurn(turn);
                slot.IsSkipped = true;
                if (slot.IsPlaced)
                {
                    _turns.Remove(turn);
                }
            }
        }

        LaunchNext();
    }

    /// <summary>A lane says that the call of a turn that it has announced will not come. One that has come keeps its place.</summary>
    public void Skip(long turn)
    {
        lock (_gate)
        {
            if (_turns.TryGetValue(turn, out Slot? slot) && slot is { IsPlaced: true, Call: null })
            {
                slot.IsSkipped = true;
                _turns.Remove(turn);
            }
        }

        LaunchNext();
    }

    /// <summary>The lane that announces turns has ended: calls that still wait for theirs run after those that have one.</summary>
    public void EndTurns()
    {
        lock (_gate)
        {
            foreach (Slot slot in _turns.Values)
            {
                slot.IsSkipped |= slot.Call is null;
                if (!slot.IsPlaced && slot.Call is not null)
                {
                    slot.IsPlaced = true;
                    _waiting.AddLast(slot);
                }
            }

            _turns.Clear();
            _late.Clear();
        }

        LaunchNext();
    }

    /// <summary>A call has ended: the next may run.</summary>
    public void Leave()
    {
        lock (_gate)
        {
            _busy = false;
        }

        LaunchNext();
    }

    private Slot FindTurn(long turn)
    {
        if (!_turns.TryGetValue(turn, out Slot? slot))
        {
            slot = _turns[turn] = new Slot();
        }

        return slot;
    }

    private void LaunchNext()
    {
        IncomingCall call;
        lock (_gate)
        {
            while (_waiting.First is { Value.IsSkipped: true })
            {
                _waiting.RemoveFirst();
            }

            if (_busy || _waiting.First?.Value.Call is not { } next)
            {
                return;
            }

            _busy = true;
            _waiting.RemoveFirst();
            call = next;
        }

        call.Responder.Launch(call);
    }

    private sealed class Slot
    {
        public IncomingCall? Call { get; set; }

        public bool IsPlaced { get; set; }

        public bool IsSkipped { get; set; }
    }
}
