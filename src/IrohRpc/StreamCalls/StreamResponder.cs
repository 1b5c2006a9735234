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
    private long _turn = -1;
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
        Request? request = await ReadRequestAsync().ConfigureAwait(false);
        if (request is null)
        {
            return;
        }

        if (request.Rejection is { } rejection)
        {
            Reject(rejection, request.Type, request.Number);
        }
        else if (_call is { } call)
        {
            _connection.Track(WatchAsync(_stream.ReadsClosed));
            _connection.Track(WatchAsync(_stream.WritesClosed));
            if (call.IsOneWay)
            {
                // The caller learns that it was taken in, and waits for nothing else.
                _sender.Complete();
            }
            else if (StreamParameters.OnCallStream(call.Method) < 0 && StreamParameters.TakesBytesBack(call.Method))
            {
                _connection.Track(ReadStopAsync());
            }

            if (_connection.Sequence is { } sequence)
            {
                if (_turn < 0)
                {
                    sequence.Enter(call);
                }
                else if (!sequence.Enter(call, _turn))
                {
                    _connection.Track(EnterLateAsync(sequence));
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

    public override void Launch(IncomingCall call) => ThreadPool.UnsafeQueueUserWorkItem(
        static started =>
        {
            PoolGrowth.Enter();
            try
            {
                started.Run();
            }
            finally
            {
                PoolGrowth.Leave();
            }
        },
        call,
        preferLocal: false);

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
            AppendResponse(status, fields, result);
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

    private async ValueTask<Request?> ReadRequestAsync()
    {
        // A request has to arrive within a time, since it holds memory meanwhile.
        using var timeout = new CancellationTokenSource(_connection.Options.RequestTimeout, _connection.Options.TimeProvider);
        using CancellationTokenRegistration registration = timeout.Token.UnsafeRegister(
            static state => ((StreamResponder)state!).RequestIsLate(), this);
        try
        {
            Request? request;
            while ((request = TryTakeIn()) is null)
            {
                if (!await _reader.FillAsync().ConfigureAwait(false))
                {
                    return null;
                }
            }

            return request;
        }
        catch (RpcException exception)
        {
            // It holds more than may be held.
            return new Request(FrameType.Request, 0, new Rejection(exception.StatusCode, exception.Message));
        }
    }

    private void RequestIsLate()
    {
        _stream.AbortRead(ResetCode.LimitExceeded);
        _sender.Abort(ResetCode.LimitExceeded);
    }

    // Null where more has to arrive.
    private Request? TryTakeIn()
    {
        while (true)
        {
            if (!_reader.TryPeek(WireFormat.LargestHead, out FrameType type, out long length, out ReadOnlySpan<byte> head))
            {
                return null;
            }

            if (type > WireFormat.LastFrameType)
            {
                // A frame that this build does not know says nothing about the call.
                switch (_reader.TryRead(0, out _, out _))
                {
                    case FrameReadResult.Incomplete:
                        return null;
                    case FrameReadResult.Broken:
                        // Its length does not even cover its type, so that nothing of it can be skipped.
                        return Broken();
                }

                continue;
            }

            return TryTakeIn(type, length, head);
        }
    }

    private Request? TryTakeIn(FrameType type, long length, ReadOnlySpan<byte> head)
    {
        if (type is not (FrameType.Request or FrameType.Notification))
        {
            return Broken();
        }

        if (!RequestFrame.TryReadMethod(ref head, out long number, out long target, out uint nameId, out ulong signatureId))
        {
            return new Request(type, number, new Rejection(RpcStatusCode.InvalidArgument, "The request's head cannot be read."));
        }

        Rejection? rejection = CallResolver.Resolve(_connection, target, nameId, signatureId, out ServiceBinding? binding, out MethodDescriptor? method);
        if (rejection is not null)
        {
            return new Request(type, number, rejection);
        }

        // Before anything is buffered: the length is known, the method's limit as well.
        int limit = method!.MessageLimit ?? _connection.Options.MessageLimit;
        int frameLimit = WireFormat.FrameLimit(limit, _connection.Options.MaxFieldBytes);
        if (length >= frameLimit)
        {
            return new Request(type, number, new Rejection(RpcStatusCode.ResourceExhausted, RpcErrors.ArgumentsTooLarge(method, limit)));
        }

        return _reader.TryRead(frameLimit, out type, out ReadOnlySpan<byte> body) switch
        {
            FrameReadResult.Incomplete => null,
            FrameReadResult.Frame => TakeIn(body, binding!, method, type),
            _ => Broken(),
        };
    }

    private Request TakeIn(ReadOnlySpan<byte> body, ServiceBinding binding, MethodDescriptor method, FrameType type)
    {
        bool isOneWay = type == FrameType.Notification;
        if (!RequestFrame.TryParse(body, out long number, out RequestFrame frame))
        {
            return new Request(type, number, new Rejection(RpcStatusCode.InvalidArgument, $"The request for {method} cannot be read."));
        }

        Rejection? rejection = CallResolver.Check(_connection.Options, method, frame, isOneWay, out RequestFields fields);
        if (rejection is null && _connection.TryStartCall(frame.Cost, out rejection))
        {
            _turn = fields.Turn;
            _call = IncomingCall.Rent(this, _connection, binding, method, number, isOneWay, frame, fields);
        }
        else if (fields.Turn >= 0)
        {
            _connection.Sequence?.Refuse(fields.Turn);
        }

        return new Request(type, number, rejection);
    }

    private Request Broken()
    {
        _stream.AbortRead(ResetCode.BrokenFrame);
        _sender.Abort(ResetCode.BrokenFrame);
        return new Request(FrameType.Notification, 0, null);
    }

    private void Reject(Rejection rejection, FrameType type, long number)
    {
        _connection.LogRejected(rejection.Status, rejection.Message);
        if (type == FrameType.Request)
        {
            var fields = new CallBuffer();
            FieldWriter.WriteMessage(fields, rejection.Message);
            FieldWriter.WriteNotStarted(fields);
            Span<byte> head = stackalloc byte[WireFormat.LargestHead];
            int length = WireFormat.WriteResponseHead(head, number, rejection.Status, fields.Length);
            _sender.Append(FrameType.Failure, head[..length], fields.WrittenSpan);
            fields.Release();
        }

        _stream.AbortRead(rejection.Status == RpcStatusCode.ResourceExhausted ? ResetCode.LimitExceeded : ResetCode.Cancelled);
    }

    private void AppendResponse(RpcStatusCode status, ReadOnlySpan<byte> fields, ReadOnlySpan<byte> result)
    {
        Span<byte> head = stackalloc byte[WireFormat.LargestHead];
        int length = WireFormat.WriteResponseHead(head, Call.Number, status, fields.Length);
        _sender.Append(status == RpcStatusCode.OK ? FrameType.Response : FrameType.Failure, head[..length], fields, result);
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
    private async Task EnterLateAsync(SequentialGate sequence)
    {
        try
        {
            await Task.Delay(LongestTurn, _connection.Options.TimeProvider, _connection.Ending).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // Handlers run to their ends, also those whose connection has ended.
        }

        sequence.EnterLate(_turn);
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
            _connection.Track(cancellation.FireAsync());
        }
    }

    // A request that was taken in, or why it was not.
    private sealed record Request(FrameType Type, long Number, Rejection? Rejection);
}
