using System.Diagnostics.CodeAnalysis;

namespace IrohRpc.Connections;

/// <summary>The calls that the peer makes on one connection: the streams that it opens, and the places that its calls take.</summary>
internal sealed class InboundCalls(PeerRpcConnection connection)
{
    private readonly Lock _gate = new();
    private readonly List<ServerLane> _lanes = [];
    private AbandonedStreams? _abandoned;
    private long _abandonedSince;
    private TaskCompletionSource? _changed;
    private int _places;
    private volatile bool _saysGoAway;
    private volatile bool _isDraining;

    /// <summary>How many lanes the peer has.</summary>
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

    /// <summary>How many calls of the peer's are in progress, or have a response that has not left.</summary>
    public int InProgress => Volatile.Read(ref _places);

    /// <summary>How many bytes of responses wait for the network.</summary>
    public long Unsent
    {
        get
        {
            lock (_gate)
            {
                return _lanes.Sum(static lane => (long)lane.Unsent);
            }
        }
    }

    /// <summary>Accepts the bidirectional streams that the peer opens, until the connection ends. Never throws.</summary>
    /// <remarks>What ends it is the end of the connection, not a token: every idle connection would hold a registration with it.</remarks>
    public async Task AcceptBidirectionalAsync()
    {
        try
        {
            while (true)
            {
                if (MeasureWait() is { Ticks: > 0 } wait)
                {
                    // Streams that nobody accepts count against the limit on those that are open, so that the peer waits as well.
                    await Task.WhenAny(connection.Connection.Closed, Task.Delay(wait, connection.Options.TimeProvider)).ConfigureAwait(false);
                }

                PeerStream stream = await connection.Connection.AcceptBidirectionalStreamAsync(CancellationToken.None).ConfigureAwait(false);
                connection.Channels.Accepted(stream.Id);
                connection.Track(ServeBidirectionalAsync(stream));
            }
        }
        catch (Exception exception)
        {
            // Nobody is served any more: those who wait for this connection must learn of it, whatever the reason.
            await connection.AcceptFailedAsync(exception).ConfigureAwait(false);
        }
    }

    /// <inheritdoc cref="AcceptBidirectionalAsync"/>
    public async Task AcceptUnidirectionalAsync()
    {
        try
        {
            while (true)
            {
                PeerStream stream = await connection.Connection.AcceptUnidirectionalStreamAsync(CancellationToken.None).ConfigureAwait(false);
                connection.Track(ServeUnidirectionalAsync(stream));
            }
        }
        catch (Exception exception)
        {
            await connection.AcceptFailedAsync(exception).ConfigureAwait(false);
        }
    }

    /// <summary>
    /// Counts a call in, unless there are too many, they hold too much, or this side is shutting down. A one-way call is taken in during a shutdown as well: it was posted before its
    /// caller could know, and nobody would hear that it was rejected.
    /// </summary>
    /// <param name="cost">What the request holds.</param>
    /// <param name="isOneWay">Whether nobody waits for a response.</param>
    /// <param name="rejection">Why not.</param>
    public bool TryStart(long cost, bool isOneWay, [NotNullWhen(false)] out Rejection? rejection)
    {
        // Counts first and looks then: either the call sees that it came too late, or the drain sees the call.
        int places = Interlocked.Increment(ref _places);
        rejection = _isDraining && !isOneWay ? new Rejection(RpcStatusCode.Unavailable, "This peer is shutting down and takes no more calls.")
            : places > connection.Options.MaxCallsInProgress ? new Rejection(
                RpcStatusCode.ResourceExhausted,
                $"{connection.Options.MaxCallsInProgress} calls are in progress on the connection, the most that this peer takes ({nameof(RpcOptions)}.{nameof(RpcOptions.MaxCallsInProgress)}).")
            : !connection.Held.TryTake(cost) ? new Rejection(
                RpcStatusCode.ResourceExhausted,
                $"The calls in progress hold as many bytes as this peer takes ({nameof(RpcOptions)}.{nameof(RpcOptions.MaxBufferedBytes)}).")
            : null;
        if (rejection is null)
        {
            return true;
        }

        LeavePlace();
        return false;
    }

    /// <summary>A call is over and its response has left.</summary>
    public void ReturnPlace(long cost)
    {
        connection.Held.Return(cost);
        LeavePlace();
    }

    /// <summary>Completes when a call that holds so much finds a place.</summary>
    /// <exception cref="OperationCanceledException">The connection has ended.</exception>
    public async Task WaitForPlaceAsync(long cost)
    {
        while (true)
        {
            Task changed = NextChange();
            if (InProgress >= connection.Options.MaxCallsInProgress)
            {
                await changed.WaitAsync(connection.Ending).ConfigureAwait(false);
            }
            else if (!connection.Held.Fits(cost))
            {
                await connection.Held.WaitForRoomAsync(cost, connection.Ending).ConfigureAwait(false);
            }
            else
            {
                return;
            }
        }
    }

    /// <summary>Completes when no call is in progress and every response has been handed to the network. The connection's end does not end the wait: handlers do.</summary>
    public async Task WhenIdleAsync()
    {
        while (InProgress > 0)
        {
            Task changed = NextChange();
            if (InProgress > 0)
            {
                await changed.ConfigureAwait(false);
            }
        }
    }

    /// <summary>Takes no more calls, after every lane has said so: the caller then knows better than to try again here.</summary>
    public void Drain()
    {
        lock (_gate)
        {
            _saysGoAway = true;
        }

        SayGoAway();
        _isDraining = true;
        Interlocked.MemoryBarrier();
        Changed();
    }

    /// <summary>Says GOAWAY on every lane.</summary>
    public void SayGoAway() => ForEachLane(static lane => lane.GoAway());

    /// <summary>Asks the peer, on a lane of its, to release what it no longer uses.</summary>
    public void Collect() => ForEachLane(static lane => lane.Collect());

    /// <summary>The connection has ended: those who wait look again.</summary>
    public void Close() => Changed();

    private void ForEachLane(Action<ServerLane> action)
    {
        ServerLane[] lanes;
        lock (_gate)
        {
            lanes = [.. _lanes];
        }

        foreach (ServerLane lane in lanes)
        {
            action(lane);
        }
    }

    private Task NextChange()
    {
        lock (_gate)
        {
            return (_changed ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
        }
    }

    private void LeavePlace()
    {
        Interlocked.Decrement(ref _places);
        if (Volatile.Read(ref _changed) is not null)
        {
            Changed();
        }
    }

    private void Changed()
    {
        TaskCompletionSource? changed;
        lock (_gate)
        {
            changed = _changed;
            _changed = null;
        }

        changed?.TrySetResult();
    }

    private async Task ServeBidirectionalAsync(PeerStream stream)
    {
        // On another thread: a stream whose reads complete at once would keep the others from being accepted.
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        var reader = new FrameReader(stream, connection.Held);
        try
        {
            switch (await ReadKindAsync(reader).ConfigureAwait(false))
            {
                case StreamKind.Lane:
                    connection.Channels.RemoveLane(stream.Id);
                    var lane = new ServerLane(connection, stream);
                    if (!TryAdd(lane))
                    {
                        // Each lane has work of its own at the thread pool: a peer with a thousand of them would leave little to others.
                        Reset(stream, ResetCode.LimitExceeded);
                        break;
                    }

                    await lane.RunAsync(reader).ConfigureAwait(false);
                    Remove(lane);
                    break;
                case StreamKind.Call:
                    await new StreamResponder(connection, reader).RunAsync().ConfigureAwait(false);
                    break;
                case not null:
                    Reset(stream, ResetCode.UnknownStreamKind);
                    break;
            }
        }
        catch (Exception exception)
        {
            connection.LogStreamFailed(stream.Id, exception);
        }

        if (WasReset(stream.ReadsClosed) || WasReset(stream.WritesClosed))
        {
            NoteAbandoned();
        }

        connection.Channels.Remove(stream.Id);
        await connection.DisposeStreamAsync(stream).ConfigureAwait(false);
        reader.Dispose();
    }

    private static bool WasReset(Task direction) => direction is { IsFaulted: true, Exception.InnerException: PeerException { Kind: PeerErrorKind.StreamAborted } };

    private void NoteAbandoned()
    {
        lock (_gate)
        {
            if (_abandoned is null)
            {
                _abandoned = new AbandonedStreams(connection.Options.MaxAbandonedCallsPerSecond);
                _abandonedSince = connection.Options.TimeProvider.GetTimestamp();
            }

            _abandoned.Note(connection.Options.TimeProvider.GetElapsedTime(_abandonedSince));
        }
    }

    private TimeSpan MeasureWait()
    {
        if (_abandoned is null)
        {
            return TimeSpan.Zero;
        }

        lock (_gate)
        {
            return _abandoned.MeasureWait(connection.Options.TimeProvider.GetElapsedTime(_abandonedSince));
        }
    }

    // False where the peer has as many as it may.
    private bool TryAdd(ServerLane lane)
    {
        bool saysGoAway;
        lock (_gate)
        {
            if (_lanes.Count >= WireFormat.MostLanes)
            {
                return false;
            }

            _lanes.Add(lane);
            saysGoAway = _saysGoAway;
        }

        if (saysGoAway)
        {
            lane.GoAway();
        }

        return true;
    }

    private void Remove(ServerLane lane)
    {
        lock (_gate)
        {
            _lanes.Remove(lane);
        }
    }

    private async Task ServeUnidirectionalAsync(PeerStream stream)
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        var reader = new FrameReader(stream, connection.Held);
        try
        {
            switch (await ReadKindAsync(reader).ConfigureAwait(false))
            {
                case StreamKind.Channel:
                    if (await TryAddChannelAsync(reader).ConfigureAwait(false))
                    {
                        return;
                    }

                    stream.AbortRead(ResetCode.UnknownCall);
                    break;
                case StreamKind.Answer:
                    await LargeResponse.ReceiveAsync(connection, connection.FindLane, reader).ConfigureAwait(false);
                    break;
                case not null:
                    stream.AbortRead(ResetCode.UnknownStreamKind);
                    break;
            }
        }
        catch (Exception exception)
        {
            await connection.UnidirectionalFailedAsync(stream.Id, exception).ConfigureAwait(false);
        }

        await connection.DisposeStreamAsync(stream).ConfigureAwait(false);
        reader.Dispose();
    }

    private async ValueTask<bool> TryAddChannelAsync(FrameReader reader)
    {
        long call = await reader.ReadVarIntAsync().ConfigureAwait(false);
        long parameter = await reader.ReadVarIntAsync().ConfigureAwait(false);
        return call >= 0 && parameter is >= 0 and <= ChannelTable.LastParameter && connection.Channels.TryAdd(call, parameter, reader);
    }

    // Null where the stream ended first, or is of another version and was reset.
    private static async ValueTask<StreamKind?> ReadKindAsync(FrameReader reader)
    {
        int version = await reader.ReadByteAsync().ConfigureAwait(false);
        if (version is not WireFormat.Version)
        {
            if (version >= 0)
            {
                Reset(reader.Stream, ResetCode.IncompatibleVersion);
            }

            return null;
        }

        int kind = await reader.ReadByteAsync().ConfigureAwait(false);
        return kind < 0 ? null : (StreamKind)kind;
    }

    private static void Reset(PeerStream stream, long code)
    {
        stream.AbortRead(code);
        stream.AbortWrite(code);
    }
}
