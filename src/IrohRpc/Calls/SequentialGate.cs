using IrohRpc.CompilerServices;

namespace IrohRpc.Internal;

/// <summary>Lets a connection's calls run one at a time, in the order in which they came.</summary>
internal sealed class SequentialGate
{
    private readonly Lock _gate = new();
    private readonly Queue<IncomingCall> _waiting = new();
    private bool _busy;

    /// <summary>Launches a call, now or once those before it have ended.</summary>
    public void Enter(IncomingCall call)
    {
        lock (_gate)
        {
            if (_busy)
            {
                _waiting.Enqueue(call);
                return;
            }

            _busy = true;
        }

        call.Path.Launch(call);
    }

    /// <summary>A call has ended: the next may run.</summary>
    public void Leave()
    {
        IncomingCall? next;
        lock (_gate)
        {
            if (!_waiting.TryDequeue(out next))
            {
                _busy = false;
                return;
            }
        }

        next.Path.Launch(next);
    }
}
