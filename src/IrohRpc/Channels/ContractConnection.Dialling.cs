namespace IrohRpc.Channels;

// The dials, and the connection that comes of them: it is adopted, watched, replaced where it is silent, and dropped when it ends.
internal sealed partial class ContractConnection
{
    private void Apply(ChannelAction action)
    {
        if (action.Dial)
        {
            _ = Background.Start(DialAsync);
            _channel.StateMayHaveChanged();
        }
        else if (action.Wait is { } wait)
        {
            _timer.Change(wait, Timeout.InfiniteTimeSpan);
            _channel.StateMayHaveChanged();
        }
    }

    private async Task DialAsync()
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        PeerRpcConnection rpc;
        try
        {
            rpc = await MakeAsync().ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            DialFailed(exception);
            return;
        }

        bool isClosed;
        lock (_gate)
        {
            _machine.Connected();
            isClosed = _machine.State != ChannelState.Ready;
            if (!isClosed)
            {
                Adopt(rpc);
            }
        }

        if (isClosed)
        {
            await rpc.DisposeAsync().ConfigureAwait(false);
            return;
        }

        _channel.Connected();
        Dispatch();
        await WatchAsync(rpc).ConfigureAwait(false);
    }

    // Within the lock.
    private void Adopt(PeerRpcConnection rpc)
    {
        _current = rpc;
        _usable = null;
        _lastError = null;
        _connectedAt = _options.TimeProvider.GetTimestamp();
        _open.Add(rpc);
        if (!rpc.HasShakenHands)
        {
            rpc.Track(DispatchAfterHandshakeAsync(rpc));
        }
    }

    private async Task DispatchAfterHandshakeAsync(PeerRpcConnection rpc)
    {
        await rpc.Connection.HandshakeCompleted.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        Dispatch();
    }

    private async Task<PeerRpcConnection> MakeAsync()
    {
        (PeerEndpoint endpoint, PeerConnection connection) = await _channel.DialAsync(_contract.Alpns, ChannelOptions.UsesEarlyData).ConfigureAwait(false);
        RpcOptions options = _options.EndpointBudget is null ? _options.CopyFor(endpoint) : _options;
        PeerRpcConnection rpc = PeerRpcConnection.Start(connection, default(ServiceBinding), options);
        rpc.PeerIsLeaving = Leaves;
        return rpc;
    }

    private void DialFailed(Exception exception)
    {
        List<WaitingCall> failed;
        bool isClosing = exception is OperationCanceledException or ObjectDisposedException or PeerException { Kind: PeerErrorKind.ClosedLocally };
        PeerException error = exception as PeerException ?? DialErrors.Unexpected(_channel.PeerId, exception);
        lock (_gate)
        {
            if (isClosing)
            {
                _machine.Close();
                failed = _waiting.TakeAll();
            }
            else
            {
                _lastError = error;
                Apply(_machine.Failed());
                failed = _machine.State == ChannelState.Connecting
                    ? []
                    : DialErrors.MayPass(error) ? _waiting.TakeExpired(_options.TimeProvider.GetTimestamp()) : _waiting.TakeAll();
                _waiting.SetReason(error);
                ScheduleExpiry();
            }

            NoteIfDrained();
        }

        Fail(failed, isClosing ? Disposed() : DialErrors.Again(error));
        _channel.StateMayHaveChanged();
    }

    // A call whose wait ends before the next dial does not wait for that. Within the lock.
    private void ScheduleExpiry()
    {
        if (_waiting.FirstExpiry is { } expiry && expiry != long.MaxValue && _machine.State == ChannelState.BackingOff)
        {
            _ = Background.Start(() => ExpireAsync(expiry));
        }
    }

    private async Task ExpireAsync(long expiry)
    {
        TimeProvider clock = _options.TimeProvider;
        TimeSpan left = clock.GetElapsedTime(clock.GetTimestamp(), expiry);
        if (left > TimeSpan.Zero && left < TimeSpan.FromDays(24))
        {
            await Task.Delay(left, clock, _channel.Closing).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        List<WaitingCall> expired;
        PeerException? error;
        lock (_gate)
        {
            error = _lastError;
            expired = _machine.State == ChannelState.BackingOff ? _waiting.TakeExpired(clock.GetTimestamp()) : [];
            NoteIfDrained();
        }

        Fail(expired, error is null ? Disposed() : DialErrors.Again(error));
    }

    private void TimePassed()
    {
        lock (_gate)
        {
            Apply(_machine.TimePassed(_waiting.Any));
        }

        _channel.StateMayHaveChanged();
    }

    private void Leaves(PeerRpcConnection rpc)
    {
        lock (_gate)
        {
            Drop(rpc);
        }

        _channel.StateMayHaveChanged();
    }

    // Within the lock.
    private void DropIfLeaving()
    {
        if (_current is { IsGoingAway: true } leaving)
        {
            Drop(leaving);
        }
    }

    // What it still answers comes in; calls that begin now need another. Within the lock.
    private void Drop(PeerRpcConnection rpc)
    {
        if (_current != rpc)
        {
            return;
        }

        _current = null;
        _usable = null;
        bool wasOfUse = _options.TimeProvider.GetElapsedTime(_connectedAt) >= ChannelOptions.LongestDelay;
        if (!wasOfUse && rpc.Connection.Closed is { IsCompletedSuccessfully: true, Result.Kind: not PeerErrorKind.ClosedLocally } closed)
        {
            _lastError = closed.Result.ToException(_channel.PeerId);
        }

        Apply(_machine.Lost(wasOfUse));
        if (_waiting.Any)
        {
            Apply(_machine.Wanted());
        }
    }

    private async Task WatchAsync(PeerRpcConnection rpc)
    {
        try
        {
            var watch = new ConnectionWatch(rpc, ChannelOptions, _options.TimeProvider);
            while (await watch.NextAsync().ConfigureAwait(false) is ConnectionWatch.Finding.Silent)
            {
                await ReplaceSilentAsync(rpc).ConfigureAwait(false);
            }
        }
        catch (Exception exception)
        {
            // A connection of another transport may throw anything; what is left of it is closed.
            rpc.LogTaskFailed(exception);
        }

        Leaves(rpc);
        await rpc.DisposeAsync().ConfigureAwait(false);
        lock (_gate)
        {
            _open.Remove(rpc);
        }

        _channel.StateMayHaveChanged();
    }

    private async Task ReplaceSilentAsync(PeerRpcConnection silent)
    {
        PeerRpcConnection fresh;
        try
        {
            fresh = await MakeAsync().ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is PeerException or OperationCanceledException or ObjectDisposedException)
        {
            // There is no better way to the peer for now. The silent connection may come back, or ends by its idle time-out.
            return;
        }

        bool isAdopted;
        lock (_gate)
        {
            isAdopted = _current == silent && _machine.State == ChannelState.Ready && ConnectionWatch.IsSilent(silent, ChannelOptions);
            if (isAdopted)
            {
                Adopt(fresh);
            }
        }

        if (!isAdopted)
        {
            await fresh.DisposeAsync().ConfigureAwait(false);
            return;
        }

        _channel.Connected();
        Dispatch();
        _ = Background.Start(() => WatchAsync(fresh));
        await silent.Connection.CloseAsync(0, "silent", CancellationToken.None).ConfigureAwait(false);
    }
}
