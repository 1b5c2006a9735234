using IrohRpc.CompilerServices;

namespace IrohRpc.Connections;

/// <summary>The calls that this side makes on one connection: their lane, their streams, and the order in which they leave.</summary>
internal sealed class OutboundCalls
{
    // How long a call waits for the peer to release objects before it fails.
    private static readonly TimeSpan ObjectsWait = TimeSpan.FromSeconds(5);

    // A peer that resets each lane as soon as it is opened is given up.
    private const int MostLaneAttempts = 3;

    private const int StreamsBeforeLane = 4;

    private readonly PeerRpcConnection _connection;
    private readonly OwnLanes _lanes;
    private readonly ChangeSignal _changed;
    private readonly CallQueue _queue = new();
    private int _streamCalls;
    private int _oneWayStreams;
    private volatile bool _isLeaving;
    private bool _hasPosted;

    public OutboundCalls(PeerRpcConnection connection)
    {
        _connection = connection;
        _changed = new ChangeSignal(connection.Connection.Closed);
        _lanes = new OwnLanes(connection, () =>
        {
            RequireThatPeerTakesCalls();
            return OpenStreamAsync(connection.Ending);
        });
    }

    /// <summary>How many lanes there are.</summary>
    public int LaneCount => _lanes.Count;

    /// <summary>Whether no call of this side's is in progress or waits to be sent.</summary>
    public bool IsIdle => _queue.IsEmpty && Volatile.Read(ref _streamCalls) == 0 && (_lanes.Current?.IsIdle ?? true);

    /// <summary>Whether the peer takes no more calls.</summary>
    public bool IsLeaving
    {
        get => _isLeaving;
        set => _isLeaving |= value;
    }

    /// <summary>Whether the peer wants to know in which order calls on streams were made.</summary>
    public bool TurnsMatter { get; set; } = true;

    private RpcOptions Options => _connection.Options;

    /// <summary>Sends a call, now or when the calls before it have left and there is room. A failure ends the call.</summary>
    /// <exception cref="RpcException">A one-way call finds no room.</exception>
    public void Send(OutgoingCall call)
    {
        if (Check(call) is { } error)
        {
            call.Failed(error);
            return;
        }

        if (call.IsOneWay)
        {
            RequireRoom(call);
            Volatile.Write(ref _hasPosted, true);
        }

        if (!_queue.IsEmpty || !TryDispatch(call))
        {
            if (_queue.Add(call))
            {
                _connection.Track(Background.Start(DispatchQueueAsync));
            }
        }
    }

    /// <summary>Releases an object of the peer's, behind the calls that were made before.</summary>
    public void Release(long target, long count)
    {
        if (_queue.IsEmpty && _lanes.Current is { IsOpen: true } lane)
        {
            lane.Release(target, count);
        }
        else if (!_connection.Connection.Closed.IsCompleted)
        {
            _connection.Track(ReleaseLaterAsync(target, count));
        }
    }

    /// <summary>Asks the peer to release what it no longer uses. False where there is no lane to say it on.</summary>
    public bool TryCollect()
    {
        ClientLane? lane = _lanes.Current;
        lane?.Collect();
        return lane is { IsOpen: true };
    }

    /// <summary>The lane of a stream id, for a response that came on a stream of its own.</summary>
    public ClientLane? FindLane(long streamId) => _lanes.Find(streamId);

    /// <summary>A call on a stream has begun, and holds the connection until it ends.</summary>
    public void StreamBegun(bool isOneWay)
    {
        Interlocked.Increment(ref _streamCalls);
        if (isOneWay)
        {
            Interlocked.Increment(ref _oneWayStreams);
        }
    }

    /// <summary>That call has ended.</summary>
    public void StreamEnded(bool isOneWay)
    {
        if (isOneWay)
        {
            Interlocked.Decrement(ref _oneWayStreams);
        }

        if (Interlocked.Decrement(ref _streamCalls) == 0 || isOneWay)
        {
            _changed.Raise();
        }
    }

    /// <summary>Completes when no call of this side's is in progress and nothing of it waits to be sent, or the connection has closed.</summary>
    public async Task WhenIdleAsync()
    {
        // A connection that has closed ends its calls in its own time; waiting for them in this loop would keep a thread.
        while (!_connection.Connection.Closed.IsCompleted)
        {
            if (!_queue.IsEmpty)
            {
                await _changed.WhenAsync(() => _queue.IsEmpty).ConfigureAwait(false);
            }

            if (await _lanes.FindAsync().ConfigureAwait(false) is { } lane)
            {
                await lane.WhenIdleAsync().ConfigureAwait(false);
            }

            if (Volatile.Read(ref _streamCalls) == 0 && _queue.IsEmpty)
            {
                return;
            }

            await _changed.WhenAsync(() => Volatile.Read(ref _streamCalls) == 0).ConfigureAwait(false);
        }
    }

    /// <summary>Completes when the peer has read every one-way call that was posted before.</summary>
    /// <exception cref="RpcException">The connection has ended, or ends meanwhile: some may not have arrived.</exception>
    public async Task FlushAsync(CancellationToken cancellationToken)
    {
        if (!Volatile.Read(ref _hasPosted))
        {
            return;
        }

        await _changed.WhenAsync(() => _queue.IsEmpty).WaitAsync(cancellationToken).ConfigureAwait(false);
        await _changed.WhenAsync(() => Volatile.Read(ref _oneWayStreams) == 0).WaitAsync(cancellationToken).ConfigureAwait(false);

        // A lane keeps its order: once the peer has answered a call, it has read everything before it. The call itself names nothing, and is refused.
        try
        {
            OutgoingCall probe = new BoundInvoker(_connection, 0).Begin(FlushProbe.Method, null, cancellationToken);
            await probe.InvokeAsync().ConfigureAwait(false);
        }
        catch (RpcException exception) when (exception.StatusCode != RpcStatusCode.Unavailable)
        {
            // The answer that was expected.
        }
    }

    /// <summary>The connection has ended: nothing that waits will leave. The one who dispatches the queue sees so by itself, and fails what is in it.</summary>
    public void Close()
    {
        _isLeaving = true;
        _changed.Raise();
    }

    private RpcException? Check(OutgoingCall call)
    {
        MethodDescriptor method = call.Method;
        if (call.Target == 0 && method != FlushProbe.Method && !method.Contract.Has(method, _connection.Alpn))
        {
            return RpcErrors.NotInNegotiatedVersion(method, _connection.Alpn);
        }

        if (call.Target != 0 && !call.Invoker.Supports(method))
        {
            return RpcErrors.NotInVersionOfObject(method, call.Invoker.Alpn!);
        }

        int fields = call.Size - call.Arguments.Length - WireFormat.LargestHead;
        return fields > Options.MaxFieldBytes ? RpcErrors.MetadataTooLarge(method, fields, Options.MaxFieldBytes) : null;
    }

    private void RequireRoom(OutgoingCall call)
    {
        long unsent = _queue.OneWayBytes + (_lanes.Current?.Unsent ?? 0);
        if (unsent + call.Size > Options.MaxUnsentOneWayBytes && unsent > 0)
        {
            _connection.OneWayRefused(call.Method);
            throw RpcErrors.TooManyUnsent(call.Method, Options.MaxUnsentOneWayBytes);
        }
    }

    /// <summary>The call of a turn will not come.</summary>
    public void SkipTurn(long turn) => _lanes.SkipTurn(turn);

    // False where the call has to wait.
    private bool TryDispatch(OutgoingCall call)
    {
        bool needsStream = call.NeedsStream;

        // A peer that shuts down still answers what asks whether it has read everything.
        if ((_isLeaving && call.Method != FlushProbe.Method) || (!needsStream && _lanes.Current is not { IsOpen: true }) || (call.PassesObjects && !TryPass(call)))
        {
            return false;
        }

        if (needsStream)
        {
            long turn = TurnsMatter ? _lanes.AnnounceTurn() : -1;
            StreamBegun(call.IsOneWay);
            _connection.Track(StreamCall.RunAsync(_connection, call, turn));
            if (turn >= 0 || Volatile.Read(ref _streamCalls) >= StreamsBeforeLane)
            {
                // Streams may use up what the peer allows: the lane that small calls need is opened beside the first few.
                _lanes.Prepare();
            }

            return true;
        }

        if (_lanes.Current is { } lane && (call.IsOneWay || lane.HasRoom))
        {
            if (lane.TrySend(call))
            {
                return true;
            }
        }

        call.ForgetObjects();
        return false;
    }

    private bool TryPass(OutgoingCall call)
    {
        int added = 0;
        foreach (PassedObject passed in call.Objects)
        {
            if (!_connection.Objects.TryAdd(passed))
            {
                break;
            }

            added++;
        }

        if (added == call.Objects.Count)
        {
            call.PassedOn(_connection);
            _connection.AskToReleaseIfFilling();
            return true;
        }

        foreach (PassedObject passed in call.Objects.Take(added))
        {
            _connection.Objects.Release(passed.Number);
        }

        return false;
    }

    private async Task DispatchQueueAsync()
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        try
        {
            int attempts = 0;
            while (_queue.TryPeek(out OutgoingCall? call))
            {
                RequireThatPeerTakesCalls();
                int size = call.Size;
                bool isOneWay = call.IsOneWay;
                ClientLane lane = await _lanes.GetAsync().ConfigureAwait(false);
                if (!isOneWay && !call.IsFinished && !call.NeedsStream)
                {
                    await lane.WaitForRoomAsync(_connection.Ending).ConfigureAwait(false);
                }

                if (call.PassesObjects && !_connection.Objects.HasRoom && !await WaitForObjectsAsync().ConfigureAwait(false))
                {
                    _queue.Remove(size, isOneWay);
                    call.Failed(RpcErrors.TooManyObjects(call.Method, Options.MaxObjects));
                }
                else if (call.IsFinished || TryDispatch(call))
                {
                    _queue.Remove(size, isOneWay);
                    attempts = 0;
                }
                else if (!lane.IsOpen && ++attempts == MostLaneAttempts)
                {
                    throw new PeerException(PeerErrorKind.StreamAborted, "The peer resets every lane.");
                }
            }
        }
        catch (Exception exception)
        {
            // No lane can be had: whatever the reason, those who wait must not wait for ever.
            foreach (OutgoingCall call in _queue.TakeAll())
            {
                call.Failed(RpcErrors.NotStarted(call.Method, exception));
            }
        }

        _changed.Raise();
    }

    private async ValueTask<bool> WaitForObjectsAsync()
    {
        using var bound = new CancellationTokenSource(ObjectsWait, Options.TimeProvider);
        while (!bound.IsCancellationRequested)
        {
            _connection.AskToReleaseIfFilling();
            using var soon = CancellationTokenSource.CreateLinkedTokenSource(bound.Token, _connection.Ending);
            soon.CancelAfter(UnusedObjects.Shortest);
            try
            {
                await _connection.Objects.WaitForRoomAsync(soon.Token).ConfigureAwait(false);
                return true;
            }
            catch (OperationCanceledException)
            {
                // Asks again: what was in use the last time may not be any more.
                _connection.Ending.ThrowIfCancellationRequested();
            }
        }

        return false;
    }

    private async Task ReleaseLaterAsync(long target, long count)
    {
        try
        {
            await _changed.WhenAsync(() => _queue.IsEmpty).ConfigureAwait(false);
            (await _lanes.GetAsync().ConfigureAwait(false)).Release(target, count);
        }
        catch (Exception exception) when (RpcErrors.IsStreamFailure(exception))
        {
            // With the connection the object is gone as well.
        }
    }

    private void RequireThatPeerTakesCalls()
    {
        if (_isLeaving)
        {
            throw _connection.Connection.Closed.IsCompletedSuccessfully
                ? new PeerException(PeerErrorKind.ConnectionLost, $"The connection to peer {_connection.PeerId.ToShortString()} has ended.")
                : new PeerException(PeerErrorKind.Refused, $"Peer {_connection.PeerId.ToShortString()} is shutting down and takes no more calls.");
        }
    }

    /// <summary>Opens a stream for a call or a lane.</summary>
    /// <exception cref="PeerException">The connection has ended.</exception>
    public async ValueTask<PeerStream> OpenStreamAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await _connection.Connection.OpenBidirectionalStreamAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (PeerException exception)
        {
            _connection.NoteFailure(exception);
            throw;
        }
    }
}
