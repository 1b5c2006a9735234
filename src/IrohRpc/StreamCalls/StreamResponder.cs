using System.IO.Pipelines;
using IrohRpc.CompilerServices;

namespace IrohRpc.StreamCalls;

/// <summary>The service's end of a call that has a stream of its own.</summary>
internal sealed partial class StreamResponder : CallResponder
{
    private static readonly TimeSpan LongestTurn = TimeSpan.FromSeconds(1);

    private readonly RpcConnection _connection;
    private readonly PeerStream _stream;
    private readonly FrameReader _reader;
    private readonly FrameSender _sender;
    private readonly List<IProgressSender> _progress = [];
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private IncomingCall? _call;
    private BytesBackPipe? _bytesBack;
    private long _cost;

    public StreamResponder(RpcConnection connection, FrameReader reader)
    {
        _connection = connection;
        _stream = reader.Stream;
        _reader = reader;
        _sender = new FrameSender(_stream, connection.Held, CancelHandler);
    }

    public override bool ReusesCalls => false;

    private IncomingCall Call => _call!;

    /// <summary>Serves the call until it ends.</summary>
    public async Task RunAsync()
    {
        var request = new RequestReader(_connection, _reader, this, Reset);
        if (!await request.ReadAsync().ConfigureAwait(false))
        {
            return;
        }

        if (request.Rejection is { } rejection)
        {
            Reject(rejection, request.IsOneWay, request.Number);
        }
        else if (request.Call is { } call)
        {
            _call = call;
            _connection.Track(WatchAsync(_stream.ReadsClosed));
            _connection.Track(WatchAsync(_stream.WritesClosed));
            if (call.IsOneWay)
            {
                // The caller learns that it was taken in, and waits for nothing else.
                _sender.Complete();
            }
            else if (StreamParameters.OnCallStream(call.Method) < 0 && StreamParameters.TakesBytesBack(call.Method))
            {
                // It may read until the stream is gone.
                _reader.LeaveMemory();
                _connection.Track(ReadStopAsync());
            }

            if (_connection.Sequence is { } sequence)
            {
                if (request.Turn < 0)
                {
                    sequence.Enter(call);
                }
                else if (!sequence.Enter(call, request.Turn))
                {
                    _connection.Track(EnterLateAsync(sequence, request.Turn));
                }
            }
            else
            {
                Launch(call);
            }

            await _ended.Task.ConfigureAwait(false);
            await _sender.Completion.ConfigureAwait(false);
            _connection.ReturnPlace(_cost);
        }

        _sender.Complete();
        await _sender.Completion.ConfigureAwait(false);
    }

    public override void Launch(IncomingCall call) => _connection.Launches.Add(call);

    public override void Respond(IncomingCall call, RpcStatusCode status, ReadOnlySpan<byte> fields, ReadOnlySpan<byte> result)
    {
        if (Interlocked.Exchange(ref _bytesBack, null) is { } pipe)
        {
            _connection.Track(RespondAfterAsync(pipe, status, fields.ToArray(), result.ToArray()));
            return;
        }

        if (!call.IsOneWay)
        {
            SendHeldProgress();
            _sender.AppendResponse(Call.Number, status, fields, result);
        }

        Finish(status);
    }

    public override void Break(Exception exception)
    {
        _connection.LogStreamBroken(_stream.Id, exception);
        _sender.Abort(ResetCode.BrokenFrame);
        Finish(RpcStatusCode.Internal);
    }

    public override void ForgetUnlessDelivered(long number) => _connection.Track(ForgetUnlessDeliveredAsync(number));

    public override IAsyncEnumerable<T> ReceiveItems<T>(int parameter, ValueReader<T> reader) => new ParameterItems<T>(Direction(parameter), reader);

    public override Stream ReceiveBytes(int parameter) => new ReceivedBytes(Direction(parameter));

    public override PipeWriter SendBytesBack()
    {
        _bytesBack ??= new BytesBackPipe(_sender, _connection);
        return _bytesBack.Writer;
    }

    public override IProgress<T> SendProgress<T>(int parameter, ValueWriter<T> writer)
    {
        var progress = new ProgressSender<T>(_sender, parameter, writer, _connection.Options.BoundsFor(Call.Method));
        _progress.Add(progress);
        return progress;
    }

    private ParameterReader Direction(int parameter)
        => parameter == StreamParameters.OnCallStream(Call.Method)
            ? new ParameterReader(Call, parameter, _reader, null) { Stopped = StopBytesBack }
            : new ParameterReader(Call, parameter, null, () => _connection.TakeChannelAsync(_stream.Id, parameter, Call.CancellationToken));

    private void Reset(long code)
    {
        _stream.AbortRead(code);
        _sender.Abort(code);
    }

    private void Reject(Rejection rejection, bool isOneWay, long number)
    {
        _connection.LogRejected(rejection.Status, rejection.Message);
        long code = rejection.Status == RpcStatusCode.ResourceExhausted ? ResetCode.LimitExceeded : ResetCode.Cancelled;
        if (isOneWay)
        {
            // A clean end would say that it was taken in.
            Reset(code);
        }
        else
        {
            _sender.AppendRejection(number, rejection);
            _stream.AbortRead(code);
        }
    }

    private async Task ForgetUnlessDeliveredAsync(long number)
    {
        try
        {
            await _stream.WritesClosed.ConfigureAwait(false);
        }
        catch (Exception)
        {
            _connection.Objects.Release(number);
        }
    }

    private void SendHeldProgress()
    {
        foreach (IProgressSender progress in _progress)
        {
            progress.SendHeld();
        }
    }

    private void Finish(RpcStatusCode status)
    {
        if (_ended.Task.IsCompleted)
        {
            return;
        }

        _sender.Complete();
        _cost = Call.End(status);
        _ended.TrySetResult();
    }

    // A caller that can open no lane cannot announce turns either.
    private async Task EnterLateAsync(SequentialGate sequence, long turn)
    {
        try
        {
            await Task.Delay(LongestTurn, _connection.Options.TimeProvider, _connection.Ending).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // Handlers run to their ends, also those whose connection has ended.
        }

        sequence.EnterLate(turn);
    }

    // The caller reads no more of the bytes that it takes back: it says so, where nothing else is read of its direction.
    private async Task ReadStopAsync()
    {
        try
        {
            while (true)
            {
                FrameReadResult result = _reader.TryRead(WireFormat.LargestHead, out FrameType type, out _);
                if (result == FrameReadResult.Incomplete)
                {
                    if (!await _reader.FillAsync().ConfigureAwait(false))
                    {
                        return;
                    }
                }
                else if (result == FrameReadResult.Broken)
                {
                    return;
                }
                else if (type == FrameType.Stop)
                {
                    StopBytesBack();
                }
            }
        }
        catch (Exception)
        {
            // The call is over, or its end is seen by those who watch the stream.
        }
    }

    private void StopBytesBack() => Volatile.Read(ref _bytesBack)?.Stop();

    // The caller has reset a direction, or the connection is gone: either way nobody waits for the handler any more.
    private async Task WatchAsync(Task direction)
    {
        try
        {
            await direction.ConfigureAwait(false);
        }
        catch (PeerException exception) when (exception.Kind == PeerErrorKind.StreamAbortedLocally)
        {
            // This side gave the direction up.
        }
        catch (Exception)
        {
            CancelHandler();
        }
    }

    private void CancelHandler()
    {
        if (!_ended.Task.IsCompleted && _call?.TakeCancellation() is { } cancellation)
        {
            HandlerSignal.Fire(_connection, cancellation);
        }
    }
}
