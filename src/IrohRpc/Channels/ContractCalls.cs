using IrohRpc.CompilerServices;
using IrohRpc.Internal;

namespace IrohRpc.Channels;

/// <summary>
/// The calls of one contract to one peer: it dials when a call needs it, keeps the calls that wait in their order, and watches over the connection.
/// </summary>
/// <remarks>One lock guards all state; nothing of others runs while it is held.</remarks>
internal sealed class ContractCalls : CallInvoker
{
    private static readonly TimeSpan CheckInterval = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly PeerChannel _channel;
    private readonly ContractDescriptor _contract;
    private readonly ClientOptions _options;
    private readonly ChannelMachine _machine;
    private readonly ITimer _timer;
    private readonly WaitingCalls _waiting = new();
    private readonly HashSet<PeerRpcConnection> _open = [];
    private volatile PeerRpcConnection? _usable;
    private PeerRpcConnection? _current;
    private PeerException? _lastError;
    private bool _isDispatching;
    private long _connectedAt;

    public ContractCalls(PeerChannel channel, ContractDescriptor contract, ClientOptions options)
    {
        _channel = channel;
        _contract = contract;
        _options = options;
        RetryBudget = options.RetryBudget;
        _machine = new ChannelMachine(channel.Options, Random.Shared.NextDouble);
        _timer = options.TimeProvider.CreateTimer(
            static state => ((ContractCalls)state!).TimePassed(), this, System.Threading.Timeout.InfiniteTimeSpan, System.Threading.Timeout.InfiniteTimeSpan);
    }

    public PeerChannel Channel => _channel;

    public ChannelState State
    {
        get
        {
            lock (_gate)
            {
                return _machine.State;
            }
        }
    }

    /// <summary>The connection that new calls take; null where there is none.</summary>
    public PeerRpcConnection? Current
    {
        get
        {
            lock (_gate)
            {
                return _current is { IsGoingAway: false, HasShakenHands: true } ? _current : null;
            }
        }
    }

    internal override EndpointId PeerId => _channel.PeerId;

    internal override TimeProvider TimeProvider => _options.TimeProvider;

    internal override RpcOptions Options => _options;

    internal override TimeSpan? Timeout => _options.Timeout;

    internal override string? Alpn => Current?.Alpn;

    private PeerChannelOptions ChannelOptions => _channel.Options;

    internal override bool Supports(MethodDescriptor method)
        => Alpn is { } alpn ? method.Contract.Has(method, alpn) : method.Contract.HasAlways(method);

    internal override async ValueTask<bool> SupportsAsync(MethodDescriptor method, CancellationToken cancellationToken)
    {
        if (method.Contract.HasAlways(method))
        {
            return true;
        }

        try
        {
            return method.Contract.Has(method, (await ConnectAsync(cancellationToken).ConfigureAwait(false)).Alpn);
        }
        catch (PeerException exception)
        {
            throw RpcErrors.NotStarted(method, exception);
        }
    }

    internal override void Send(OutgoingCall call)
    {
        if (_usable is { IsGoingAway: false } rpc)
        {
            rpc.Send(call, 0);
            return;
        }

        Exception? failure;
        lock (_gate)
        {
            DropIfLeaving();
            failure = Wait(call);
        }

        if (failure is not null)
        {
            Fail(call, failure);
        }
        else
        {
            Dispatch();
        }
    }

    internal override bool ShouldRetry(OutgoingCall call, RpcException failure)
        => call.Retries < _options.MaxRetries
            && failure.StatusCode == RpcStatusCode.Unavailable
            && (failure.IsNotStarted || (failure.WasLost && call.Method.IsIdempotent))
            && (RetryBudget?.RecordFailure() ?? true);

    internal override void PostFailed(MethodDescriptor method, Exception failure) => Current?.LogPostFailed(method, failure);

    internal override void CompletionFailed(MethodDescriptor method, Exception failure) => Current?.LogCompletionFailed(failure);

    /// <summary>The connection, dialled now where there is none. Waits and fails as a call does.</summary>
    /// <exception cref="PeerException">The dial has failed.</exception>
    public async ValueTask<PeerRpcConnection> ConnectAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        TaskCompletionSource<PeerRpcConnection> waiter;
        lock (_gate)
        {
            DropIfLeaving();
            if (_current is { HasShakenHands: true })
            {
                return _current;
            }

            if (Refusal() is { } refusal)
            {
                throw refusal;
            }

            waiter = _waiting.Add(WaitUntil());
            Apply(_machine.Wanted());
        }

        return await waiter.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>There are new addresses.</summary>
    public void AddressesChanged()
    {
        lock (_gate)
        {
            _lastError = null;
            Apply(_machine.AddressesChanged(_waiting.Any));
        }
    }

    /// <summary>Waits until every one-way call that was made before has reached the peer.</summary>
    public async Task FlushAsync(CancellationToken cancellationToken)
    {
        bool waits;
        PeerRpcConnection? current;
        lock (_gate)
        {
            waits = _waiting.Any;
            current = _current;
        }

        if (waits)
        {
            try
            {
                current = await ConnectAsync(cancellationToken).ConfigureAwait(false);
            }
            catch (PeerException exception)
            {
                throw new RpcException(RpcStatusCode.Unavailable, $"One-way calls of {_contract.Name} could not be sent: {exception.Message}", exception);
            }
        }

        if (current is not null)
        {
            await current.FlushAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Closes the connections. Calls that wait fail.</summary>
    public async Task CloseAsync()
    {
        PeerRpcConnection[] open;
        List<WaitingCall> waiting;
        lock (_gate)
        {
            _machine.Close();
            _usable = null;
            _current = null;
            open = [.. _open];
            waiting = _waiting.TakeAll();
        }

        await _timer.DisposeAsync().ConfigureAwait(false);
        foreach (WaitingCall call in waiting)
        {
            Fail(call, Disposed());
        }

        foreach (PeerRpcConnection rpc in open)
        {
            await rpc.DisposeAsync().ConfigureAwait(false);
        }
    }

    // Within the lock. Null where the call waits or is about to be dispatched, otherwise why it fails.
    private Exception? Wait(OutgoingCall call)
    {
        // A call that is made again has had its connection and lost it: it waits for the next dial, and no longer.
        bool isRetry = call.Retries > 0 && _machine.State == ChannelState.BackingOff && _lastError is not null && DialErrors.MayPass(_lastError);
        if (_current is null && !isRetry && Refusal() is { } refusal)
        {
            return refusal;
        }

        if (call.IsOneWay && _waiting.OneWayBytes + call.Size > _options.MaxUnsentOneWayBytes && _waiting.OneWayBytes > 0)
        {
            throw RpcErrors.TooManyUnsent(call.Method, _options.MaxUnsentOneWayBytes);
        }

        call.WaitingFor = _lastError;
        _waiting.Add(call, WaitUntil());
        Apply(_machine.Wanted());
        return null;
    }

    // Why nothing may be asked for now; null where it may.
    private Exception? Refusal() => _machine.State switch
    {
        ChannelState.Closed => Disposed(),
        ChannelState.BackingOff when _lastError is not null && (_options.WaitForReady == TimeSpan.Zero || !DialErrors.MayPass(_lastError)) => DialErrors.Again(_lastError),
        _ => null,
    };

    private long WaitUntil()
    {
        if (_options.WaitForReady == TimeSpan.Zero)
        {
            return 0;
        }

        TimeProvider clock = _options.TimeProvider;
        double ticks = _options.WaitForReady.TotalSeconds * clock.TimestampFrequency;
        return ticks >= long.MaxValue / 4 ? long.MaxValue : clock.GetTimestamp() + (long)ticks;
    }

    // Hands out what waits, in its order. One does so at a time; new calls go behind until the last of these is on its way.
    private void Dispatch()
    {
        while (true)
        {
            PeerRpcConnection rpc;
            WaitingCall call;
            lock (_gate)
            {
                if (_isDispatching || _current is null)
                {
                    return;
                }

                // Until the handshake is over, calls of idempotent methods go ahead, in their order, and the first other one holds up all behind it.
                bool isEarly = !_current.HasShakenHands;
                if (!_waiting.TryTake(out call, isEarly))
                {
                    _usable = isEarly ? null : _current;
                    return;
                }

                _isDispatching = true;
                rpc = _current;
            }

            try
            {
                call.Send(rpc);
            }
            catch (Exception exception)
            {
                Fail(call, exception);
            }
            finally
            {
                lock (_gate)
                {
                    _isDispatching = false;
                }
            }
        }
    }

    private void Apply(ChannelAction action)
    {
        if (action.Dial)
        {
            _ = Background.Start(DialAsync);
            _channel.StateMayHaveChanged();
        }
        else if (action.Wait is { } wait)
        {
            _timer.Change(wait, System.Threading.Timeout.InfiniteTimeSpan);
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
        }

        foreach (WaitingCall call in failed)
        {
            Fail(call, isClosing ? Disposed() : DialErrors.Again(error));
        }

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
        }

        foreach (WaitingCall call in expired)
        {
            Fail(call, error is null ? Disposed() : DialErrors.Again(error));
        }
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
        if (!wasOfUse && rpc.Connection.Closed is { IsCompletedSuccessfully: true } closed)
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
        TimeProvider clock = _options.TimeProvider;
        using var timer = new PeriodicTimer(CheckInterval, clock);
        long usedAt = clock.GetTimestamp();
        Task<ConnectionEnd> closed = rpc.Connection.Closed;
        try
        {
            while (!closed.IsCompleted)
            {
                Task<bool> tick = timer.WaitForNextTickAsync().AsTask();
                await Task.WhenAny(closed, tick).ConfigureAwait(false);
                if (closed.IsCompleted)
                {
                    break;
                }

                if (!rpc.IsUnused)
                {
                    usedAt = clock.GetTimestamp();
                }
                else if (ChannelOptions.IdleTimeout != System.Threading.Timeout.InfiniteTimeSpan && clock.GetElapsedTime(usedAt) >= ChannelOptions.IdleTimeout)
                {
                    Leaves(rpc);
                    await rpc.DisposeAsync().ConfigureAwait(false);
                    break;
                }

                if (rpc.HasCallsInProgress && IsSilent(rpc))
                {
                    await ReplaceSilentAsync(rpc).ConfigureAwait(false);
                }
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

    private bool IsSilent(PeerRpcConnection rpc)
        => ChannelOptions.SilenceTimeout != System.Threading.Timeout.InfiniteTimeSpan
            && rpc.Connection.MeasureSilence() >= ChannelOptions.SilenceTimeout;

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
            isAdopted = _current == silent && _machine.State == ChannelState.Ready && IsSilent(silent);
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

    private static void Fail(WaitingCall call, Exception failure)
    {
        if (call.Call is { } outgoing)
        {
            Fail(outgoing, failure);
        }
        else
        {
            call.Waiter!.TrySetException(failure);
            _ = call.Waiter.Task.Exception;
        }
    }

    private static void Fail(OutgoingCall call, Exception failure)
    {
        // What the dial failed with, another try at once would fail with as well.
        call.Retries = int.MaxValue;
        call.Failed(failure is PeerException exception ? RpcErrors.NotStarted(call.Method, exception) : failure);
    }

    private ObjectDisposedException Disposed()
        => new(nameof(PeerChannel), $"The channel to {_channel.PeerId.ToShortString()} was disposed of, or its endpoint was closed.");
}
