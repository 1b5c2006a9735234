using IrohRpc.CompilerServices;

namespace IrohRpc.Internal;

/// <summary>The caller's end of a lane: sends requests and brings the answers to those who wait.</summary>
internal sealed class ClientLane
{
    private readonly Lock _gate = new();
    private readonly RpcConnection _connection;
    private readonly PeerStream _stream;
    private readonly FrameSender _sender;
    private readonly LaneWorker _worker;
    private readonly LaneReading _reading;
    private readonly Stack<int> _freeNumbers = new();
    private OutgoingCall?[] _calls = new OutgoingCall?[8];
    private int _numbers;
    private bool _closed;
    private bool _leaving;
    private TaskCompletionSource? _idle;

    private ClientLane(RpcConnection connection, PeerStream stream)
    {
        _connection = connection;
        _stream = stream;
        _sender = new FrameSender(stream);
        _worker = new LaneWorker(_sender);
        _reading = new LaneReading(_worker);
        _sender.AppendPreface([WireFormat.Version, (byte)StreamKind.Lane]);
    }

    public long Id => _stream.Id;

    public RpcConnection Connection => _connection;

    public bool IsOpen => !Volatile.Read(ref _closed) && !Volatile.Read(ref _leaving);

    /// <summary>Whether a caller may append without waiting for the network.</summary>
    public bool HasRoom => _sender.Unsent < _connection.Options.MaxUnsentBytes;

    /// <summary>Completes when the lane has ended.</summary>
    public Task Completion { get; private set; } = Task.CompletedTask;

    public static ClientLane Start(RpcConnection connection, PeerStream stream)
    {
        var lane = new ClientLane(connection, stream);
        using (ExecutionContext.SuppressFlow())
        {
            lane.Completion = lane.RunAsync();
        }

        return lane;
    }

    public ValueTask WaitForRoomAsync(CancellationToken cancellationToken)
        => _sender.WaitForRoomAsync(_connection.Options.MaxUnsentBytes / 2, cancellationToken);

    /// <summary>Sends a call; false where the lane has ended, and the call then was not sent.</summary>
    public bool TrySend(OutgoingCall call, long target)
    {
        ReadOnlySpan<byte> fields = call.WriteFields();
        Span<byte> head = stackalloc byte[WireFormat.LargestHead];
        if (call.IsOneWay)
        {
            if (Volatile.Read(ref _leaving))
            {
                return false;
            }

            int length = WireFormat.WriteRequestHead(head, 0, target, call.Method, fields.Length);
            if (_sender.Append(FrameType.Notification, head[..length], fields, call.Arguments.Span) < 0)
            {
                return false;
            }

            call.Posted();
            _worker.Flush();
            return true;
        }

        lock (_gate)
        {
            if (call.IsFinished)
            {
                return true;
            }

            if (_closed || _leaving)
            {
                return false;
            }

            int number = Add(call);
            int length = WireFormat.WriteRequestHead(head, number, target, call.Method, fields.Length);
            call.TakenBy(this, number);
            call.Position = _sender.Append(FrameType.Request, head[..length], fields, call.Arguments.Span);
            if (call.Position < 0)
            {
                _calls[number] = null;
                _freeNumbers.Push(number);
                _closed = true;
                return false;
            }

            if (call.IsFinished)
            {
                // Given up between the check above and now, perhaps too early to find this lane.
                AppendCancel(number);
            }
        }

        // From here on the call may be over and in use again.
        _worker.Flush();
        return true;
    }

    /// <summary>Tells the peer that a call was given up. Its number stays taken until the answer comes.</summary>
    public void Cancel(OutgoingCall call)
    {
        lock (_gate)
        {
            if (_closed || _calls[call.Number] != call)
            {
                return;
            }

            AppendCancel(call.Number);
        }

        _worker.Flush();
    }

    /// <summary>Tells the peer that an object of its is not held any more.</summary>
    public void Release(long target)
    {
        Span<byte> body = stackalloc byte[2 * VarInt.MaxLength];
        int length = VarInt.Write(body, target);
        length += VarInt.Write(body[length..], 1);
        if (_sender.Append(FrameType.Release, body[..length]) >= 0)
        {
            _worker.Flush();
        }
    }

    /// <summary>The method of an unanswered call, for an answer that comes on a stream of its own; null where there is no such call.</summary>
    public MethodDescriptor? FindMethod(long number)
    {
        lock (_gate)
        {
            return number < _numbers ? _calls[number]?.Method : null;
        }
    }

    /// <summary>Brings an answer to whoever waits for it.</summary>
    public void Deliver(long number, RpcStatusCode status, ReadOnlySpan<byte> fields, ReadOnlySpan<byte> result)
    {
        if (Take(number) is { } call)
        {
            call.SetAnswer(status, fields, result);
            _worker.Enqueue(call);
        }
    }

    /// <summary>Ends a call whose answer cannot be had.</summary>
    public void Deliver(long number, Exception error)
    {
        if (Take(number) is { } call)
        {
            call.SetError(error);
            _worker.Enqueue(call);
        }
    }

    /// <summary>Takes no more calls, and completes once those that wait have their answers.</summary>
    public Task LeaveAsync()
    {
        lock (_gate)
        {
            _leaving = true;
            if (_closed || _freeNumbers.Count == _numbers)
            {
                return Task.CompletedTask;
            }

            _idle ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return _idle.Task;
        }
    }

    /// <summary>Ends the lane: no more calls, those that wait fail.</summary>
    public void Close() => _stream.AbortRead(ResetCode.Cancelled);

    private async Task RunAsync()
    {
        // Whoever opens the lane has a call to send, and does not wait for the first read.
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        Exception? failure = null;
        using var reader = new FrameReader(_stream);
        Task writing = CloseWithSenderAsync();
        try
        {
            while (reader.Advance(await _reading.WaitAsync(_stream.ReadAsync(reader.GetMemory()))))
            {
                if (!ReadFrames(reader))
                {
                    _stream.AbortRead(ResetCode.BrokenFrame);
                    failure = new InvalidDataException("The peer's frames on the lane cannot be followed.");
                    break;
                }
            }
        }
        catch (Exception exception) when (RpcErrors.IsStreamFailure(exception))
        {
            failure = exception;
            _connection.NoteFailure(exception);
        }

        _reading.Leave();

        FailAll(failure ?? _sender.Failure);
        await writing.ConfigureAwait(false);
        await _stream.DisposeAsync().ConfigureAwait(false);
    }

    // A lane that cannot be written any more brings no answers either.
    private async Task CloseWithSenderAsync()
    {
        await _sender.Completion.ConfigureAwait(false);
        _stream.AbortRead(ResetCode.Cancelled);
    }

    // False where the frames are broken.
    private bool ReadFrames(FrameReader reader)
    {
        bool any = false;
        FrameReadResult result;
        while ((result = reader.TryRead(WireFormat.LargestLaneFrame, out FrameType type, out ReadOnlySpan<byte> body)) != FrameReadResult.Incomplete)
        {
            if (result == FrameReadResult.Broken || !Handle(result, type, body))
            {
                return false;
            }

            any = true;
        }

        if (any)
        {
            _reading.Offer();
        }

        return true;
    }

    private bool Handle(FrameReadResult result, FrameType type, ReadOnlySpan<byte> body)
    {
        if (type == FrameType.GoAway)
        {
            _connection.PeerLeaves();
            return true;
        }

        if (result == FrameReadResult.Unknown || type is not (FrameType.Response or FrameType.Failure))
        {
            return true;
        }

        if (!VarInt.TryRead(ref body, out long number))
        {
            return false;
        }

        if (Take(number) is not { } call)
        {
            return true;
        }

        if (result == FrameReadResult.TooLong)
        {
            call.SetError(RpcErrors.TooLarge(call.Method, "The answer", WireFormat.LargestLaneFrame));
        }
        else
        {
            SetAnswer(call, type, body);
        }

        _worker.Stage(call);
        return true;
    }

    private static void SetAnswer(OutgoingCall call, FrameType type, ReadOnlySpan<byte> body)
    {
        long status = 0;
        if ((type == FrameType.Failure && !VarInt.TryRead(ref body, out status)) || !WireFormat.TryReadFields(ref body, out ReadOnlySpan<byte> fields))
        {
            call.SetError(RpcErrors.BadResult(call.Method, new InvalidDataException("the frame is broken.")));
            return;
        }

        RpcStatusCode code = type == FrameType.Response ? RpcStatusCode.OK : WireFormat.ToStatus(status == 0 ? (long)RpcStatusCode.Unknown : status);
        call.SetAnswer(code, fields, body);
    }

    private void AppendCancel(int number)
    {
        Span<byte> head = stackalloc byte[VarInt.MaxLength];
        _sender.Append(FrameType.Cancel, head[..VarInt.Write(head, number)]);
    }

    private int Add(OutgoingCall call)
    {
        if (!_freeNumbers.TryPop(out int number))
        {
            number = _numbers++;
            if (number == _calls.Length)
            {
                Array.Resize(ref _calls, 2 * number);
            }
        }

        _calls[number] = call;
        return number;
    }

    private OutgoingCall? Take(long number)
    {
        lock (_gate)
        {
            if (number >= _numbers || _calls[number] is not { } call)
            {
                return null;
            }

            _calls[number] = null;
            _freeNumbers.Push((int)number);
            if (_idle is not null && _freeNumbers.Count == _numbers)
            {
                _idle.TrySetResult();
            }

            return call;
        }
    }

    private void FailAll(Exception? failure)
    {
        var lost = new List<OutgoingCall>();
        lock (_gate)
        {
            _closed = true;
            _idle?.TrySetResult();
            for (int number = 0; number < _numbers; number++)
            {
                if (_calls[number] is { } call)
                {
                    lost.Add(call);
                    _calls[number] = null;
                }
            }
        }

        // What the sender has not handed over by now never leaves: the peer certainly did not see it.
        _sender.Abort(ResetCode.Cancelled);
        bool anyMayHaveRun = !RpcErrors.WasNeverServed(failure) && !RpcErrors.WasNeverServed(_sender.Failure);
        foreach (OutgoingCall call in lost)
        {
            bool mayHaveRun = anyMayHaveRun && call.Position >= 0 && _sender.WasHandedOver(call.Position);
            call.SetError(mayHaveRun ? RpcErrors.Lost(call.Method, failure) : RpcErrors.NotStarted(call.Method, failure));
            _worker.Stage(call);
        }

        _worker.AddStaged();
        _worker.Schedule();
    }
}
