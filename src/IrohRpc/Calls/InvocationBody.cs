using System.IO.Pipelines;
using System.Threading.Tasks.Sources;
using IrohRpc.CompilerServices;

namespace IrohRpc.Calls;

/// <summary>The part of a call that knows its types: its arguments and its result.</summary>
internal abstract class InvocationBody
{
    /// <summary>The arguments.</summary>
    public abstract CallArguments Arguments { get; }

    /// <summary>Whether there is a result.</summary>
    public bool HasResult { get; protected set; }

    /// <summary>The result as an object; null while there is none.</summary>
    public abstract object? Result { get; set; }

    /// <summary>Calls the target and keeps its result.</summary>
    public abstract ValueTask InvokeAsync(object target, CallContext context, CancellationToken cancellationToken);

    /// <summary>Wraps a result that is a stream of items; false for any other.</summary>
    public abstract bool TryMapResultItems(Func<object?, object?> map);

    /// <summary>Takes the result of another body of the same call.</summary>
    public abstract void TakeResult(InvocationBody other);

    /// <summary>A body of the same call, with the same arguments and no result.</summary>
    public abstract InvocationBody Fork();

    /// <summary>Completes who waits for the result, at the service.</summary>
    public abstract void Complete(Exception? error);

    /// <summary>Ends a result that streams and that nobody will get. Never faults.</summary>
    public Task AbandonResultAsync(Exception? error) => InvocationStreams.EndAsync(Result, error);

    /// <summary>Ends the pipes among the arguments of a call that was never made, as the call would have. Never faults.</summary>
    /// <param name="count">How many arguments there are.</param>
    /// <param name="error">How the call ended.</param>
    public async Task AbandonArgumentsAsync(int count, Exception? error)
    {
        for (int i = 0; i < count; i++)
        {
            object? argument = Arguments.Get(i);
            if (argument is PipeReader or PipeWriter)
            {
                await InvocationStreams.EndAsync(argument, error).ConfigureAwait(false);
            }
        }
    }
}

/// <summary>The same, typed: nothing is boxed unless an interceptor looks. At the service, it is also what the dispatcher awaits.</summary>
internal sealed class InvocationBody<TContract, TResult>(RpcMethod method, CallArguments<TContract, TResult> arguments) : InvocationBody, IValueTaskSource<TResult>
    where TContract : class, IContract<TContract>
{
    private ManualResetValueTaskSourceCore<TResult> _core;
    private TResult? _result;

    public override CallArguments Arguments => arguments;

    public TResult TypedResult => _result!;

    public ValueTask<TResult> Task => new(this, _core.Version);

    public override object? Result
    {
        get => _result;
        set
        {
            _result = value switch
            {
                TResult result => result,
                null when default(TResult) is null => default,
                _ => throw new ArgumentException($"{value?.GetType().ToString() ?? "null"} is no result of {method}: that is a {typeof(TResult)}.", nameof(value)),
            };
            HasResult = true;
        }
    }

    public override async ValueTask InvokeAsync(object target, CallContext context, CancellationToken cancellationToken)
    {
        _result = await arguments.InvokeAsync((TContract)target, context, cancellationToken).ConfigureAwait(false);
        HasResult = true;
    }

    public override bool TryMapResultItems(Func<object?, object?> map)
    {
        if (_result is null || arguments.TryMapResultItems(_result, map) is not { } mapped)
        {
            return false;
        }

        _result = mapped;
        return true;
    }

    public override void TakeResult(InvocationBody other)
    {
        _result = ((InvocationBody<TContract, TResult>)other)._result;
        HasResult = other.HasResult;
    }

    public override InvocationBody Fork() => new InvocationBody<TContract, TResult>(method, arguments);

    public override void Complete(Exception? error)
    {
        if (error is null)
        {
            _core.SetResult(_result!);
        }
        else
        {
            _core.SetException(error);
        }
    }

    public TResult GetResult(short token) => _core.GetResult(token);

    public ValueTaskSourceStatus GetStatus(short token) => _core.GetStatus(token);

    public void OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags)
        => _core.OnCompleted(continuation, state, token, flags);
}
