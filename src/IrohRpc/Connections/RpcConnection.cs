using System.Diagnostics.CodeAnalysis;
using IrohRpc.CompilerServices;
using IrohRpc.Internal;
using Microsoft.Extensions.Logging;

namespace IrohRpc;

/// <summary>
/// The calls of one connection, in both directions: calls to the peer go through proxies made here, calls of the peer go to the service that
/// this side offers, if any.
/// </summary>
/// <remarks>All members are safe to call from several threads at once. Disposing closes the connection.</remarks>
public sealed partial class RpcConnection : IAsyncDisposable
{
    private readonly CancellationTokenSource _ending = new();
    private readonly TaskSet _tasks = new();
    private readonly ReleaseQueue _unused;
    private TaskCompletionSource? _drained;
    private TaskCompletionSource? _noStreamCalls;
    private ServiceBinding? _service;
    private object? _ownedService;
    private int _callsInProgress;
    private int _answersLeaving;
    private int _streamCalls;
    private volatile bool _saysGoAway;
    private volatile bool _draining;
    private volatile bool _isGoingAway;
    private bool _goAwayReceived;

    private RpcConnection(PeerConnection connection, RpcOptions options)
    {
        Connection = connection;
        Options = options;
        Objects = new ObjectTable(options.MaxObjects);
        Channels = new ChannelTable(Track);
        Sequence = options.Sequential ? new SequentialGate() : null;
        _unused = new ReleaseQueue(Release);
        _log = options.LoggerFactory.CreateLogger("IrohRpc.Calls");
    }

    /// <summary>The connection below.</summary>
    public PeerConnection Connection { get; }

    /// <summary>Who is at the other end, as proved in the handshake.</summary>
    public EndpointId PeerId => Connection.PeerId;

    /// <summary>The ALPN that the two agreed on, and so the version of the contract.</summary>
    public string Alpn => Connection.Alpn;

    /// <summary>Completes when the connection has ended and all that it held was let go. Never faults.</summary>
    public Task Completion { get; private set; } = Task.CompletedTask;

    internal RpcOptions Options { get; }

    internal ObjectTable Objects { get; }

    internal ChannelTable Channels { get; }

    internal SequentialGate? Sequence { get; }

    /// <summary>Fires when the connection has ended.</summary>
    internal CancellationToken Ending => _ending.Token;

    /// <summary>How many lanes there are, of either side's.</summary>
    internal int LaneCount
    {
        get
        {
            lock (_laneGate)
            {
                return _lanes.Count + _served.Count;
            }
        }
    }

    /// <summary>How many calls of the peer's are in progress.</summary>
    internal int CallsInProgress => Volatile.Read(ref _callsInProgress);

    /// <summary>Whether the peer has said that it takes no more calls, or the connection has ended.</summary>
    internal bool IsGoingAway => _isGoingAway || Connection.Closed.IsCompleted;

    /// <summary>Called once, when the peer says that it takes no more calls. Set before the first call.</summary>
    internal Action<RpcConnection>? PeerIsLeaving { get; set; }

    /// <summary>
    /// A proxy of the service that the peer offers on this connection. It lives as long as the connection: calls after its end fail with
    /// <see cref="RpcStatusCode.Unavailable"/>.
    /// </summary>
    /// <typeparam name="T">The contract that the connection's ALPN names.</typeparam>
    public T GetProxy<T>()
        where T : class, IContract<T>
        => T.CreateProxy(new BoundInvoker(this, 0));

    /// <summary>Closes the connection: calls in progress fail on both sides.</summary>
    public async ValueTask DisposeAsync()
    {
        await Connection.CloseAsync(0).ConfigureAwait(false);
        await Completion.ConfigureAwait(false);
        await Connection.DisposeAsync().ConfigureAwait(false);
    }

    /// <summary>Starts to serve and call on a connection, which stays the caller's to close.</summary>
    internal static RpcConnection Start(PeerConnection connection, ServiceBinding? service, RpcOptions options)
        => Start(connection, _ => service, options);

    /// <summary>The same, with a service that wants to know its connection.</summary>
    internal static RpcConnection Start(PeerConnection connection, Func<RpcConnection, ServiceBinding?> service, RpcOptions options)
    {
        var rpc = new RpcConnection(connection, options);
        rpc._service = service(rpc);
        using (ExecutionContext.SuppressFlow())
        {
            rpc.Completion = rpc.RunAsync();
        }

        return rpc;
    }

    /// <summary>Owns a task that sees to its own failures, until it ends.</summary>
    internal void Track(Task task) => _tasks.Add(task);

    /// <summary>Disposes of a service that was made for this connection, once it has ended.</summary>
    internal void OwnService(object service) => _ownedService = service;

    /// <summary>The peer has refused a call because it is about to leave. What it has begun to answer goes on.</summary>
    internal void PeerRefuses() => _isGoingAway = true;

    /// <summary>
    /// Something has failed. Where that shows that the connection has ended, calls are known to need another, before <see cref="PeerConnection.Closed"/>
    /// says so: that waits for the goodbye.
    /// </summary>
    internal void NoteFailure(Exception failure)
    {
        if (RpcErrors.IsConnectionFailure(failure))
        {
            _isGoingAway = true;
        }
    }

    /// <summary>
    /// The peer takes no more calls. The side that dialled closes once it has its answers, so that none is lost on the way.
    /// </summary>
    internal void PeerLeaves()
    {
        if (Interlocked.Exchange(ref _goAwayReceived, true))
        {
            return;
        }

        // First those who look for a connection, so that nobody who sees this one leave is given it once more.
        PeerIsLeaving?.Invoke(this);
        _isGoingAway = true;
        if (Connection.IsDialler)
        {
            Track(LeaveAsync());
        }
    }

    /// <summary>A call of this side's takes a stream of its own, and keeps the connection until it has ended.</summary>
    internal void StreamCallBegun() => Interlocked.Increment(ref _streamCalls);

    /// <summary>That call has ended.</summary>
    internal void StreamCallEnded()
    {
        if (Interlocked.Decrement(ref _streamCalls) == 0 && Volatile.Read(ref _goAwayReceived))
        {
            NoStreamCalls.TrySetResult();
        }
    }

    /// <summary>What a request's target is; null where nothing is.</summary>
    internal ServiceBinding? FindTarget(long target) => target == 0 ? _service : Objects.Find(target);

    /// <summary>Counts a call of the peer's in, unless there are too many.</summary>
    internal bool TryStartCall([NotNullWhen(false)] out CallRefusal? refusal)
    {
        int calls = Interlocked.Increment(ref _callsInProgress);
        if (_draining)
        {
            CallRefused();
            refusal = new CallRefusal(RpcStatusCode.Unavailable, "This peer is shutting down and takes no more calls.");
            return false;
        }

        if (calls > Options.MaxCallsInProgress)
        {
            CallRefused();
            refusal = new CallRefusal(RpcStatusCode.ResourceExhausted, $"{Options.MaxCallsInProgress} calls are in progress on the connection, the most that this peer takes.");
            return false;
        }

        refusal = null;
        return true;
    }

    /// <summary>A call that was counted in did not start.</summary>
    internal void CallRefused()
    {
        Interlocked.Decrement(ref _callsInProgress);
        NoteDrained();
    }

    /// <summary>An answer leaves on a stream of its own, and keeps the connection from leaving before it. Said before its call is over.</summary>
    internal void AnswerLeaves() => Interlocked.Increment(ref _answersLeaving);

    /// <summary>That answer was handed over in full, or never will be.</summary>
    internal void AnswerLeft()
    {
        Interlocked.Decrement(ref _answersLeaving);
        NoteDrained();
    }

    /// <summary>A call of the peer's is over.</summary>
    internal void CallEnded()
    {
        CallRefused();
        Sequence?.Leave();
    }

    // Made when somebody leaves, which most connections do once.
    private TaskCompletionSource Drained => LazyInitializer.EnsureInitialized(ref _drained, static () => new(TaskCreationOptions.RunContinuationsAsynchronously));

    private TaskCompletionSource NoStreamCalls
        => LazyInitializer.EnsureInitialized(ref _noStreamCalls, static () => new(TaskCreationOptions.RunContinuationsAsynchronously));

    private async Task LeaveAsync()
    {
        // No lane is opened any more, but one may be on its way.
        Task<ClientLane>? opening;
        lock (_laneGate)
        {
            opening = _laneOpening;
        }

        try
        {
            if (opening is not null)
            {
                await (await opening.ConfigureAwait(false)).LeaveAsync().ConfigureAwait(false);
            }
        }
        catch (Exception exception) when (RpcErrors.IsStreamFailure(exception))
        {
            // There is no lane, and so nothing on it to wait for.
        }

        if (Volatile.Read(ref _streamCalls) == 0)
        {
            NoStreamCalls.TrySetResult();
        }

        await Task.WhenAny(NoStreamCalls.Task, Connection.Closed).ConfigureAwait(false);
        await Connection.CloseAsync(0).ConfigureAwait(false);
    }

    /// <summary>Does what is to happen at the end of a call.</summary>
    internal void RunEndings(List<Func<ValueTask>> endings) => Track(RunEndingsAsync(endings));

    private void NoteDrained()
    {
        if (_draining && Volatile.Read(ref _callsInProgress) == 0 && Volatile.Read(ref _answersLeaving) == 0)
        {
            Drained.TrySetResult();
        }
    }

    private async Task RunEndingsAsync(List<Func<ValueTask>> endings)
    {
        foreach (Func<ValueTask> ending in endings)
        {
            try
            {
                await ending().ConfigureAwait(false);
            }
            catch (Exception exception) when (exception is not OutOfMemoryException)
            {
                // The user's dispose methods may throw anything.
                LogEndingFailed(exception);
            }
        }
    }
}
