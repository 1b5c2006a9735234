namespace IrohRpc.StreamCalls;

/// <summary>
/// Takes channel streams to the calls that they belong to, whichever of the two arrives first. The number of channels that wait for a call is bounded.
/// </summary>
/// <param name="connection">Owns what letting go of a channel takes.</param>
internal sealed class ChannelTable(RpcConnection connection)
{
    /// <summary>The largest index of a parameter that a channel can name.</summary>
    public const long LastParameter = 255;

    // Channels may overtake their call by a little; nobody needs more of them to wait.
    private const int MostEarly = 256;
    private const int MostOfCall = 64;

    private Dictionary<long, Dictionary<long, TaskCompletionSource<FrameReader>>>? _calls;
    private long _lastAccepted = -1;
    private int _early;
    private bool _closed;

    /// <summary>How many calls have channels, or may get some.</summary>
    public int Count
    {
        get
        {
            lock (connection.Gate)
            {
                return _calls?.Count ?? 0;
            }
        }
    }

    /// <summary>A stream of the peer's was accepted that may be a call. Streams are accepted in the order of their ids.</summary>
    public void Accepted(long streamId)
    {
        lock (connection.Gate)
        {
            _lastAccepted = Math.Max(_lastAccepted, streamId);
            _calls ??= [];
            if (!_calls.TryAdd(streamId, []))
            {
                _early -= _calls[streamId].Count;
            }
        }
    }

    /// <summary>A channel has arrived; false where its call is over or never was.</summary>
    public bool TryAdd(long streamId, long parameter, FrameReader channel)
    {
        lock (connection.Gate)
        {
            _calls ??= [];
            if (!_calls.TryGetValue(streamId, out Dictionary<long, TaskCompletionSource<FrameReader>>? channels))
            {
                if (_closed || streamId <= _lastAccepted || _early >= MostEarly)
                {
                    return false;
                }

                channels = _calls[streamId] = [];
            }

            if (channels.Count >= MostOfCall && !channels.ContainsKey(parameter))
            {
                return false;
            }

            bool isAdded = Slot(channels, parameter).TrySetResult(channel);
            if (isAdded && streamId > _lastAccepted)
            {
                _early++;
            }

            return isAdded;
        }
    }

    /// <summary>Waits for a channel.</summary>
    public async ValueTask<FrameReader> TakeAsync(long streamId, long parameter, CancellationToken cancellationToken)
    {
        Task<FrameReader> channel;
        lock (connection.Gate)
        {
            ObjectDisposedException.ThrowIf(_closed || _calls?.ContainsKey(streamId) != true, this);
            channel = Slot(_calls[streamId], parameter).Task;
        }

        return await channel.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>A stream turned out to be a lane. Most connections have no other, and then need no table.</summary>
    public void RemoveLane(long streamId)
    {
        Remove(streamId);
        lock (connection.Gate)
        {
            if (_calls?.Count == 0)
            {
                _calls = null;
            }
        }
    }

    /// <summary>A stream is done: the channels of its call go with it.</summary>
    public void Remove(long streamId)
    {
        Dictionary<long, TaskCompletionSource<FrameReader>>? channels = null;
        lock (connection.Gate)
        {
            _calls?.Remove(streamId, out channels);
        }

        End(channels);
    }

    /// <summary>The connection is over.</summary>
    public void Close()
    {
        List<Dictionary<long, TaskCompletionSource<FrameReader>>> all;
        lock (connection.Gate)
        {
            _closed = true;
            all = [.. _calls?.Values ?? Enumerable.Empty<Dictionary<long, TaskCompletionSource<FrameReader>>>()];
            _calls = null;
        }

        all.ForEach(End);
    }

    private static TaskCompletionSource<FrameReader> Slot(Dictionary<long, TaskCompletionSource<FrameReader>> channels, long parameter)
    {
        if (!channels.TryGetValue(parameter, out TaskCompletionSource<FrameReader>? slot))
        {
            slot = channels[parameter] = new TaskCompletionSource<FrameReader>(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        return slot;
    }

    private static async Task ReleaseAsync(FrameReader channel)
    {
        await channel.Stream.DisposeAsync().ConfigureAwait(false);

        // What a handler started may still be reading. The budget has its bytes back either way.
        channel.LeaveMemory();
        channel.Dispose();
    }

    private void End(Dictionary<long, TaskCompletionSource<FrameReader>>? channels)
    {
        foreach (TaskCompletionSource<FrameReader> slot in channels?.Values ?? Enumerable.Empty<TaskCompletionSource<FrameReader>>())
        {
            if (slot.Task.IsCompletedSuccessfully)
            {
                slot.Task.Result.Stream.AbortRead(ResetCode.Cancelled);
                connection.Track(ReleaseAsync(slot.Task.Result));
            }
            else
            {
                slot.TrySetCanceled();
            }
        }
    }
}
