using System.Threading.Tasks.Sources;
using IrohRpc.CompilerServices;

namespace IrohRpc.Calls;

/// <summary>What the caller of a call awaits. Completed once, by the one who ends the call.</summary>
internal abstract class CallSource
{
    /// <summary>Completes with the outcome of a call: its result, decoded here, or its error.</summary>
    /// <param name="call">The call, which this method may give back to its pool.</param>
    public abstract void Complete(OutgoingCall call);

    /// <summary>Completes with an error.</summary>
    /// <param name="exception">The error.</param>
    /// <param name="isForeignThread">Whether this thread is not the call's own, such as one that cancels a token: the caller's continuation then runs on the pool.</param>
    public abstract void Fail(Exception exception, bool isForeignThread);
}

/// <summary>The pooled source behind the <see cref="ValueTask{T}"/> of a call.</summary>
/// <remarks>
/// A source goes back to its pool only from a <see cref="GetResult"/> that is due: asked too early, twice, or with an old token, it throws and stays with its call.
/// </remarks>
internal sealed class CallSource<T> : CallSource, IValueTaskSource<T>, IValueTaskSource
{
    private static readonly Pool<CallSource<T>> Free = new(4096, static () => new CallSource<T>());

    private ManualResetValueTaskSourceCore<T> _core;
    private Func<OutgoingCall, T>? _selector;
    private ValueReader<T>? _reader;

    public ValueTask<T> Task => new(this, _core.Version);

    public ValueTask VoidTask => new(this, _core.Version);

    /// <summary>A source for one call.</summary>
    /// <param name="reader">Reads the result; null where there is none.</param>
    /// <param name="selector">Makes the result of the call itself, in place of a reader.</param>
    public static CallSource<T> Rent(ValueReader<T>? reader, Func<OutgoingCall, T>? selector = null)
    {
        CallSource<T> source = Free.Rent();
        source._reader = reader;
        source._selector = selector;
        return source;
    }

    public override void Complete(OutgoingCall call)
    {
        T result = default!;
        Exception? error = call.TakeError();
        if (error is null)
        {
            try
            {
                if (_reader is { } reader)
                {
                    result = reader.Read(call.ResultBytes, call.PayloadLimits);
                }
                else if (_selector is { } selector)
                {
                    result = selector(call);
                }
            }
            catch (Exception exception)
            {
                // The peer's bytes decide what a formatter throws.
                error = RpcErrors.BadResult(call.Method, exception);
            }
        }

        call.Completed(error);
        if (error is null)
        {
            _core.SetResult(result);
        }
        else
        {
            _core.SetException(error);
        }
    }

    public override void Fail(Exception exception, bool isForeignThread)
    {
        _core.RunContinuationsAsynchronously = isForeignThread;
        _core.SetException(exception);
    }

    public T GetResult(short token)
    {
        RequireVersion(token);
        if (_core.GetStatus(token) == ValueTaskSourceStatus.Pending)
        {
            throw new InvalidOperationException(
                "The call has no result yet. Await it; to block a thread for it, call AsTask() first and wait for that task.");
        }

        try
        {
            return _core.GetResult(token);
        }
        finally
        {
            _core.Reset();
            _core.RunContinuationsAsynchronously = false;
            _reader = null;
            _selector = null;

            // A version that starts over could let a ValueTask from long ago through.
            if (_core.Version != 0)
            {
                Free.Return(this);
            }
        }
    }

    void IValueTaskSource.GetResult(short token) => GetResult(token);

    public ValueTaskSourceStatus GetStatus(short token)
    {
        RequireVersion(token);
        return _core.GetStatus(token);
    }

    public void OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags)
    {
        RequireVersion(token);
        _core.OnCompleted(continuation, state, token, flags);
    }

    private void RequireVersion(short token)
    {
        if (token != _core.Version)
        {
            throw new InvalidOperationException(
                "The ValueTask of a call was used twice. Await it once; to await it several times, call AsTask() once and keep that task.");
        }
    }
}
