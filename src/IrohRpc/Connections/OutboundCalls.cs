using IrohRpc.CompilerServices;

namespace IrohRpc.Connections;

/// <summary>The calls that this side makes on one connection: their lane, their streams, and the order in which they leave.</summary>
internal sealed class OutboundCalls(PeerRpcConnection connection)
{
    // How long a call waits for the peer to release objects before it fails.
    private static readonly TimeSpan ObjectsWait = TimeSpan.FromSeconds(5);

    // A peer that resets each lane as soon as it is opened is given up.
    private const int MostLaneAttempts = 3;

    private const int StreamsBeforeLane = 4;

    private readonly Lock _gate = new();
    private readonly List<ClientLane> _lanes = [];
    private readonly CallQueue _queue = new();
    private volatile ClientLane? _lane;
    private Task<ClientLane>? _opening;
    private List<long>? _unannounced;
    private TaskCompletionSource? _idle;
    private long _turns;
    private int _streamCalls;
    private int _oneWayStreams;
    private volatile bool _isLeaving;
    private bool _hasPosted;

    /// <summary>How many lanes there are.</summary>
    public int LaneCount
    {
        get
        {
            lock (_gate)
            {
                return _lanes.Count;
            }
        }
    }

    /// <summary>Whether no call of this side's is in progress or waits to be sent.</summary>
    public bool IsIdle => _queue.IsEmpty && Volatile.Read(ref _streamCalls) == 0 && (_lane?.IsIdle ?? true);

    /// <summary>Whether the peer takes no more calls.</summary>
    public bool IsLeaving
    {
        get => _isLeaving;
        set => _isLeaving |= value;
    }

    /// <summary>Whether the peer wants to know in which order calls on streams were made.</summary>
    public bool TurnsMatter { get; set; } = true;

    private RpcOptions Options => connection.Options;

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
                connection.Track(Background.Start(DispatchQueueAsync));
            }
        }
    }

    /// <summary>Releases an object of the peer's, behind the calls that were made before.</summary>
    public void Release(long target, long count)
    {
        if (_queue.IsEmpty && _lane is { IsOpen: true } lane)
        {
            lane.Release(target, count);
        }
        else if (!connection.Connection.Closed.IsCompleted)
        {
            connection.Track(ReleaseLaterAsync(target, count));
        }
    }

    /// <summary>Asks the peer to release what it no longer uses. False where there is no lane to say it on.</summary>
    public bool TryCollect()
    {
        ClientLane? lane = _lane;
        lane?.Collect();
        return lane is { IsOpen: true };
    }

    /// <summary>The lane of a stream id, for a response that came on a stream of its own.</summary>
    public ClientLane? FindLane(long streamId)
    {
        lock (_gate)
        {
            return _lanes.Find(lane => lane.Id == streamId);
        }
    }

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
            Volatile.Read(ref _idle)?.TrySetResult();
        }
    }

    /// <summary>Completes when no call of this side's is in progress and nothing of it waits to be sent, or the connection has closed.</summary>
    public async Task WhenIdleAsync()
    {
        // A connection that has closed ends its calls in its own time; waiting for them in this loop would keep a thread.
        while (!connection.Connection.Closed.IsCompleted)
        {
            if (!_queue.IsEmpty)
            {
                await WhenChangedAsync(() => _queue.IsEmpty).ConfigureAwait(false);
            }

            if (await FindLaneAsync().ConfigureAwait(false) is { } lane)
            {
                await lane.WhenIdleAsync().ConfigureAwait(false);
            }

            if (Volatile.Read(ref _streamCalls) == 0 && _queue.IsEmpty)
            {
                return;
            }

            await WhenChangedAsync(() => Volatile.Read(ref _streamCalls) == 0).ConfigureAwait(false);
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

        await WhenChangedAsync(() => _queue.IsEmpty).WaitAsync(cancellationToken).ConfigureAwait(false);
        await WhenChangedAsync(() => Volatile.Read(ref _oneWayStreams) == 0).WaitAsync(cancellationToken).ConfigureAwait(false);

        // A lane keeps its order: once the peer has answered a call, it has read everything before it. The call itself names nothing, and is refused.
        try
        {
            OutgoingCall probe = new BoundInvoker(connection, 0).Begin(Probe.Method, null, cancellationToken);
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
        Volatile.Read(ref _idle)?.TrySetResult();
    }

    private RpcException? Check(OutgoingCall call)
    {
        MethodDescriptor method = call.Method;
        if (call.Target == 0 && method != Probe.Method && !method.Contract.Has(method, connection.Alpn))
        {
            return RpcErrors.NotInNegotiatedVersion(method, connection.Alpn);
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
        long unsent = _queue.OneWayBytes + (_lane?.Unsent ?? 0);
        if (unsent + call.Size > Options.MaxUnsentOneWayBytes && unsent > 0)
        {
            connection.OneWayRefused(call.Method);
            throw RpcErrors.TooManyUnsent(call.Method, Options.MaxUnsentOneWayBytes);
        }
    }

    /// <summary>The call of a turn will not come.</summary>
    public void SkipTurn(long turn)
    {
        ClientLane? lane = null;
        lock (_gate)
        {
            if (turn >= 0 && _unannounced?.Remove(turn) != true)
            {
                lane = _lane;
            }
        }

        lane?.AnnounceTurn(turn, isSkipped: true);
    }

    // False where the call has to wait.
    private bool TryDispatch(OutgoingCall call)
    {
        bool needsStream = call.NeedsStream;

        // A peer that shuts down still answers what asks whether it has read everything.
        if ((_isLeaving && call.Method != Probe.Method) || (!needsStream && _lane is not { IsOpen: true }) || (call.PassesObjects && !TryPass(call)))
        {
            return false;
        }

        if (needsStream)
        {
            long turn = AnnounceTurn();
            StreamBegun(call.IsOneWay);
            connection.Track(ClientStream.RunAsync(connection, call, turn));
            OpenLaneBeside(turn);
            return true;
        }

        if (_lane is { } lane && (call.IsOneWay || lane.HasRoom))
        {
            if (lane.TrySend(call))
            {
                return true;
            }
        }

        call.ForgetObjects();
        return false;
    }

    private long AnnounceTurn()
    {
        if (!TurnsMatter)
        {
            return -1;
        }

        lock (_gate)
        {
            long turn = _turns++;
            if (_lane is { IsOpen: true } lane)
            {
                lane.AnnounceTurn(turn, isSkipped: false);
            }
            else
            {
                // The next lane begins with it.
                (_unannounced ??= []).Add(turn);
            }

            return turn;
        }
    }

    // Streams may use up what the peer allows: the lane that small calls need is opened beside the first few.
    private void OpenLaneBeside(long turn)
    {
        if (_lane is not { IsOpen: true } && (turn >= 0 || Volatile.Read(ref _streamCalls) >= StreamsBeforeLane))
        {
            _ = GetLaneAsync().ContinueWith(static ended => _ = ended.Exception, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        }
    }

    private bool TryPass(OutgoingCall call)
    {
        int added = 0;
        foreach (PassedObject passed in call.Objects)
        {
            if (!connection.Objects.TryAdd(passed))
            {
                break;
            }

            added++;
        }

        if (added == call.Objects.Count)
        {
            call.PassedOn(connection);
            connection.AskToReleaseIfFilling();
            return true;
        }

        foreach (PassedObject passed in call.Objects.Take(added))
        {
            connection.Objects.Release(passed.Number);
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
                ClientLane lane = await GetLaneAsync().ConfigureAwait(false);
                if (!isOneWay && !call.IsFinished && !call.NeedsStream)
                {
                    await lane.WaitForRoomAsync(connection.Ending).ConfigureAwait(false);
                }

                if (call.PassesObjects && !connection.Objects.HasRoom && !await WaitForObjectsAsync().ConfigureAwait(false))
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

        Volatile.Read(ref _idle)?.TrySetResult();
    }

    private async ValueTask<bool> WaitForObjectsAsync()
    {
        using var bound = new CancellationTokenSource(ObjectsWait, Options.TimeProvider);
        while (!bound.IsCancellationRequested)
        {
            connection.AskToReleaseIfFilling();
            using var soon = CancellationTokenSource.CreateLinkedTokenSource(bound.Token, connection.Ending);
            soon.CancelAfter(UnusedObjects.Shortest);
            try
            {
                await connection.Objects.WaitForRoomAsync(soon.Token).ConfigureAwait(false);
                return true;
            }
            catch (OperationCanceledException)
            {
                // Asks again: what was in use the last time may not be any more.
                connection.Ending.ThrowIfCancellationRequested();
            }
        }

        return false;
    }

    private async Task ReleaseLaterAsync(long target, long count)
    {
        try
        {
            await WhenChangedAsync(() => _queue.IsEmpty).ConfigureAwait(false);
            (await GetLaneAsync().ConfigureAwait(false)).Release(target, count);
        }
        catch (Exception exception) when (RpcErrors.IsStreamFailure(exception))
        {
            // With the connection the object is gone as well.
        }
    }

    private async Task WhenChangedAsync(Func<bool> isSo)
    {
        while (!isSo())
        {
            TaskCompletionSource made = new(TaskCreationOptions.RunContinuationsAsynchronously);
            TaskCompletionSource idle;
            lock (_gate)
            {
                if (_idle is null || _idle.Task.IsCompleted)
                {
                    _idle = made;
                }

                idle = _idle;
            }

            // Looks again: it may have become so before it could see that somebody waits.
            if (isSo())
            {
                return;
            }

            await Task.WhenAny(idle.Task, connection.Connection.Closed).ConfigureAwait(false);
            if (connection.Connection.Closed.IsCompleted)
            {
                return;
            }
        }
    }

    private async Task<ClientLane?> FindLaneAsync()
    {
        Task<ClientLane>? opening;
        lock (_gate)
        {
            opening = _opening;
        }

        try
        {
            return opening is null ? null : await opening.ConfigureAwait(false);
        }
        catch (Exception)
        {
            // There is no lane, and so nothing on it to wait for.
            return null;
        }
    }

    private Task<ClientLane> GetLaneAsync()
    {
        lock (_gate)
        {
            if (_opening is null
                || _opening.IsFaulted
                || _opening.IsCanceled
                || (_opening.IsCompletedSuccessfully && !_opening.Result.IsOpen))
            {
                _opening = Background.Start(OpenLaneAsync) as Task<ClientLane>;
            }

            return _opening!;
        }
    }

    private async Task<ClientLane> OpenLaneAsync()
    {
        RequireThatPeerTakesCalls();
        PeerStream stream = await OpenStreamAsync(connection.Ending).ConfigureAwait(false);
        ClientLane lane = ClientLane.Start(connection, stream);
        lock (_gate)
        {
            _lanes.Add(lane);
            foreach (long turn in _unannounced ?? [])
            {
                lane.AnnounceTurn(turn, isSkipped: false);
            }

            _unannounced = null;
            _lane = lane;
        }

        connection.Track(ForgetLaneAsync(lane));
        return lane;
    }

    private void RequireThatPeerTakesCalls()
    {
        if (_isLeaving)
        {
            throw connection.Connection.Closed.IsCompletedSuccessfully
                ? new PeerException(PeerErrorKind.ConnectionLost, $"The connection to peer {connection.PeerId.ToShortString()} has ended.")
                : new PeerException(PeerErrorKind.Refused, $"Peer {connection.PeerId.ToShortString()} is shutting down and takes no more calls.");
        }
    }

    /// <summary>Opens a stream for a call or a lane.</summary>
    /// <exception cref="PeerException">The connection has ended.</exception>
    public async ValueTask<PeerStream> OpenStreamAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await connection.Connection.OpenBidirectionalStreamAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (PeerException exception)
        {
            connection.NoteFailure(exception);
            throw;
        }
    }

    private async Task ForgetLaneAsync(ClientLane lane)
    {
        await lane.Completion.ConfigureAwait(false);
        lock (_gate)
        {
            _lanes.Remove(lane);
        }
    }

    // A contract with one method that no peer has.
    private static class Probe
    {
        public static readonly MethodDescriptor Method = Make();

        private static MethodDescriptor Make()
        {
            var method = new MethodDescriptor
            {
                Index = 0,
                Name = "FlushAsync",
                WireName = "",
                Signature = "()->void",
                NameId = 0,
                SignatureId = 0,
                Result = ResultKind.None,
            };
            _ = new ContractDescriptor("RpcConnection", ["rpc/0"], [method]);
            return method;
        }
    }
}
