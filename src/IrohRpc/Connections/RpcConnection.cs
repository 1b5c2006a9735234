using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using IrohRpc.CompilerServices;
using IrohRpc.Interceptors;
using IrohRpc.Internal;
using Microsoft.Extensions.Logging;

namespace IrohRpc;

/// <summary>
/// The calls of one connection, in both directions: calls to the peer go through proxies made here, calls of the peer go to the service that
/// this side offers, if any. A connection has one.
/// </summary>
/// <remarks>All members are safe to call from several threads at once. Disposing closes the connection.</remarks>
public sealed partial class RpcConnection : IAsyncDisposable
{
    // How long disposal waits for the peer to read what was posted.
    private static readonly TimeSpan FlushTime = TimeSpan.FromSeconds(2);

    private static readonly ConditionalWeakTable<PeerConnection, RpcConnection> Started = [];

    private readonly CancellationTokenSource _ending = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly TaskSet _tasks;
    private readonly OutboundCalls _outbound;
    private readonly InboundCalls _inbound;
    private readonly ReleaseQueue _unused;
    private readonly Lock _gate = new();
    private ServiceBinding? _service;
    private object? _ownedService;
    private Task? _draining;
    private Task? _disposed;
    private DrainPhase _drain;
    private long _oneWayRefused;
    private int _goAways;
    private int _received;
    private TaskCompletionSource? _peerIsDone;

    private RpcConnection(PeerConnection connection, RpcOptions options)
    {
        Connection = connection;
        Options = options;
        Held = new ByteBudget(options.MaxBufferedBytes, options.EndpointBudget);
        Objects = new ObjectTable(options.MaxObjects);
        Channels = new ChannelTable(Track);
        Sequence = options.Sequential ? new SequentialGate() : null;
        _tasks = new TaskSet(LogTaskFailed);
        _outbound = new OutboundCalls(this);
        _inbound = new InboundCalls(this);
        _unused = new ReleaseQueue(target => _outbound.Release(target, 1));
        _log = CreateLogger(options);
        Interceptors = InterceptorPipeline.Of(options.Interceptors);
    }

    /// <summary>The connection below.</summary>
    public PeerConnection Connection { get; }

    /// <summary>Who is at the other end, as proved in the handshake.</summary>
    public EndpointId PeerId => Connection.PeerId;

    /// <summary>The ALPN that the two agreed on, and so the version of the contract.</summary>
    public string Alpn => Connection.Alpn;

    /// <summary>
    /// Completes when the connection has ended, every handler of it has, and everything that it held is released, a service of its own included. Never faults.
    /// </summary>
    public Task Completion { get; private set; } = Task.CompletedTask;

    /// <summary>
    /// Fires when this side begins to shut the connection down, before its handlers have to end, and at the latest when the connection ends. A handler that runs for as long as
    /// it is wanted, such as a subscription, ends its stream then.
    /// </summary>
    public CancellationToken Stopping => _stopping.Token;

    /// <summary>How many one-way calls were refused because <see cref="RpcOptions.MaxUnsentOneWayBytes"/> was reached.</summary>
    public long RefusedOneWayCalls => Interlocked.Read(ref _oneWayRefused);

    internal RpcOptions Options { get; }

    /// <summary>What runs around the calls of both sides; null for nothing.</summary>
    internal InterceptorPipeline? Interceptors { get; }

    internal ObjectTable Objects { get; }

    internal ChannelTable Channels { get; }

    internal SequentialGate? Sequence { get; }

    /// <summary>What the peer makes this side hold.</summary>
    internal ByteBudget Held { get; }

    /// <summary>Fires when the connection has ended.</summary>
    internal CancellationToken Ending => _ending.Token;

    /// <summary>How many lanes there are, of either side's.</summary>
    internal int LaneCount => _outbound.LaneCount + _inbound.LaneCount;

    /// <summary>How many calls of the peer's are in progress.</summary>
    internal int CallsInProgress => _inbound.InProgress;

    /// <summary>Whether a call of this side's is in progress.</summary>
    internal bool HasCallsInProgress => !_outbound.IsIdle;

    /// <summary>Whether neither side has a call in progress, or holds an object of the other's.</summary>
    internal bool IsUnused => _outbound.IsIdle && _inbound.InProgress == 0 && Objects.Count == 0 && Volatile.Read(ref _received) == 0;

    /// <summary>How many bytes of responses wait for the network.</summary>
    internal long Unsent => _inbound.Unsent;

    /// <summary>Whether the peer has said that it takes no more calls, or the connection has ended.</summary>
    internal bool IsGoingAway => _outbound.IsLeaving || Connection.Closed.IsCompleted;

    /// <summary>Called once, when the peer says that it takes no more calls. Set before the first call.</summary>
    internal Action<RpcConnection>? PeerIsLeaving { get; set; }

    /// <summary>
    /// A proxy of the service that the peer offers on this connection. It lives as long as the connection: calls after its end fail with
    /// <see cref="RpcStatusCode.Unavailable"/>.
    /// </summary>
    /// <typeparam name="T">The contract that the connection's ALPN names.</typeparam>
    public T GetProxy<T>()
        where T : class, IContract<T>
        => InterceptedContract.CreateProxy<T>(new BoundInvoker(this, 0), Interceptors);

    /// <summary>Completes when the peer has read every one-way call that was posted on this connection before. It says nothing of their handlers.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="RpcException">The connection has ended: some of the calls may not have arrived.</exception>
    public Task FlushAsync(CancellationToken cancellationToken = default) => _outbound.FlushAsync(cancellationToken);

    /// <summary>
    /// Closes the connection, after the one-way calls posted before have reached the peer or two seconds have passed. Other calls in progress fail on both sides. Does not wait for
    /// handlers, so that a handler may call it: <see cref="Completion"/> does.
    /// </summary>
    public ValueTask DisposeAsync()
    {
        lock (_gate)
        {
            _disposed ??= DisposeCoreAsync();
            return new ValueTask(_disposed);
        }
    }

    /// <summary>Starts to serve and call on a connection, which stays the caller's to close.</summary>
    /// <exception cref="InvalidOperationException">The connection has been started already.</exception>
    internal static RpcConnection Start(PeerConnection connection, ServiceBinding? service, RpcOptions options)
        => Start(connection, _ => service, options);

    /// <summary>The same, with a service that wants to know its connection.</summary>
    /// <exception cref="InvalidOperationException">The connection has been started already.</exception>
    internal static RpcConnection Start(PeerConnection connection, Func<RpcConnection, ServiceBinding?> service, RpcOptions options)
    {
        var rpc = new RpcConnection(connection, options);
        if (!Started.TryAdd(connection, rpc))
        {
            throw new InvalidOperationException("The connection carries calls already: use the RpcConnection that was started on it.");
        }

        rpc._service = service(rpc);
        rpc.Completion = Background.Start(rpc.RunAsync);
        return rpc;
    }

    /// <summary>Sends a call, now or when that is possible. A failure ends the call.</summary>
    /// <exception cref="RpcException">A one-way call finds no room.</exception>
    internal void Send(OutgoingCall call, long target)
    {
        call.Target = target;
        _outbound.Send(call);
    }

    /// <summary>Opens a stream for a call.</summary>
    /// <exception cref="PeerException">The connection has ended.</exception>
    internal ValueTask<PeerStream> OpenStreamAsync(CancellationToken cancellationToken) => _outbound.OpenStreamAsync(cancellationToken);

    /// <summary>The peer runs calls at once, so that it need not know in which order those on streams were made.</summary>
    internal void TurnsDoNotMatter() => _outbound.TurnsMatter = false;

    /// <summary>The call of a turn will not come.</summary>
    internal void SkipTurn(long turn) => _outbound.SkipTurn(turn);

    /// <summary>A call on a stream has ended.</summary>
    internal void StreamCallEnded(bool isOneWay) => _outbound.StreamEnded(isOneWay);

    /// <summary>Owns a task until it ends. One that faults is logged.</summary>
    internal void Track(Task task) => _tasks.Add(task);

    /// <summary>Disposes of a service that was made for this connection, when the connection and its calls have ended.</summary>
    internal void OwnService(object service) => _ownedService = service;

    /// <summary>
    /// Something has failed. If that shows that the connection has ended, calls are known to need another, before <see cref="PeerConnection.Closed"/>
    /// says so: that waits for the close to complete.
    /// </summary>
    internal void NoteFailure(Exception failure)
    {
        if (RpcErrors.IsConnectionFailure(failure))
        {
            _outbound.IsLeaving = true;
        }
    }

    /// <summary>The peer has rejected a call before it ran.</summary>
    internal void CallWasRejected(RpcException failure)
    {
        if (failure.StatusCode == RpcStatusCode.Unavailable)
        {
            // It is about to leave. What it has begun to answer goes on.
            _outbound.IsLeaving = true;
        }
    }

    /// <summary>The peer will never hold what a call passed.</summary>
    internal void Forget(IReadOnlyList<PassedObject> objects)
    {
        foreach (PassedObject passed in objects)
        {
            Objects.Release(passed.Number);
        }
    }

    /// <summary>Passes an object as a result.</summary>
    internal PassedObject Pass<T>(T value)
        where T : class, IContract<T>
    {
        PassedObject passed = PassedObject.Of(value);
        AskToReleaseIfFilling();
        return Objects.TryAdd(passed)
            ? passed
            : throw new RpcException(RpcStatusCode.ResourceExhausted, $"The caller holds {Options.MaxObjects} objects of this peer's, the most that it may ({nameof(RpcOptions)}.{nameof(RpcOptions.MaxObjects)}).");
    }

    /// <summary>A proxy of an object that the peer passed, or the object itself if it is one of this side's; null for null.</summary>
    /// <param name="number">The object's number.</param>
    /// <param name="fields">The fields of the frame that passed it.</param>
    internal T? ReceiveObject<T>(long number, ReadOnlySpan<byte> fields)
        where T : class, IContract<T>
    {
        if (number == 0)
        {
            return null;
        }

        if (!fields.IsEmpty && FieldReader.FindHome(fields, number) is > 0 and var home && Objects.Find(home) is ServiceBinding<T> binding)
        {
            // It has come home. The peer's proxy of it is not held here.
            _outbound.Release(number, 1);
            return binding.Service;
        }

        Interlocked.Increment(ref _received);
        return InterceptedContract.CreateProxy<T>(new BoundInvoker(this, number), Interceptors);
    }

    /// <summary>The same as <see cref="Release"/>, on a thread that may wait: a finalizer's may not.</summary>
    internal void ReleaseFromFinalizer(long target)
    {
        Interlocked.Decrement(ref _received);
        _unused.Add(target);
    }

    /// <summary>This side no longer holds an object of the peer's.</summary>
    internal void Release(long target)
    {
        Interlocked.Decrement(ref _received);
        _outbound.Release(target, 1);
    }

    /// <summary>The peer asks to release what this side no longer uses. Proxies that nobody references are found by the garbage collector.</summary>
    internal void ReleaseUnused()
    {
        if (Volatile.Read(ref _received) > 0)
        {
            UnusedObjects.Collect();
        }
    }

    /// <summary>Asks the peer to release what it no longer uses, if it holds much.</summary>
    internal void AskToReleaseIfFilling()
    {
        if (Objects.IsFilling && UnusedObjects.MayAsk(ref _lastAsked, Options.TimeProvider) && !_outbound.TryCollect())
        {
            _inbound.Collect();
        }
    }

    private long _lastAsked;

    /// <summary>The lane of a stream id, for a response that came on a stream of its own.</summary>
    internal ClientLane? FindLane(long streamId) => _outbound.FindLane(streamId);

    /// <summary>What a request's target is; null where nothing is.</summary>
    internal ServiceBinding? FindTarget(long target) => target == 0 ? _service : Objects.Find(target);

    /// <inheritdoc cref="InboundCalls.TryStart"/>
    internal bool TryStartCall(long cost, [NotNullWhen(false)] out Rejection? rejection) => _inbound.TryStart(cost, out rejection);

    /// <inheritdoc cref="InboundCalls.ReturnPlace"/>
    internal void ReturnPlace(long cost) => _inbound.ReturnPlace(cost);

    /// <inheritdoc cref="InboundCalls.WaitForPlaceAsync"/>
    internal Task WaitForPlaceAsync(long cost) => _inbound.WaitForPlaceAsync(cost);

    /// <summary>A handler of the peer's calls has ended.</summary>
    internal void HandlerEnded() => Sequence?.Leave();

    /// <summary>A one-way call of this side's was refused for want of room.</summary>
    internal void OneWayRefused(MethodDescriptor method)
    {
        if (Interlocked.Increment(ref _oneWayRefused) == 1)
        {
            LogOneWayRefused(method);
        }
    }

    /// <summary>The peer says that it takes no more calls; said again, that nothing more will come from it.</summary>
    internal void PeerSaysGoAway()
    {
        int said = Interlocked.Increment(ref _goAways);
        if (said > 1)
        {
            PeerIsDone.TrySetResult();
            return;
        }

        // Notify the reconnecting proxy first, so that a retry is not handed this connection again.
        try
        {
            PeerIsLeaving?.Invoke(this);
        }
        catch (Exception exception)
        {
            LogTaskFailed(exception);
        }

        _outbound.IsLeaving = true;
        if (Connection.IsDialler)
        {
            Track(CloseWhenIdleAsync());
        }
    }

    /// <summary>
    /// Takes no more calls, and completes when those in progress have ended, in both directions, and every response has left. The connection stays open for the peer to
    /// close it.
    /// </summary>
    internal Task DrainAsync()
    {
        lock (_gate)
        {
            return _draining ??= DrainCoreAsync();
        }
    }

    /// <summary>Does what is to happen at the end of a call.</summary>
    internal void RunEndings(List<Func<ValueTask>> endings) => Track(RunEndingsAsync(endings));

    /// <summary>Disposes of a stream, which may be another's and throw.</summary>
    internal async ValueTask DisposeStreamAsync(PeerStream stream)
    {
        try
        {
            await stream.DisposeAsync().ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            LogStreamFailed(stream.Id, exception);
        }
    }

    /// <summary>A lane has failed.</summary>
    internal void LaneFailed(long streamId, Exception exception)
    {
        NoteFailure(exception);
        if (RpcErrors.IsStreamFailure(exception) || exception is OperationCanceledException)
        {
            LogStreamFailed(streamId, exception);
        }
        else
        {
            LogStreamBroken(streamId, exception);
        }
    }

    /// <summary>A stream of the peer's has failed before it was known to whom it belongs.</summary>
    internal async ValueTask UnidirectionalFailedAsync(long streamId, Exception exception)
    {
        LogStreamFailed(streamId, exception);
        if (!RpcErrors.IsStreamFailure(exception) && exception is not OperationCanceledException)
        {
            // The peer did not reset it, so it takes its response for delivered. Nobody knows which call waits for it; with the connection that call ends.
            await AcceptFailedAsync(exception).ConfigureAwait(false);
        }
    }

    /// <summary>Accepting has failed: without it the connection serves nobody, and is closed.</summary>
    internal async Task AcceptFailedAsync(Exception exception)
    {
        if (exception is not (PeerException or ObjectDisposedException or OperationCanceledException))
        {
            LogTaskFailed(exception);
        }

        try
        {
            await Connection.CloseAsync(0, "accepting has failed", CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception failure)
        {
            LogTaskFailed(failure);
        }
    }

    // Made when somebody leaves, which most connections do once.
    private TaskCompletionSource PeerIsDone
        => LazyInitializer.EnsureInitialized(ref _peerIsDone, static () => new(TaskCreationOptions.RunContinuationsAsynchronously));

    private async Task RunAsync()
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        await _inbound.AcceptAsync().ConfigureAwait(false);
        Advance(DrainEvent.Closed);
        await _stopping.FireAsync().ConfigureAwait(false);
        await _ending.FireAsync().ConfigureAwait(false);
        _outbound.Close();
        _inbound.Close();
        Channels.Close();
        Objects.Close();
        Held.Close();

        // Handlers first: the service that they run on is disposed of after them, however long they take.
        await _inbound.WhenIdleAsync().ConfigureAwait(false);
        await _tasks.WhenEmptyAsync().ConfigureAwait(false);
        await DisposeServiceAsync().ConfigureAwait(false);
    }

    private async Task DisposeCoreAsync()
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        try
        {
            await _outbound.FlushAsync(CancellationToken.None)
                .WaitAsync(FlushTime, Options.TimeProvider, CancellationToken.None).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await Connection.CloseAsync(0).ConfigureAwait(false);
            await Connection.DisposeAsync().ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            // A connection of another transport may throw anything.
            LogTaskFailed(exception);
        }

        if (CallsInProgress == 0)
        {
            await Completion.ConfigureAwait(false);
        }
    }

    private async Task DrainCoreAsync()
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        if (Advance(DrainEvent.Drain) != DrainAction.SayGoAway)
        {
            return;
        }

        _inbound.Drain();
        await _stopping.FireAsync().ConfigureAwait(false);
        Task idle = WhenIdleAsync();
        await Task.WhenAny(idle, Connection.Closed).ConfigureAwait(false);
        if (Advance(DrainEvent.Idle) == DrainAction.SayDone)
        {
            _inbound.SayGoAway();
        }
    }

    private async Task WhenIdleAsync()
    {
        do
        {
            await _inbound.WhenIdleAsync().ConfigureAwait(false);
            await _outbound.WhenIdleAsync().ConfigureAwait(false);
            await _outbound.FlushAsync(CancellationToken.None).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        while (_inbound.InProgress > 0);
    }

    // The peer shuts down. The side that dialled closes when it has its responses, and the peer has done with the objects that it holds of this side's.
    private async Task CloseWhenIdleAsync()
    {
        await Task.WhenAny(_outbound.WhenIdleAsync(), Connection.Closed).ConfigureAwait(false);
        if (_inbound.InProgress > 0 || Objects.Count > 0)
        {
            await Task.WhenAny(PeerIsDone.Task, Connection.Closed).ConfigureAwait(false);
        }

        await Connection.CloseAsync(0).ConfigureAwait(false);
    }

    private DrainAction Advance(DrainEvent happened)
    {
        lock (_gate)
        {
            (_drain, DrainAction action) = DrainState.Next(_drain, happened);
            return action;
        }
    }

    private async ValueTask DisposeServiceAsync()
    {
        switch (_ownedService)
        {
            case IAsyncDisposable service:
                await RunEndingsAsync([service.DisposeAsync]).ConfigureAwait(false);
                break;
            case IDisposable service:
                await RunEndingsAsync([() =>
                {
                    service.Dispose();
                    return ValueTask.CompletedTask;
                }]).ConfigureAwait(false);
                break;
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
            catch (Exception exception)
            {
                // The user's dispose methods may throw anything.
                LogEndingFailed(exception);
            }
        }
    }
}
