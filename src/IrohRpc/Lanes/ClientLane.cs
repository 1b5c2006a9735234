using System.Diagnostics.CodeAnalysis;
using IrohRpc.CompilerServices;

namespace IrohRpc.Lanes;

/// <summary>The caller's end of a lane: sends requests and takes their responses to those who wait.</summary>
internal sealed class ClientLane : ICallPath
{
    private readonly Lock _gate = new();
    private readonly RpcConnection _connection;
    private readonly PeerStream _stream;
    private readonly FrameSender _sender;
    private readonly LaneWorker _worker;
    private readonly LaneReading _reading;
    private readonly UnansweredCalls _calls = new();
    private bool _closed;
    private bool _leaving;
    private bool _saidGoAway;

    private ClientLane(RpcConnection connection, PeerStream stream)
    {
        _connection = connection;
        _stream = stream;
        _stream.Priority = LaneWorker.StreamPriority;
        _sender = new FrameSender(stream);
        _worker = new LaneWorker(_sender, this, static (lane, exception) => ((ClientLane)lane).Break(exception));
        _reading = new LaneReading(_worker);
        _sender.AppendPreface([WireFormat.Version, (byte)StreamKind.Lane]);
    }

    public long Id => _stream.Id;

    public RpcConnection Connection => _connection;

    public bool IsOpen => !Volatile.Read(ref _closed) && !Volatile.Read(ref _leaving);

    /// <summary>How many bytes wait for the network.</summary>
    public int Unsent => _sender.Unsent;

    /// <summary>Whether a caller may append without waiting for the network.</summary>
    public bool HasRoom => _sender.Unsent < _connection.Options.MaxUnsentBytes;

    /// <summary>Completes when the lane has ended. Never faults.</summary>
    public Task Completion { get; private set; } = Task.CompletedTask;

    public static ClientLane Start(RpcConnection connection, PeerStream stream)
    {
        var lane = new ClientLane(connection, stream);
        lane.Completion = Background.Start(lane.RunAsync);
        return lane;
    }

    public ValueTask WaitForRoomAsync(CancellationToken cancellationToken)
        => _sender.WaitForRoomAsync(_connection.Options.MaxUnsentBytes / 2, cancellationToken);

    /// <summary>Sends a call; false where the lane has ended, and the call was not sent.</summary>
    public bool TrySend(OutgoingCall call)
    {
        ReadOnlySpan<byte> fields = call.WriteFields(_connection);
        lock (_gate)
        {
            if (_closed || _leaving)
            {
                return false;
            }

            if (call.IsOneWay)
            {
                if (!call.TakenBy(this, 0))
                {
                    call.ForgetObjects();
                    return true;
                }

                _sender.AppendRequest(call, 0, fields);
                call.Posted();
            }
            else
            {
                int number = _calls.Add(call);
                if (!call.TakenBy(this, number))
                {
                    // Given up while it waited.
                    call.ForgetObjects();
                    _calls.Forget(number);
                    return true;
                }

                call.Position = _sender.AppendRequest(call, number, fields);
            }
        }

        // From here on the call may be over and its object in use again. A sender that has ended fails the call when the lane ends.
        _worker.Flush();
        return true;
    }

    /// <summary>Says that the next call takes a stream of its own, or that it will not come, so that a service that runs calls in order knows its place.</summary>
    public void AnnounceTurn(long turn, bool isSkipped)
    {
        Span<byte> body = stackalloc byte[2 * VarInt.MaxLength];
        int length = VarInt.Write(body, turn);
        length += VarInt.Write(body[length..], isSkipped ? 1 : 0);
        if (_sender.Append(FrameType.Turn, body[..length]) >= 0)
        {
            _worker.Flush();
        }
    }

    /// <summary>Tells the peer that a call was given up. Its number stays taken until the response comes.</summary>
    public void Withdraw(OutgoingCall call)
    {
        lock (_gate)
        {
            if (_closed || !_calls.TryWithdraw(call))
            {
                return;
            }

            AppendCancel(call.Number);
        }

        _worker.Flush();
    }

    /// <summary>Tells the peer that this side no longer holds an object of its.</summary>
    /// <param name="target">The object's number.</param>
    /// <param name="count">How often this side has received it.</param>
    public void Release(long target, long count)
    {
        Span<byte> body = stackalloc byte[2 * VarInt.MaxLength];
        int length = VarInt.Write(body, target);
        length += VarInt.Write(body[length..], count);
        if (_sender.Append(FrameType.Release, body[..length]) >= 0)
        {
            _worker.Flush();
        }
    }

    /// <summary>Asks the peer to release what it no longer uses.</summary>
    public void Collect()
    {
        if (_sender.Append(FrameType.Collect, default) >= 0)
        {
            _worker.Flush();
        }
    }

    /// <summary>The method of an unanswered call whose response comes on a stream of its own. False where there is no such call, or another stream has come for it.</summary>
    public bool TryExpectLarge(long number, [NotNullWhen(true)] out MethodDescriptor? method)
    {
        lock (_gate)
        {
            return _calls.TryExpectLarge(number, out method);
        }
    }

    /// <summary>Takes a response to the one who waits for it.</summary>
    public void Deliver(long number, RpcStatusCode status, ReadOnlySpan<byte> fields, ReadOnlySpan<byte> result)
    {
        if (Take(number) is { } call)
        {
            call.SetAnswer(status, fields, result);
            _worker.Enqueue(call);
        }
    }

    /// <summary>Ends a call whose response cannot be had.</summary>
    public void Deliver(long number, Exception error)
    {
        if (Take(number) is { } call)
        {
            call.SetError(error);
            _worker.Enqueue(call);
        }
    }

    /// <summary>Takes no more calls, and completes when those that wait have their responses.</summary>
    public Task LeaveAsync()
    {
        lock (_gate)
        {
            _leaving = true;
            return _closed ? Task.CompletedTask : _calls.WhenEmptyAsync();
        }
    }

    /// <summary>Whether no call waits for its response.</summary>
    public bool IsIdle
    {
        get
        {
            lock (_gate)
            {
                return _closed || _calls.IsEmpty;
            }
        }
    }

    /// <summary>Completes when no call waits for its response.</summary>
    public Task WhenIdleAsync()
    {
        lock (_gate)
        {
            return _closed ? Task.CompletedTask : _calls.WhenEmptyAsync();
        }
    }

    private void Break(Exception? exception)
    {
        if (exception is not null)
        {
            _connection.LogStreamBroken(_stream.Id, exception);
        }

        try
        {
            _stream.AbortRead(ResetCode.Cancelled);
        }
        catch (Exception)
        {
            // A stream of another transport may throw anything; aborting the writes ends the lane as well.
        }

        _sender.Abort(ResetCode.Cancelled);
    }

    private async Task RunAsync()
    {
        // The one who opens the lane has a call to send, and does not wait for the first read.
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        Exception? failure = null;
        var reader = new FrameReader(_stream);
        Task writing = CloseWithSenderAsync();
        try
        {
            while (reader.Advance(await _reading.WaitAsync(_stream.ReadAsync(reader.GetMemory()))))
            {
                if (!ReadFrames(reader))
                {
                    failure = new InvalidDataException("The peer's frames on the lane cannot be followed.");
                    _stream.AbortRead(ResetCode.BrokenFrame);
                    break;
                }
            }

            failure ??= reader.IsAtBoundary ? null : new EndOfStreamException("The lane ended in the middle of a frame.");
        }
        catch (Exception exception)
        {
            // Whatever it is, the callers that wait must not wait for ever.
            failure ??= exception;
            _connection.LaneFailed(_stream.Id, exception);
        }

        _reading.Leave();
        FailAll(failure ?? _sender.Failure);
        await writing.ConfigureAwait(false);
        reader.Dispose();
        await _connection.DisposeStreamAsync(_stream).ConfigureAwait(false);
    }

    // A lane that cannot be written any more brings no responses either.
    private async Task CloseWithSenderAsync()
    {
        await _sender.Completion.ConfigureAwait(false);
        Break(null);
    }

    // False where the frames are broken.
    private bool ReadFrames(FrameReader reader)
    {
        bool any = false;
        bool followed = true;
        FrameReadResult result;
        while (followed && (result = reader.TryRead(WireFormat.LargestLaneFrame, out FrameType type, out ReadOnlySpan<byte> body)) != FrameReadResult.Incomplete)
        {
            any = true;
            followed = result != FrameReadResult.Broken && Handle(result, type, body);
        }

        if (any)
        {
            _reading.Offer();
        }

        return followed;
    }

    private bool Handle(FrameReadResult result, FrameType type, ReadOnlySpan<byte> body)
    {
        switch (type)
        {
            case FrameType.GoAway:
                _connection.PeerSaysGoAway(_saidGoAway);
                _saidGoAway = true;
                return true;
            case FrameType.Turn:
                _connection.TurnsDoNotMatter();
                return true;
            case FrameType.Collect:
                _connection.ReleaseUnused();
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
            call.SetError(RpcErrors.LaneResponseTooLarge(call.Method));
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
        if (ResponseFrame.TryParse(type, body, out ResponseFrame frame))
        {
            call.SetAnswer(frame.Status, frame.Fields, frame.Result);
        }
        else
        {
            call.SetError(RpcErrors.BadResult(call.Method, new InvalidDataException("the frame is broken.")));
        }
    }

    private void AppendCancel(int number)
    {
        Span<byte> head = stackalloc byte[VarInt.MaxLength];
        _sender.Append(FrameType.Cancel, head[..VarInt.Write(head, number)]);
    }

    private OutgoingCall? Take(long number)
    {
        lock (_gate)
        {
            return _calls.Take(number);
        }
    }

    private void FailAll(Exception? failure)
    {
        List<OutgoingCall> lost;
        lock (_gate)
        {
            _closed = true;
            lost = _calls.TakeAll();
        }

        // What the sender has not handed over by now never leaves: the peer certainly did not see it.
        _sender.Abort(ResetCode.Cancelled);
        bool anyMayHaveRun = !RpcErrors.WasNeverServed(failure) && !RpcErrors.WasNeverServed(_sender.Failure);

        // Those that are made again leave in the order in which they were made.
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
