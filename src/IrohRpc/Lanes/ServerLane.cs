using IrohRpc.CompilerServices;

namespace IrohRpc.Lanes;

/// <summary>The service's end of a lane: takes requests in and sends the responses.</summary>
internal sealed class ServerLane : CallResponder
{
    private readonly CallsInProgress _calls;
    private readonly RpcConnection _connection;
    private readonly PeerStream _stream;
    private readonly FrameSender _sender;
    private readonly LaneWorker _worker;
    private readonly LaneReading _reading;
    private bool _hasTurns;
    private long _waitingCost;

    public ServerLane(RpcConnection connection, PeerStream stream)
    {
        _connection = connection;
        _stream = stream;
        _stream.Priority = LaneWorker.StreamPriority;
        _sender = new FrameSender(stream, connection.Held, StopReading);
        _worker = new LaneWorker(_sender, this, static (lane, exception) => ((ServerLane)lane).Break(exception));
        _reading = new LaneReading(_worker);
        _calls = new CallsInProgress(connection);
    }

    private enum Outcome
    {
        // Everything that arrived is taken in.
        More,

        // The next frame waits for a place.
        Full,

        // The frames cannot be followed.
        Broken,
    }

    public override bool ReusesCalls => true;

    /// <summary>How many bytes of responses wait for the network.</summary>
    public int Unsent => _sender.Unsent;

    /// <summary>Serves the lane until it ends. Never throws.</summary>
    /// <param name="reader">Stands at the first frame.</param>
    public async Task RunAsync(FrameReader reader)
    {
        try
        {
            while (true)
            {
                Outcome outcome = ReadFrames(reader);
                if (outcome == Outcome.Broken)
                {
                    _stream.AbortRead(ResetCode.BrokenFrame);
                    _sender.Abort(ResetCode.BrokenFrame);
                    break;
                }

                if (outcome == Outcome.Full)
                {
                    _reading.Leave();
                    await _connection.WaitForPlaceAsync(_waitingCost).ConfigureAwait(false);
                }
                else if (_sender.Unsent > _connection.Options.MaxUnsentBytes || _connection.Held.IsExceeded)
                {
                    // A caller that does not read its responses is not read either, so that they do not pile up here.
                    _reading.Leave();
                    await _sender.WaitForRoomAsync(_connection.Options.MaxUnsentBytes, _connection.Ending).ConfigureAwait(false);
                    await _connection.Held.WaitForRoomAsync(0, _connection.Ending).ConfigureAwait(false);
                }
                else if (!reader.Advance(await _reading.WaitAsync(_stream.ReadAsync(reader.GetMemory()))))
                {
                    break;
                }
            }
        }
        catch (Exception exception)
        {
            // Whatever it is, calls under way must hear that nobody waits, and those that wait for this lane must hear of its end.
            _connection.LaneFailed(_stream.Id, exception);
        }

        _reading.Leave();
        _calls.CancelAll();
        if (_hasTurns)
        {
            _connection.Sequence?.EndTurns();
        }

        _sender.Complete();
        await _sender.Completion.ConfigureAwait(false);
    }

    /// <summary>Tells the caller that this peer takes no more calls. Those under way are still answered. Said again, it means that nothing more will come.</summary>
    public void GoAway()
    {
        if (_sender.Append(FrameType.GoAway, default) >= 0)
        {
            _worker.Flush();
        }
    }

    /// <summary>Asks the caller to release what it no longer uses.</summary>
    public void Collect()
    {
        if (_sender.Append(FrameType.Collect, default) >= 0)
        {
            _worker.Flush();
        }
    }

    public override void Launch(IncomingCall call) => _worker.Enqueue(call);

    public override void Respond(IncomingCall call, RpcStatusCode status, ReadOnlySpan<byte> fields, ReadOnlySpan<byte> result)
    {
        if (call.IsOneWay)
        {
            _connection.ReturnPlace(call.End(status));
            return;
        }

        // Before the response: once that leaves, the caller may use the number again.
        long number = call.Number;
        _calls.Remove(number);
        if (result.Length > WireFormat.LargestOnLane)
        {
            RespondLarge(call, number, fields, result);
        }
        else
        {
            _sender.AppendResponse(number, status, fields, result);
            _connection.ReturnPlace(call.End(status));
        }

        _worker.Flush();
    }

    public override void Break(Exception exception)
    {
        _connection.LogStreamBroken(_stream.Id, exception);
        StopReading();
        _sender.Abort(ResetCode.BrokenFrame);
    }

    /// <summary>Responds with a failure in place of a large response that could not be sent.</summary>
    public void RespondLost(long number, string message)
    {
        _sender.AppendFailure(number, RpcStatusCode.Unavailable, message);
        _worker.Flush();
    }

    // A lane that cannot be written any more answers nothing, so that nothing is read of it either.
    private void StopReading()
    {
        try
        {
            _stream.AbortRead(ResetCode.BrokenFrame);
        }
        catch (Exception)
        {
            // A stream of another transport may throw anything; the peer sees the other direction end.
        }
    }

    // The call's place is taken until the response has left: a caller that does not take its responses gets no more of them.
    private void RespondLarge(IncomingCall call, long number, ReadOnlySpan<byte> fields, ReadOnlySpan<byte> result)
    {
        if (!_connection.Held.TryTake(result.Length))
        {
            _sender.AppendFailure(number, RpcStatusCode.ResourceExhausted, RpcErrors.ResponsesNotRead(_connection.Options.MaxBufferedBytes));
            _connection.ReturnPlace(call.End(RpcStatusCode.ResourceExhausted));
            return;
        }

        // The buffers are the call's, which ends here, so what is sent is a copy.
        int length = result.Length;
        CallBuffer frame = LargeResponse.MakeFrame(number, fields, result);
        long cost = call.End(RpcStatusCode.OK) + length;
        _connection.Track(LargeResponse.SendAsync(_connection, this, _stream.Id, number, frame, cost));
    }

    /// <summary>Responds to a request that never became a call.</summary>
    private void Reject(long number, FrameType type, Rejection rejection)
    {
        _connection.LogRejected(rejection.Status, rejection.Message);
        if (type == FrameType.Request)
        {
            _sender.AppendRejection(number, rejection);
        }
    }

    private Outcome ReadFrames(FrameReader reader)
    {
        FrameReadResult result;
        bool any = false;
        var outcome = Outcome.More;
        while (outcome == Outcome.More
            && !_connection.Held.IsExceeded
            && (result = reader.TryRead(WireFormat.LargestLaneFrame, out FrameType type, out ReadOnlySpan<byte> body)) != FrameReadResult.Incomplete)
        {
            any = true;
            outcome = result == FrameReadResult.Broken ? Outcome.Broken : Handle(result, type, body);
        }

        if (outcome == Outcome.Full)
        {
            reader.PutBack();
        }

        if (any)
        {
            // Even if the frames are malformed: calls accepted before the error still have to run.
            _reading.Offer();
        }

        return outcome;
    }

    private Outcome Handle(FrameReadResult result, FrameType type, ReadOnlySpan<byte> body)
    {
        if (result == FrameReadResult.Unknown)
        {
            return Outcome.More;
        }

        switch (type)
        {
            case FrameType.Request or FrameType.Notification:
                return result == FrameReadResult.TooLong ? RejectLong(type, body) : TakeIn(type, body);
            case FrameType.Cancel:
                return VarInt.TryRead(ref body, out long number) ? Cancel(number) : Outcome.Broken;
            case FrameType.Release:
                if (!VarInt.TryRead(ref body, out long target))
                {
                    return Outcome.Broken;
                }

                _connection.Objects.Release(target, VarInt.TryRead(ref body, out long count) ? count : 1);
                return Outcome.More;
            case FrameType.Turn:
                return VarInt.TryRead(ref body, out long turn) && VarInt.TryRead(ref body, out long isSkipped) ? TakeTurn(turn, isSkipped != 0) : Outcome.Broken;
            case FrameType.Collect:
                _connection.ReleaseUnused();
                return Outcome.More;
            default:
                return Outcome.More;
        }
    }

    private Outcome TakeTurn(long turn, bool isSkipped)
    {
        if (_connection.Sequence is not { } sequence)
        {
            if (!_hasTurns)
            {
                // The caller need not say it again.
                _sender.Append(FrameType.Turn, default);
                _worker.Flush();
            }

            _hasTurns = true;
            return Outcome.More;
        }

        _hasTurns = true;
        if (isSkipped)
        {
            sequence.Skip(turn);
            return Outcome.More;
        }

        return sequence.TryAnnounce(turn) ? Outcome.More : Outcome.Broken;
    }

    private Outcome RejectLong(FrameType type, ReadOnlySpan<byte> prefix)
    {
        ReadOnlySpan<byte> head = prefix;
        if (!VarInt.TryRead(ref prefix, out long number))
        {
            return Outcome.Broken;
        }

        string what = "A frame";
        if (RequestFrame.TryReadMethod(ref head, out _, out long target, out uint nameId, out ulong signatureId)
            && CallResolver.Resolve(_connection, target, nameId, signatureId, out _, out MethodDescriptor? method) is null)
        {
            what = method!.ToString();
        }

        Reject(number, type, new Rejection(
            RpcStatusCode.ResourceExhausted,
            $"{what} has more than the {WireFormat.LargestLaneFrame} bytes that a frame on a lane may have; a larger call takes a stream of its own."));
        return Outcome.More;
    }

    private Outcome TakeIn(FrameType type, ReadOnlySpan<byte> body)
    {
        if (!RequestFrame.TryParse(body, out long number, out RequestFrame frame))
        {
            if (!VarInt.TryRead(ref body, out number))
            {
                return Outcome.Broken;
            }

            Reject(number, type, new Rejection(RpcStatusCode.InvalidArgument, "The request's head cannot be read."));
            return Outcome.More;
        }

        RequestFields fields = default;
        bool isOneWay = type == FrameType.Notification;
        Rejection? rejection = CallResolver.Resolve(
            _connection, frame.Target, frame.NameId, frame.SignatureId, out ServiceBinding? binding, out MethodDescriptor? method)
            ?? CheckLane(method!)
            ?? CallResolver.Check(_connection.Options, method!, frame, isOneWay, out fields);
        if (rejection is null && !_connection.TryStartCall(frame.Cost, isOneWay, out rejection) && isOneWay && rejection.Status == RpcStatusCode.ResourceExhausted)
        {
            // Nobody would hear of a one-way call that is rejected: it waits, and those behind it.
            _waitingCost = frame.Cost;
            return Outcome.Full;
        }

        if (rejection is not null)
        {
            Reject(number, type, rejection);
            return Outcome.More;
        }

        IncomingCall call = IncomingCall.Rent(this, _connection, binding!, method!, number, isOneWay, frame, fields);
        if (!isOneWay && !_calls.TryAdd(number, call))
        {
            // Two unanswered calls of one number: no response could be told apart, so the lane is broken.
            _connection.ReturnPlace(frame.Cost);
            return Outcome.Broken;
        }

        if (_connection.Sequence is { } sequence)
        {
            sequence.Enter(call);
        }
        else
        {
            _worker.Stage(call);
        }

        return Outcome.More;
    }

    private static Rejection? CheckLane(MethodDescriptor method)
        => StreamParameters.NeedStream(method)
            ? new Rejection(RpcStatusCode.InvalidArgument, $"{method} streams: its call takes a stream of its own, not a lane.")
            : null;

    private Outcome Cancel(long number)
    {
        _calls.Cancel(number);
        return Outcome.More;
    }
}
