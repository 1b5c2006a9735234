using System.Diagnostics;
using IrohRpc.CompilerServices;

namespace IrohRpc.Calls;

/// <summary>Who looks on while a call is made: its activity, the metrics, its interceptors. It is over once, by whoever ends the call.</summary>
internal struct CallObservation
{
    private Activity? _activity;
    private OutgoingInvocation? _invocation;
    private long _startedAt;

    /// <summary>The call passes interceptors, which learn of its end.</summary>
    public void Intercept(OutgoingInvocation? invocation) => _invocation = invocation;

    /// <summary>The call begins.</summary>
    /// <returns>The activity that travels with it; null where there is none.</returns>
    public Activity? Start(MethodDescriptor method)
    {
        _activity = Tracing.StartCall(method);
        _startedAt = CallMetrics.Start(method, isServer: false);
        return _activity ?? Activity.Current;
    }

    /// <summary>The call is made again.</summary>
    public readonly void Retry(MethodDescriptor method, int retries, RpcStatusCode failure)
    {
        Tracing.Retry(_activity, retries, failure);
        CallMetrics.Retried(method);
    }

    /// <summary>The call has ended.</summary>
    public void Stop(MethodDescriptor method, Exception? error, int sent, int received)
    {
        if (_activity is null && _invocation is null && _startedAt == 0)
        {
            return;
        }

        RpcStatusCode status = RpcErrors.StatusOf(error);
        Tracing.Stop(Interlocked.Exchange(ref _activity, null), status);
        if (Interlocked.Exchange(ref _startedAt, 0) is not 0 and var startedAt)
        {
            CallMetrics.Stop(method, isServer: false, startedAt, status, sent, received);
        }

        Interlocked.Exchange(ref _invocation, null)?.CallEnded(status, error);
    }
}
