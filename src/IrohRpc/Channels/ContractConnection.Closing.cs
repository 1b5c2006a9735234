using IrohRpc.CompilerServices;

namespace IrohRpc.Channels;

// The end: what was posted is delivered within a time, also where there is no connection yet; everything else that waits fails at once.
internal sealed partial class ContractConnection
{
    private TaskCompletionSource? _posted;
    private Task? _draining;
    private long _drainingSince;
    private bool _isClosing;

    /// <summary>Takes no more calls, and completes when no one-way call waits for a connection any more, or its time is over. Never faults.</summary>
    public Task DrainAsync()
    {
        List<WaitingCall> refused = [];
        Task draining;
        lock (_gate)
        {
            if (_draining is null)
            {
                _isClosing = true;
                _usable = null;
                _drainingSince = _options.TimeProvider.GetTimestamp();
                refused = _channel.CanDial ? _waiting.TakeAllButOneWay() : _waiting.TakeAll();
                _draining = _waiting.Any || _isDispatching ? WaitForPostsAsync() : Task.CompletedTask;
            }

            draining = _draining;
        }

        Fail(refused, Disposed());
        return draining;
    }

    /// <summary>Closes the connections, after <see cref="DrainAsync"/> and once the peer has read what was posted, or the time for that is over.</summary>
    public async Task CloseAsync()
    {
        await DrainAsync().ConfigureAwait(false);
        PeerRpcConnection[] open;
        List<WaitingCall> waiting;
        lock (_gate)
        {
            _machine.Close();
            _current = null;
            open = [.. _open];
            waiting = _waiting.TakeAll();
        }

        await _timer.DisposeAsync().ConfigureAwait(false);
        Fail(waiting, Disposed());
        TimeSpan left = ChannelOptions.FlushTimeout - _options.TimeProvider.GetElapsedTime(_drainingSince);
        foreach (PeerRpcConnection rpc in open)
        {
            await rpc.DisposeAsync(left > TimeSpan.Zero ? left : TimeSpan.Zero).ConfigureAwait(false);
        }
    }

    // Within the lock.
    private Task WaitForPostsAsync()
    {
        _posted = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        return WaitAsync(_posted.Task);

        async Task WaitAsync(Task posted)
            => await posted.WaitAsync(ChannelOptions.FlushTimeout, _options.TimeProvider).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    // Within the lock, after something that waited has left or failed.
    private void NoteIfDrained()
    {
        if (_posted is not null && !_isDispatching && !_waiting.Any)
        {
            _posted.TrySetResult();
        }
    }

    // Whether a call comes too late. A one-way call that is made again was made before. Within the lock.
    private bool Refuses(OutgoingCall call) => _isClosing && (_draining!.IsCompleted || !call.IsOneWay || call.Retries == 0);

    private static void Fail(List<WaitingCall> calls, Exception failure)
    {
        foreach (WaitingCall call in calls)
        {
            call.Fail(failure);
        }
    }
}
