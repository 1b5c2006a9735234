using IrohRpc.CompilerServices;
using IrohRpc.Internal;

namespace IrohRpc.Channels;

/// <summary>
/// The connection for one contract's calls to one peer: it is dialled when a call needs it, calls that wait are kept in their order, and a connection that is silent is replaced.
/// </summary>
/// <remarks>One lock guards all state; nothing of others runs while it is held.</remarks>
internal sealed partial class ContractConnection
{
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

    public ContractConnection(PeerChannel channel, ContractDescriptor contract, ClientOptions options)
    {
        _channel = channel;
        _contract = contract;
        _options = options;
        _machine = new ChannelMachine(channel.Options, Random.Shared.NextDouble);
        _timer = options.TimeProvider.CreateTimer(
            static state => ((ContractConnection)state!).TimePassed(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

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

    private PeerChannelOptions ChannelOptions => _channel.Options;

    /// <summary>Sends a call, now or when there is a connection.</summary>
    /// <exception cref="RpcException">A one-way call finds no room.</exception>
    public void Send(OutgoingCall call)
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
            WaitingCall.Fail(call, failure);
        }
        else
        {
            Dispatch();
        }
    }

    /// <summary>The connection, dialled now where there is none. Waits and fails as a call does.</summary>
    /// <exception cref="PeerException">The dial has failed.</exception>
    public async ValueTask<PeerRpcConnection> ConnectAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        TaskCompletionSource<PeerRpcConnection> waiter;
        lock (_gate)
        {
            if (_isClosing)
            {
                throw Disposed();
            }

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

    // Within the lock. Null where the call waits or is about to be dispatched, otherwise why it fails.
    private Exception? Wait(OutgoingCall call)
    {
        if (Refuses(call))
        {
            return Disposed();
        }

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
                    NoteIfDrained();
                    return;
                }

                // Until the handshake is over, calls of idempotent methods go ahead, in their order, and the first other one holds up all behind it.
                bool isEarly = !_current.HasShakenHands;
                if (!_waiting.TryTake(out call, isEarly))
                {
                    _usable = isEarly || _isClosing ? null : _current;
                    NoteIfDrained();
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
                call.Fail(exception);
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

    private ObjectDisposedException Disposed()
        => new(nameof(PeerChannel), $"The channel to {_channel.PeerId.ToShortString()} was disposed of, or its endpoint was closed.");
}
