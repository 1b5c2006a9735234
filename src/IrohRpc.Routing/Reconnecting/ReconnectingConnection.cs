using IrohRpc.Internal;

namespace IrohRpc;

/// <summary>
/// A connection to one peer that is made when it is first asked for and made again after a loss: at once when somebody asks, otherwise after a
/// growing, jittered wait. All who ask share it.
/// </summary>
/// <remarks>
/// A new connection knows nothing of the old one's streams: what is tied to a connection is for its users to set up again, and
/// <see cref="Changed"/> tells them when. All members are safe to call from several threads at once.
/// </remarks>
public sealed class ReconnectingConnection : IAsyncDisposable
{
    private readonly Lock _gate = new();
    private readonly Func<CancellationToken, ValueTask<PeerConnection>> _dial;
    private readonly CancellationTokenSource _closing = new();
    private readonly ReconnectPolicy _policy;
    private readonly ITimer _timer;
    private readonly HashSet<PeerConnection> _open = [];
    private Task<PeerConnection>? _dialling;
    private TaskCompletionSource<PeerConnection>? _upcoming;
    private PeerConnection? _current;
    private Task? _closed;
    private int _generation;

    /// <summary>Makes one for a peer. Nothing is dialled yet.</summary>
    /// <param name="endpoint">Who dials. Closing it closes this.</param>
    /// <param name="peer">Whom to reach.</param>
    /// <param name="alpns">What is offered.</param>
    /// <param name="options">When to dial again; null for the defaults.</param>
    public ReconnectingConnection(PeerEndpoint endpoint, EndpointAddress peer, IReadOnlyList<string> alpns, ReconnectOptions? options = null)
        : this(Required(endpoint, peer, alpns), endpoint.TimeProvider, options)
    {
        PeerId = peer.Id;
    }

    internal ReconnectingConnection(Func<CancellationToken, ValueTask<PeerConnection>> dial, TimeProvider timeProvider, ReconnectOptions? options)
    {
        options ??= new ReconnectOptions();
        _dial = dial;
        _policy = new ReconnectPolicy(options.FirstDelay, options.LongestDelay, Random.Shared.NextDouble);
        _timer = timeProvider.CreateTimer(
            static state => ((ReconnectingConnection)state!).TimePassed(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Raised after each change of <see cref="State"/>, on whichever thread made it. Handlers are quick and do not throw.</summary>
    public event EventHandler? Changed;

    /// <summary>The peer.</summary>
    public EndpointId PeerId { get; }

    /// <summary>Where it stands.</summary>
    public ReconnectState State
    {
        get
        {
            lock (_gate)
            {
                return _policy.State;
            }
        }
    }

    /// <summary>How many connections there have been: it grows with each that is made.</summary>
    public int Generation => Volatile.Read(ref _generation);

    /// <summary>The connection as of now; null where there is none.</summary>
    public PeerConnection? Current
    {
        get
        {
            lock (_gate)
            {
                return _current;
            }
        }
    }

    /// <summary>The connection: the present one, or the next, which is dialled at once.</summary>
    /// <param name="cancellationToken">Ends the wait, not the dial, which others may share.</param>
    /// <exception cref="PeerException">The dial has failed.</exception>
    /// <exception cref="ObjectDisposedException">This was disposed of, or the endpoint was closed.</exception>
    public ValueTask<PeerConnection> GetAsync(CancellationToken cancellationToken = default)
    {
        TaskCompletionSource<PeerConnection>? begun = null;
        Task<PeerConnection> dialling;
        lock (_gate)
        {
            if (FindCurrent() is { } current)
            {
                return ValueTask.FromResult(current);
            }

            if (_policy.Wanted().Dial)
            {
                begun = BeginDial();
            }

            dialling = _dialling!;
        }

        if (begun is not null)
        {
            StartDial(begun);
        }

        return new ValueTask<PeerConnection>(dialling.WaitAsync(cancellationToken));
    }

    /// <summary>The connection: the present one, or what the next dial brings. Unlike <see cref="GetAsync"/>, this does not hurry a dial that waits for its time.</summary>
    /// <param name="cancellationToken">Ends the wait, not the dial.</param>
    /// <exception cref="PeerException">That dial has failed.</exception>
    /// <exception cref="ObjectDisposedException">This was disposed of, or the endpoint was closed.</exception>
    internal ValueTask<PeerConnection> NextAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (FindCurrent() is { } current)
            {
                return ValueTask.FromResult(current);
            }

            if (_policy.State == ReconnectState.Waiting)
            {
                _upcoming ??= new TaskCompletionSource<PeerConnection>(TaskCreationOptions.RunContinuationsAsynchronously);
                return new ValueTask<PeerConnection>(_upcoming.Task.WaitAsync(cancellationToken));
            }
        }

        return GetAsync(cancellationToken);
    }

    /// <summary>A connection is of no more use for anything new, and goes on until its user closes it: the next who asks gets another.</summary>
    internal void Retire(PeerConnection connection)
    {
        lock (_gate)
        {
            if (_current != connection)
            {
                return;
            }

            _current = null;
            Wait(_policy.Lost());
        }

        OnChanged();
    }

    /// <summary>Closes the connection and dials no more.</summary>
    public ValueTask DisposeAsync()
    {
        lock (_gate)
        {
            _closed ??= Task.Run(CloseAsync);
            return new ValueTask(_closed);
        }
    }

    private static Func<CancellationToken, ValueTask<PeerConnection>> Required(PeerEndpoint endpoint, EndpointAddress peer, IReadOnlyList<string> alpns)
    {
        ArgumentNullException.ThrowIfNull(endpoint);
        ArgumentNullException.ThrowIfNull(peer);
        ArgumentNullException.ThrowIfNull(alpns);
        return cancellationToken => endpoint.DialAsync(peer, alpns, cancellationToken);
    }

    private void TimePassed()
    {
        TaskCompletionSource<PeerConnection> begun;
        lock (_gate)
        {
            if (!_policy.TimePassed().Dial)
            {
                return;
            }

            begun = BeginDial();
        }

        StartDial(begun);
    }

    private PeerConnection? FindCurrent()
    {
        ObjectDisposedException.ThrowIf(_policy.State == ReconnectState.Closed, this);
        if (_current is { Closed.IsCompleted: true })
        {
            // It has ended, and the news is on its way here.
            _current = null;
            Wait(_policy.Lost());
        }

        return _current;
    }

    private TaskCompletionSource<PeerConnection> BeginDial()
    {
        TaskCompletionSource<PeerConnection> begun =
            _upcoming ?? new TaskCompletionSource<PeerConnection>(TaskCreationOptions.RunContinuationsAsynchronously);
        _upcoming = null;
        _dialling = begun.Task;
        return begun;
    }

    // The dial sees to its own failures: whoever waits gets them through the source.
    private void StartDial(TaskCompletionSource<PeerConnection> result)
    {
        using (ExecutionContext.SuppressFlow())
        {
            _ = Task.Run(() => DialAsync(result));
        }
    }

    private async Task DialAsync(TaskCompletionSource<PeerConnection> result)
    {
        OnChanged();
        PeerConnection connection;
        bool closed;
        try
        {
            connection = await _dial(_closing.Token).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is PeerException or OperationCanceledException or ObjectDisposedException)
        {
            Failed(exception);
            result.SetException(exception is PeerException ? exception : new ObjectDisposedException(nameof(ReconnectingConnection)));

            // Nobody may be waiting: a dial in the background is nobody's to observe.
            _ = result.Task.Exception;
            return;
        }

        lock (_gate)
        {
            _policy.Connected();
            closed = _policy.State != ReconnectState.Connected;
            if (!closed)
            {
                _current = connection;
                _generation++;
                _open.Add(connection);
            }
        }

        if (closed)
        {
            await connection.DisposeAsync().ConfigureAwait(false);
            result.SetException(new ObjectDisposedException(nameof(ReconnectingConnection)));
            _ = result.Task.Exception;
            return;
        }

        result.SetResult(connection);
        OnChanged();
        await connection.Closed.ConfigureAwait(false);
        Lost(connection);
        lock (_gate)
        {
            _open.Remove(connection);
        }

        await connection.DisposeAsync().ConfigureAwait(false);
    }

    private void Failed(Exception exception)
    {
        TaskCompletionSource<PeerConnection>? upcoming = null;
        lock (_gate)
        {
            if (exception is PeerException)
            {
                Wait(_policy.Failed());
            }
            else
            {
                _policy.Close();
                upcoming = _upcoming;
                _upcoming = null;
            }
        }

        Abandon(upcoming);

        OnChanged();
    }

    private void Lost(PeerConnection connection)
    {
        lock (_gate)
        {
            if (_current == connection)
            {
                _current = null;
                Wait(_policy.Lost());
            }
        }

        OnChanged();
    }

    private void Wait(ReconnectAction action)
    {
        if (action.Wait is { } delay)
        {
            _timer.Change(delay, Timeout.InfiniteTimeSpan);
        }
    }

    private async Task CloseAsync()
    {
        PeerConnection[] open;
        TaskCompletionSource<PeerConnection>? upcoming;
        lock (_gate)
        {
            _policy.Close();
            open = [.. _open];
            _current = null;
            upcoming = _upcoming;
            _upcoming = null;
        }

        Abandon(upcoming);

        await _closing.CancelAsync().ConfigureAwait(false);
        await _timer.DisposeAsync().ConfigureAwait(false);
        foreach (PeerConnection connection in open)
        {
            await connection.DisposeAsync().ConfigureAwait(false);
        }

        OnChanged();
    }

    private static void Abandon(TaskCompletionSource<PeerConnection>? upcoming)
    {
        if (upcoming is not null)
        {
            upcoming.SetException(new ObjectDisposedException(nameof(ReconnectingConnection)));
            _ = upcoming.Task.Exception;
        }
    }

    private void OnChanged() => Changed?.Invoke(this, EventArgs.Empty);
}
