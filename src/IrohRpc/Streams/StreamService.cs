using System.IO.Pipelines;
using IrohRpc.CompilerServices;

namespace IrohRpc.Internal;

/// <summary>The handler's end of a call that has a stream of its own.</summary>
internal sealed partial class StreamService : AnswerPath
{
    private readonly RpcConnection _connection;
    private readonly PeerStream _stream;
    private readonly FrameReader _reader;
    private readonly FrameSender _sender;
    private readonly List<IProgressSender> _progress = [];
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private IncomingCall? _call;
    private BytesBackPipe? _bytesBack;

    public StreamService(RpcConnection connection, FrameReader reader)
    {
        _connection = connection;
        _stream = reader.Stream;
        _reader = reader;
        _sender = new FrameSender(_stream);
    }

    private IncomingCall Call => _call!;

    /// <summary>Serves the call until it ends.</summary>
    public async Task RunAsync()
    {
        CallRefusal? refusal;
        FrameType type;
        long number;
        while (!TryTakeIn(out refusal, out type, out number))
        {
            if (!await _reader.FillAsync().ConfigureAwait(false))
            {
                return;
            }
        }

        if (refusal is not null)
        {
            Refuse(refusal, type, number);
        }
        else if (_call is not null)
        {
            _connection.Track(WatchAsync(_stream.ReadsClosed));
            _connection.Track(WatchAsync(_stream.WritesClosed));
            if (_connection.Sequence is { } sequence)
            {
                sequence.Enter(_call);
            }
            else
            {
                Launch(_call);
            }

            await _ended.Task.ConfigureAwait(false);
            await _sender.Completion.ConfigureAwait(false);
            _connection.AnswerLeft();
        }

        _sender.Complete();
        await _sender.Completion.ConfigureAwait(false);
    }

    public override void Launch(IncomingCall call)
        => ThreadPool.UnsafeQueueUserWorkItem(static started => started.Run(), call, preferLocal: false);

    public override void Answer(IncomingCall call, RpcStatusCode status, ReadOnlySpan<byte> fields, ReadOnlySpan<byte> result)
    {
        if (_bytesBack is { } pipe)
        {
            _bytesBack = null;
            _connection.Track(AnswerAfterAsync(pipe, status, fields.ToArray(), result.ToArray()));
            return;
        }

        if (!call.IsOneWay)
        {
            SendHeldProgress();
            AppendAnswer(status, fields, result);
        }

        Finish(status);
    }

    /// <summary>Runs what a streaming answer does, which sees to its own failures.</summary>
    public void Run(Func<Task> answer) => _connection.Track(answer());

    /// <summary>Lets an object go that the answer passes, where the caller has given the call up and never learns of it.</summary>
    public void ForgetUnlessDelivered(long number) => _connection.Track(ForgetUnlessDeliveredAsync(number));

    public IAsyncEnumerable<T> ReceiveItems<T>(int parameter, ValueReader<T> reader) => new ParameterItems<T>(Direction(parameter), reader);

    public Stream ReceiveBytes(int parameter) => new ReceivedBytes(Direction(parameter));

    public PipeWriter SendBytesBack()
    {
        _bytesBack ??= new BytesBackPipe(_sender, _connection);
        return _bytesBack.Writer;
    }

    public IProgress<T> SendProgress<T>(int parameter, ValueWriter<T> writer)
    {
        var progress = new ProgressSender<T>(_sender, parameter, writer);
        _progress.Add(progress);
        return progress;
    }

    private ServiceDirection Direction(int parameter)
        => parameter == StreamParameters.OnCallStream(Call.Method)
            ? new ServiceDirection(Call, parameter, _reader, null)
            : new ServiceDirection(Call, parameter, null, () => _connection.Channels.TakeAsync(_stream.Id, parameter, Call.CancellationToken));

    // True once there is a call, or a reason why there is none; false where more has to arrive.
    private bool TryTakeIn(out CallRefusal? refusal, out FrameType type, out long number)
    {
        refusal = null;
        number = 0;
        if (!_reader.TryPeek(WireFormat.LargestHead, out type, out long length, out ReadOnlySpan<byte> head))
        {
            return false;
        }

        if (type is not (FrameType.Request or FrameType.Notification))
        {
            _stream.AbortRead(ResetCode.BrokenFrame);
            _sender.Abort(ResetCode.BrokenFrame);
            return true;
        }

        if (!RequestFrame.TryReadMethod(ref head, out number, out long target, out uint nameId, out ulong signatureId))
        {
            refusal = new CallRefusal(RpcStatusCode.InvalidArgument, "The request's head cannot be read.");
            return true;
        }

        refusal = CallResolver.Resolve(_connection, target, nameId, signatureId, out ServiceBinding? binding, out MethodDescriptor? method);
        if (refusal is not null)
        {
            return true;
        }

        // Before anything is buffered: the length is known, the method's limit as well.
        int limit = method!.MessageLimit ?? _connection.Options.MessageLimit;
        int frameLimit = limit + _connection.Options.MaxFieldBytes + WireFormat.LargestHead;
        if (length > frameLimit)
        {
            refusal = new CallRefusal(RpcStatusCode.ResourceExhausted, RpcErrors.TooLarge(method, "The request", limit).Message);
            return true;
        }

        return _reader.TryRead(frameLimit + 1, out type, out ReadOnlySpan<byte> body) switch
        {
            FrameReadResult.Incomplete => false,
            FrameReadResult.Frame => TakeIn(body, binding!, method, limit, type, out refusal, out number),
            _ => Broken(),
        };
    }

    private bool TakeIn(
        ReadOnlySpan<byte> body, ServiceBinding binding, MethodDescriptor method, int limit, FrameType type, out CallRefusal? refusal, out long number)
    {
        if (!RequestFrame.TryParse(body, out number, out RequestFrame frame))
        {
            refusal = new CallRefusal(RpcStatusCode.InvalidArgument, $"The request for {method} cannot be read.");
        }
        else if (frame.Arguments.Length > limit)
        {
            refusal = new CallRefusal(RpcStatusCode.ResourceExhausted, RpcErrors.TooLarge(method, "The arguments", limit).Message);
        }
        else if (frame.Fields.Length > _connection.Options.MaxFieldBytes)
        {
            refusal = new CallRefusal(RpcStatusCode.ResourceExhausted, $"The fields of a frame may take {_connection.Options.MaxFieldBytes} bytes here.");
        }
        else if (_connection.TryStartCall(out refusal))
        {
            _call = IncomingCall.Rent(this, _connection, binding, method, number, type == FrameType.Notification, frame);
        }

        return true;
    }

    private bool Broken()
    {
        _stream.AbortRead(ResetCode.BrokenFrame);
        _sender.Abort(ResetCode.BrokenFrame);
        return true;
    }

    private void Refuse(CallRefusal refusal, FrameType type, long number)
    {
        _connection.LogRefused(refusal.Status, refusal.Message);
        if (type == FrameType.Request)
        {
            var fields = new CallBuffer();
            FieldWriter.WriteMessage(fields, refusal.Message);
            FieldWriter.WriteNotStarted(fields);
            Span<byte> head = stackalloc byte[WireFormat.LargestHead];
            int length = WireFormat.WriteAnswerHead(head, number, refusal.Status, fields.Length);
            _sender.Append(FrameType.Failure, head[..length], fields.WrittenSpan);
        }

        _stream.AbortRead(refusal.Status == RpcStatusCode.ResourceExhausted ? ResetCode.LimitExceeded : ResetCode.Cancelled);
    }

    private void AppendAnswer(RpcStatusCode status, ReadOnlySpan<byte> fields, ReadOnlySpan<byte> result)
    {
        Span<byte> head = stackalloc byte[WireFormat.LargestHead];
        int length = WireFormat.WriteAnswerHead(head, Call.Number, status, fields.Length);
        _sender.Append(status == RpcStatusCode.OK ? FrameType.Response : FrameType.Failure, head[..length], fields, result);
    }

    private async Task ForgetUnlessDeliveredAsync(long number)
    {
        try
        {
            await _stream.WritesClosed.ConfigureAwait(false);
        }
        catch (PeerException)
        {
            _connection.Objects.Remove(number);
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
        _connection.AnswerLeaves();
        _sender.Complete();
        Call.End(status);
        _ended.TrySetResult();
    }

    // The caller has reset a direction, or the connection is gone: either way nobody waits for the handler any more.
    private async Task WatchAsync(Task direction)
    {
        try
        {
            await direction.ConfigureAwait(false);
        }
        catch (PeerException exception) when (exception.Kind != PeerErrorKind.StreamAbortedLocally)
        {
            if (!_ended.Task.IsCompleted && Call.TakeCancellation() is { } cancellation)
            {
                await CallCancellation.CancelAsync(cancellation).ConfigureAwait(false);
            }
        }
        catch (PeerException)
        {
            // This side gave the direction up.
        }
    }
}
