namespace IrohRpc.Connections;

/// <summary>
/// The lanes on which this side calls: one at a time, and those before it until their calls have ended. It also counts the turns of calls that take streams, which a lane
/// announces.
/// </summary>
/// <param name="connection">The connection.</param>
/// <param name="open">Opens a stream, unless the peer takes no more calls.</param>
internal sealed class OwnLanes(PeerRpcConnection connection, Func<ValueTask<PeerStream>> open)
{
    private readonly Lock _gate = new();
    private readonly List<ClientLane> _lanes = [];
    private volatile ClientLane? _current;
    private Task<ClientLane>? _opening;
    private List<long>? _unannounced;
    private long _turns;

    /// <summary>The lane that calls take; null where none is open. It may have ended since.</summary>
    public ClientLane? Current => _current;

    /// <summary>How many there are.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _lanes.Count;
            }
        }
    }

    /// <summary>The lane of a stream id, for a response that came on a stream of its own.</summary>
    public ClientLane? Find(long streamId)
    {
        lock (_gate)
        {
            return _lanes.Find(lane => lane.Id == streamId);
        }
    }

    /// <summary>A lane, opened now where there is none.</summary>
    public Task<ClientLane> GetAsync()
    {
        lock (_gate)
        {
            if (_opening is null
                || _opening.IsFaulted
                || _opening.IsCanceled
                || (_opening.IsCompletedSuccessfully && !_opening.Result.IsOpen))
            {
                _opening = Background.Start(OpenAsync) as Task<ClientLane>;
            }

            return _opening!;
        }
    }

    /// <summary>Opens a lane beside what else goes on, where there is none.</summary>
    public void Prepare()
    {
        if (_current is not { IsOpen: true })
        {
            _ = GetAsync().ContinueWith(static ended => _ = ended.Exception, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        }
    }

    /// <summary>The lane that is there, or is about to be; null where there is none.</summary>
    public async Task<ClientLane?> FindAsync()
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

    /// <summary>Says that the next call takes a stream of its own, and gives it its turn.</summary>
    public long AnnounceTurn()
    {
        lock (_gate)
        {
            long turn = _turns++;
            if (_current is { IsOpen: true } lane)
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

    /// <summary>The call of a turn will not come.</summary>
    public void SkipTurn(long turn)
    {
        ClientLane? lane = null;
        lock (_gate)
        {
            if (turn >= 0 && _unannounced?.Remove(turn) != true)
            {
                lane = _current;
            }
        }

        lane?.AnnounceTurn(turn, isSkipped: true);
    }

    private async Task<ClientLane> OpenAsync()
    {
        ClientLane lane = ClientLane.Start(connection, await open().ConfigureAwait(false));
        lock (_gate)
        {
            _lanes.Add(lane);
            foreach (long turn in _unannounced ?? [])
            {
                lane.AnnounceTurn(turn, isSkipped: false);
            }

            _unannounced = null;
            _current = lane;
        }

        connection.Track(ForgetAsync(lane));
        return lane;
    }

    private async Task ForgetAsync(ClientLane lane)
    {
        await lane.Completion.ConfigureAwait(false);
        lock (_gate)
        {
            _lanes.Remove(lane);
        }
    }
}
