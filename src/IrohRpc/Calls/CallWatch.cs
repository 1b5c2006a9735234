using IrohRpc.CompilerServices;

namespace IrohRpc.Calls;

/// <summary>What may give a call up before its response comes: its token, its deadline, the token of the enumeration of its result.</summary>
internal struct CallWatch
{
    private CancellationTokenRegistration _cancellation;
    private CancellationTokenRegistration _readerCancellation;
    private ITimer? _timer;

    /// <summary>Calls <see cref="OutgoingCall.DeadlinePassed"/> in so much time.</summary>
    public void StartTimer(OutgoingCall call, TimeSpan left)
        => _timer = call.Invoker.TimeProvider.CreateTimer(static state => ((OutgoingCall)state!).DeadlinePassed(), call, left, Timeout.InfiniteTimeSpan);

    /// <summary>Calls <see cref="OutgoingCall.Cancelled"/> when the call's token fires.</summary>
    public void Register(OutgoingCall call) => _cancellation = Register(call, call.CancellationToken);

    /// <summary>Calls <see cref="OutgoingCall.Cancelled"/> when the token of who reads the result fires.</summary>
    public void RegisterReader(OutgoingCall call, CancellationToken cancellationToken)
    {
        if (cancellationToken.CanBeCanceled)
        {
            _readerCancellation = Register(call, cancellationToken);
        }
    }

    /// <summary>The call has ended, or its result streams from now on.</summary>
    /// <returns>Whether nothing will look at the call's object any more.</returns>
    public bool Stop(OutgoingCall call)
    {
        StopTimer();
        bool removed = !call.CancellationToken.CanBeCanceled || _cancellation.Unregister();
        _cancellation = default;

        // A timer's callback may be about to look at the object, which then stays out of the pool.
        return removed && call.Deadline is null;
    }

    public void StopTimer()
    {
        _timer?.Dispose();
        _timer = null;
    }

    /// <summary>Nobody reads the result any more.</summary>
    public readonly void StopReader() => _readerCancellation.Dispose();

    private static CancellationTokenRegistration Register(OutgoingCall call, CancellationToken cancellationToken)
        => cancellationToken.UnsafeRegister(static (state, token) => ((OutgoingCall)state!).Cancelled(token), call);
}
