using IrohRpc.CompilerServices;

namespace IrohRpc.Internal;

/// <summary>The handler's end of a lane: takes requests in and sends the answers.</summary>
internal sealed class ServerLane : AnswerPath
{
    private readonly Lock _gate = new();
    private readonly Dictionary<long, IncomingCall> _calls = [];
    private readonly RpcConnection _connection;
    private readonly PeerStream _stream;
    private readonly FrameSender _sender;
    private readonly LaneWorker _worker;
    private readonly LaneReading _reading;

    public ServerLane(RpcConnection connection, PeerStream stream)
    {
        _connection = connection;
        _stream = stream;
        _sender = new FrameSender(stream);
        _worker = new LaneWorker(_sender);
        _reading = new LaneReading(_worker);
    }

    /// <summary>Serves the lane until it ends.</summary>
    /// <param name="reader">Stands at the first frame.</param>
    public async Task RunAsync(FrameReader reader)
    {
        try
        {
            do
            {
                if (!ReadFrames(reader))
                {
                    _stream.AbortRead(ResetCode.BrokenFrame);
                    _sender.Abort(ResetCode.BrokenFrame);
                    break;
                }

                // A caller that does not read its answers is not read either, so that they do not pile up here.
                if (_sender.Unsent > _connection.Options.MaxUnsentBytes)
                {
                    _reading.Leave();
                    await _sender.WaitForRoomAsync(_connection.Options.MaxUnsentBytes, CancellationToken.None).ConfigureAwait(false);
                }
            }
            while (reader.Advance(await _reading.WaitAsync(_stream.ReadAsync(reader.GetMemory()))));
        }
        catch (Exception exception) when (RpcErrors.IsStreamFailure(exception))
        {
            _connection.LogStreamFailed(_stream.Id, exception);
        }

        _reading.Leave();
        await CancelAllAsync().ConfigureAwait(false);
        _sender.Complete();
        await _sender.Completion.ConfigureAwait(false);
    }

    /// <summary>Tells the caller that this peer takes no more calls. Those under way are still answered.</summary>
    public void GoAway()
    {
        if (_sender.Append(FrameType.GoAway, default) >= 0)
        {
            _worker.Flush();
        }
    }

    public override void Launch(IncomingCall call)
    {
        _worker.Enqueue(call);
    }

    public override void Answer(IncomingCall call, RpcStatusCode status, ReadOnlySpan<byte> fields, ReadOnlySpan<byte> result)
    {
        if (call.IsOneWay)
        {
            call.End(status);
            return;
        }

        // Before the answer: once that leaves, the caller may use the number again.
        long number = call.Number;
        Forget(number);
        if (result.Length > WireFormat.LargestOnLane)
        {
            _connection.AnswerLeaves();

            // The buffers are the call's and it ends here, so what is sent later is a copy.
            _connection.Track(AnswerStream.SendAsync(_connection, _stream.Id, AnswerStream.MakeFrame(number, fields, result)));
        }
        else
        {
            Append(number, status, fields, result);
        }

        call.End(status);
        _worker.Flush();
    }

    /// <summary>Answers a request that never became a call.</summary>
    private void Refuse(long number, FrameType type, CallRefusal refusal)
    {
        _connection.LogRefused(refusal.Status, refusal.Message);
        if (type == FrameType.Request)
        {
            var fields = new CallBuffer();
            FieldWriter.WriteMessage(fields, refusal.Message);
            FieldWriter.WriteNotStarted(fields);
            Append(number, refusal.Status, fields.WrittenSpan, default);
        }
    }

    private void Append(long number, RpcStatusCode status, ReadOnlySpan<byte> fields, ReadOnlySpan<byte> result)
    {
        Span<byte> head = stackalloc byte[WireFormat.LargestHead];
        int length = WireFormat.WriteAnswerHead(head, number, status, fields.Length);
        _sender.Append(status == RpcStatusCode.OK ? FrameType.Response : FrameType.Failure, head[..length], fields, result);
    }

    // False where the frames are broken.
    private bool ReadFrames(FrameReader reader)
    {
        FrameReadResult result;
        bool any = false;
        bool followed = true;
        while (followed && (result = reader.TryRead(WireFormat.LargestLaneFrame, out FrameType type, out ReadOnlySpan<byte> body)) != FrameReadResult.Incomplete)
        {
            any = true;
            followed = result != FrameReadResult.Broken && Handle(result, type, body);
        }

        if (any)
        {
            // Also where they are broken: the calls before that were taken in, and end only by running.
            _reading.Offer();
        }

        return followed;
    }

    private bool Handle(FrameReadResult result, FrameType type, ReadOnlySpan<byte> body)
    {
        if (result == FrameReadResult.Unknown)
        {
            return true;
        }

        switch (type)
        {
            case FrameType.Request or FrameType.Notification:
                return result == FrameReadResult.TooLong ? RefuseLong(type, body) : TakeIn(type, body);
            case FrameType.Cancel:
                return VarInt.TryRead(ref body, out long number) && Cancel(number);
            case FrameType.Release:
                if (!VarInt.TryRead(ref body, out long target))
                {
                    return false;
                }

                _connection.Objects.Remove(target);
                return true;
            default:
                return true;
        }
    }

    private bool RefuseLong(FrameType type, ReadOnlySpan<byte> prefix)
    {
        ReadOnlySpan<byte> head = prefix;
        if (!VarInt.TryRead(ref prefix, out long number))
        {
            return false;
        }

        string what = "A frame";
        if (RequestFrame.TryReadMethod(ref head, out _, out long target, out uint nameId, out ulong signatureId)
            && CallResolver.Resolve(_connection, target, nameId, signatureId, out _, out MethodDescriptor? method) is null)
        {
            what = method!.ToString();
        }

        Refuse(number, type, new CallRefusal(
            RpcStatusCode.ResourceExhausted,
            $"{what} has more than the {WireFormat.LargestLaneFrame} bytes that a frame on a lane may have; a larger call takes a stream of its own."));
        return true;
    }

    private bool TakeIn(FrameType type, ReadOnlySpan<byte> body)
    {
        if (!RequestFrame.TryParse(body, out long number, out RequestFrame frame))
        {
            if (!VarInt.TryRead(ref body, out number))
            {
                return false;
            }

            Refuse(number, type, new CallRefusal(RpcStatusCode.InvalidArgument, "The request's head cannot be read."));
            return true;
        }

        CallRefusal? refusal = CallResolver.Resolve(
            _connection, frame.Target, frame.NameId, frame.SignatureId, out ServiceBinding? binding, out MethodDescriptor? method)
            ?? CheckLane(method!, frame);
        if (refusal is not null)
        {
            Refuse(number, type, refusal);
            return true;
        }

        if (!_connection.TryStartCall(out refusal))
        {
            Refuse(number, type, refusal);
            return true;
        }

        IncomingCall call = IncomingCall.Rent(this, _connection, binding!, method!, number, type == FrameType.Notification, frame);
        if (type == FrameType.Request && !Remember(number, call))
        {
            // Two unanswered calls of one number: no answer could be told apart, so the lane is broken.
            _connection.CallRefused();
            return false;
        }

        if (_connection.Sequence is { } sequence)
        {
            sequence.Enter(call);
        }
        else
        {
            _worker.Stage(call);
        }

        return true;
    }

    private CallRefusal? CheckLane(MethodDescriptor method, in RequestFrame frame)
    {
        if (StreamParameters.NeedStream(method))
        {
            return new CallRefusal(RpcStatusCode.InvalidArgument, $"{method} streams: its call takes a stream of its own, not a lane.");
        }

        int limit = method.MessageLimit ?? _connection.Options.MessageLimit;
        return frame.Arguments.Length > limit ? new CallRefusal(RpcStatusCode.ResourceExhausted, RpcErrors.TooLarge(method, "The arguments", limit).Message)
            : frame.Fields.Length > _connection.Options.MaxFieldBytes
                ? new CallRefusal(RpcStatusCode.ResourceExhausted, $"The fields of a frame may take {_connection.Options.MaxFieldBytes} bytes here.")
            : null;
    }

    private bool Remember(long number, IncomingCall call)
    {
        lock (_gate)
        {
            return _calls.TryAdd(number, call);
        }
    }

    private void Forget(long number)
    {
        lock (_gate)
        {
            _calls.Remove(number);
        }
    }

    private bool Cancel(long number)
    {
        CancellationTokenSource? cancellation;
        lock (_gate)
        {
            cancellation = _calls.TryGetValue(number, out IncomingCall? call) ? call.TakeCancellation() : null;
        }

        if (cancellation is not null)
        {
            _connection.Track(CallCancellation.CancelAsync(cancellation));
        }

        return true;
    }

    private async Task CancelAllAsync()
    {
        List<CancellationTokenSource> cancellations = [];
        lock (_gate)
        {
            foreach (IncomingCall call in _calls.Values)
            {
                if (call.TakeCancellation() is { } cancellation)
                {
                    cancellations.Add(cancellation);
                }
            }
        }

        foreach (CancellationTokenSource cancellation in cancellations)
        {
            await CallCancellation.CancelAsync(cancellation).ConfigureAwait(false);
        }
    }
}
