using IrohRpc.CompilerServices;
using IrohRpc.Internal;

namespace IrohRpc.StreamCalls;

/// <summary>What a caller streams for one parameter, as the handler reads it.</summary>
internal sealed class ParameterReader : MessageReader
{
    private readonly IncomingCall _call;
    private readonly int _parameter;
    private readonly Func<ValueTask<FrameReader>>? _open;

    /// <param name="call">The call.</param>
    /// <param name="parameter">The parameter's index on the wire.</param>
    /// <param name="frames">Where it comes from, or null where <paramref name="open"/> waits for that.</param>
    /// <param name="open">Waits for the channel.</param>
    public ParameterReader(IncomingCall call, int parameter, FrameReader? frames, Func<ValueTask<FrameReader>>? open)
        : base(call.Method, call.Method.MessageLimit ?? call.Host.Options.MessageLimit, call.Host.Options.MaxFieldBytes)
    {
        _call = call;
        _parameter = parameter;
        _open = open;
        if (frames is not null)
        {
            Attach(frames);
        }
    }

    /// <summary>Called when the caller wants no more of the bytes that a parameter takes back.</summary>
    public Action? Stopped { get; init; }

    protected override void HandleOther(FrameType type, ReadOnlySpan<byte> body)
    {
        if (type == FrameType.Stop)
        {
            Stopped?.Invoke();
        }
    }

    protected override PayloadLimits PayloadLimits => _call.Host.Options.PayloadLimits;

    protected override ValueTask<FrameReader> OpenAsync() => _open is null ? base.OpenAsync() : _open();

    protected override Exception Translate(Exception exception)
    {
        if (exception is PeerException { Kind: PeerErrorKind.StreamAborted, ErrorCode: ResetCode.Cancelled } && _call.TakeCancellation() is { } cancellation)
        {
            // The reset is the first to tell that the call is given up.
            HandlerSignal.Fire(_call.Host, cancellation);
        }

        if (_call.IsGivenUp)
        {
            return new OperationCanceledException("The caller has given the call up.", exception, _call.CancellationToken);
        }

        RpcException error = RpcErrors.FromStream(_call.Method, exception);
        error.MayPassOn = true;
        return error;
    }

    protected override Exception BadItem(Exception exception)
        => new RpcException(
            RpcStatusCode.InvalidArgument,
            $"{_call.Method}: an item of argument \"{Name}\" cannot be read: {exception.SafeMessage()}",
            exception);

    private string Name => _parameter < _call.Method.Parameters.Count ? _call.Method.Parameters[_parameter].Name : "result";
}
