using System.Threading.Tasks.Sources;
using IrohRpc.CompilerServices;

namespace IrohRpc.Internal;

/// <summary>What the caller of a unary call awaits. Completed once, by whoever ends the call.</summary>
internal abstract class CallSource
{
    /// <summary>Completes with what the call got: its result, decoded here, or its error.</summary>
    /// <param name="call">The call, which this method gives back.</param>
    public abstract void Complete(OutgoingCall call);

    /// <summary>Completes with an error.</summary>
    public abstract void Fail(Exception exception);
}

/// <summary>The pooled source behind the <see cref="ValueTask{T}"/> of a unary call.</summary>
internal sealed class CallSource<T> : CallSource, IValueTaskSource<T>, IValueTaskSource
{
    private static readonly Pool<CallSource<T>> Free = new(4096, static () => new CallSource<T>());

    private ManualResetValueTaskSourceCore<T> _core;
    private ValueReader<T>? _reader;

    public ValueTask<T> Task => new(this, _core.Version);

    public ValueTask VoidTask => new(this, _core.Version);

    /// <summary>A source for one call.</summary>
    /// <param name="reader">Reads the result; null where there is none.</param>
    public static CallSource<T> Rent(ValueReader<T>? reader)
    {
        CallSource<T> source = Free.Rent();
        source._reader = reader;
        return source;
    }

    public override void Complete(OutgoingCall call)
    {
        T result = default!;
        Exception? error = call.TakeError();
        if (error is null && _reader is { } reader)
        {
            try
            {
                result = reader.Read(call.ResultBytes, call.PayloadLimits);
            }
            catch (Exception exception)
            {
                // The peer's bytes decide what a formatter throws.
                error = RpcErrors.BadResult(call.Method, exception);
            }
        }

        call.Ended(error);
        if (error is null)
        {
            _core.SetResult(result);
        }
        else
        {
            _core.SetException(error);
        }
    }

    public override void Fail(Exception exception) => _core.SetException(exception);

    public T GetResult(short token)
    {
        try
        {
            return _core.GetResult(token);
        }
        finally
        {
            _core.Reset();
            _reader = null;
            Free.Return(this);
        }
    }

    void IValueTaskSource.GetResult(short token) => GetResult(token);

    public ValueTaskSourceStatus GetStatus(short token) => _core.GetStatus(token);

    public void OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags)
        => _core.OnCompleted(continuation, state, token, flags);
}
