using System.Threading.Tasks.Sources;

namespace IrohRpc.Transports.QMux;

/// <summary>
/// What one loop waits on, without allocating. The lock that guards what the loop looks for also guards <see cref="Arm"/> and
/// <see cref="Set"/>; the loop continues on the thread pool, never in the caller of <see cref="Set"/>.
/// </summary>
internal sealed class WakeSignal : IValueTaskSource
{
    private ManualResetValueTaskSourceCore<bool> _core = new() { RunContinuationsAsynchronously = true };
    private bool _isArmed;

    /// <summary>Before a wait: the next <see cref="Set"/> ends it.</summary>
    public void Arm()
    {
        _core.Reset();
        _isArmed = true;
    }

    /// <summary>Ends the wait, or does nothing where nobody waits.</summary>
    public void Set()
    {
        if (_isArmed)
        {
            _isArmed = false;
            _core.SetResult(true);
        }
    }

    /// <summary>
    /// Where the loop waits: the caller does what the loop would, and <see cref="Set"/> does nothing until <see cref="Unclaim"/>. Within the lock.
    /// </summary>
    public bool TryClaim()
    {
        bool wasArmed = _isArmed;
        _isArmed = false;
        return wasArmed;
    }

    /// <summary>After <see cref="TryClaim"/>: the loop is to be woken again by the next <see cref="Set"/>. Within the lock.</summary>
    public void Unclaim() => _isArmed = true;

    /// <summary>The wait, after <see cref="Arm"/>; outside the lock.</summary>
    public ValueTask WaitAsync() => new(this, _core.Version);

    void IValueTaskSource.GetResult(short token) => _core.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) => _core.GetStatus(token);

    void IValueTaskSource.OnCompleted(
        Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags)
        => _core.OnCompleted(continuation, state, token, flags);
}
