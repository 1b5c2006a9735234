using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using IrohRpc.CompilerServices;
using IrohRpc.Internal;

namespace IrohRpc.Connections;

/// <summary>The calls of one connection, on the streams of a <see cref="PeerConnection"/>.</summary>
internal sealed class PeerRpcConnection : RpcConnection
{
    // How long disposal waits for the peer to read what was posted.
    private static readonly TimeSpan FlushTime = TimeSpan.FromSeconds(2);

    private static readonly ConditionalWeakTable<PeerConnection, PeerRpcConnection> Started = [];

    private readonly OutboundCalls _outbound;
    private readonly InboundCalls _inbound;
    private LazyCancellation _ending;
    private LazyCancellation _stopping;
    private ServiceBinding? _service;
    private object? _ownedService;
    private Task? _draining;
    private Task? _disposed;
    private DrainPhase _drain;
    private long _oneWayRefused;
    private long _lastAsked;
    private int _peerLeaves;
    private TaskCompletionSource? _peerIsDone;
    private ReleaseQueue? _unused;

    private PeerRpcConnection(PeerConnection connection, RpcOptions options)
        : base(connection, options)
    {
        Channels = new ChannelTable(this);
        _outbound = new OutboundCalls(this);
        _inbound = new InboundCalls(this);
    }

    public override CancellationToken Stopping => _stopping.Token;

    public override long RefusedOneWayCalls => Interlocked.Read(ref _oneWayRefused);

    internal override CancellationToken Ending => _ending.Token;

    /// <summary>The streams that carry parameters of the peer's calls.</summary>
    internal ChannelTable Channels { get; }

    /// <summary>How many lanes there are, of either side's.</summary>
    internal int LaneCount => _outbound.LaneCount + _inbound.LaneCount;

    /// <summary>How many calls of the peer's are in progress.</summary>
    internal int CallsInProgress => _inbound.InProgress;

    /// <summary>How many calls of the peer's are in progress on a connection; none where it carries no calls.</summary>
    internal static int CountCalls(PeerConnection connection) => Started.TryGetValue(connection, out PeerRpcConnection? rpc) ? rpc.CallsInProgress : 0;

    /// <summary>Whether a call of this side's is in progress.</summary>
    internal bool HasCallsInProgress => !_outbound.IsIdle;

    /// <summary>Whether neither side has a call in progress, or holds an object of the other's.</summary>
    internal bool IsUnused => _outbound.IsIdle && _inbound.InProgress == 0 && Objects.Count == 0 && !HoldsObjects;

    /// <summary>How many bytes of responses wait for the network.</summary>
    internal long Unsent => _inbound.Unsent;

    /// <summary>Whether the peer has said that it takes no more calls, or the connection has ended.</summary>
    internal bool IsGoingAway => _outbound.IsLeaving || Connection.Closed.IsCompleted;

    /// <summary>Called once, when the peer says that it takes no more calls. Set before the first call.</summary>
    internal Action<PeerRpcConnection>? PeerIsLeaving { get; set; }

    public override Task FlushAsync(CancellationToken cancellationToken = default) => _outbound.FlushAsync(cancellationToken);

    public override ValueTask DisposeAsync() => DisposeAsync(FlushTime);

    /// <summary>The same, with a time for the peer to read what was posted.</summary>
    internal ValueTask DisposeAsync(TimeSpan flushTime)
    {
        lock (Gate)
        {
            _disposed ??= DisposeCoreAsync(flushTime);
            return new ValueTask(_disposed);
        }
    }

    /// <summary>Starts to serve and call on a connection, which stays the caller's to close.</summary>
    /// <exception cref="InvalidOperationException">The connection has been started already.</exception>
    internal static PeerRpcConnection Start(PeerConnection connection, ServiceBinding? service, RpcOptions options)
        => Start(connection, _ => service, options);

    /// <summary>The same, with a service that wants to know its connection.</summary>
    /// <exception cref="InvalidOperationException">The connection has been started already.</exception>
    internal static PeerRpcConnection Start(PeerConnection connection, Func<PeerRpcConnection, ServiceBinding?> service, RpcOptions options)
    {
        var rpc = new PeerRpcConnection(connection, options);
        if (!Started.TryAdd(connection, rpc))
        {
            throw new InvalidOperationException("The connection carries calls already: use the RpcConnection that was started on it.");
        }

        rpc._service = service(rpc);
        connection.AcceptEarlyData();
        rpc.Completion = Background.Start(rpc.RunAsync);
        return rpc;
    }

    internal override void Send(OutgoingCall call, long target)
    {
        call.Target = target;
        _outbound.Send(call);
    }

    internal override ValueTask<PeerStream> OpenStreamAsync(CancellationToken cancellationToken) => _outbound.OpenStreamAsync(cancellationToken);

    internal override void TurnsDoNotMatter() => _outbound.TurnsMatter = false;

    internal override void SkipTurn(long turn) => _outbound.SkipTurn(turn);

    internal override void StreamCallEnded(bool isOneWay) => _outbound.StreamEnded(isOneWay);

    /// <summary>Disposes of a service that was made for this connection, when the connection and its calls have ended.</summary>
    internal void OwnService(object service) => _ownedService = service;

    /// <summary>Disposes of what was made for a connection that will not be served.</summary>
    internal void ReleaseNow(IAsyncDisposable lease) => Track(RunEndingsAsync([lease.DisposeAsync]));

    internal override void NoteFailure(Exception failure)
    {
        if (RpcErrors.IsConnectionFailure(failure))
        {
            _outbound.IsLeaving = true;
        }
    }

    internal override void CallWasRejected(RpcException failure)
    {
        if (failure.StatusCode == RpcStatusCode.Unavailable)
        {
            // It is about to leave. What it has begun to answer goes on.
            _outbound.IsLeaving = true;
        }
    }

    internal override void AskToReleaseIfFilling()
    {
        if (Objects.IsFilling && UnusedObjects.MayAsk(ref _lastAsked, Options.TimeProvider) && !_outbound.TryCollect())
        {
            _inbound.Collect();
        }
    }

    /// <summary>The lane of a stream id, for a response that came on a stream of its own.</summary>
    internal ClientLane? FindLane(long streamId) => _outbound.FindLane(streamId);

    internal override ServiceBinding? FindTarget(long target) => target == 0 ? _service : Objects.Find(target);

    internal override bool TryStartCall(long cost, bool isOneWay, [NotNullWhen(false)] out Rejection? rejection)
        => _inbound.TryStart(cost, isOneWay, out rejection);

    internal override void ReturnPlace(long cost) => _inbound.ReturnPlace(cost);

    internal override Task WaitForPlaceAsync(long cost) => _inbound.WaitForPlaceAsync(cost);

    /// <summary>A one-way call of this side's was refused for want of room.</summary>
    internal void OneWayRefused(MethodDescriptor method)
    {
        if (Interlocked.Increment(ref _oneWayRefused) == 1)
        {
            LogOneWayRefused(method);
        }
    }

    internal override void PeerSaysGoAway(bool isAgain)
    {
        if (isAgain)
        {
            PeerIsDone.TrySetResult();
            return;
        }

        // Every lane says so; the first that does is enough.
        if (Interlocked.Exchange(ref _peerLeaves, 1) != 0)
        {
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
        lock (Gate)
        {
            return _draining ??= DrainCoreAsync();
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

    internal override ValueTask<FrameReader> TakeChannelAsync(long call, int parameter, CancellationToken cancellationToken)
        => Channels.TakeAsync(call, parameter, cancellationToken);

    private protected override void SendRelease(long target) => _outbound.Release(target, 1);

    private protected override void SendReleaseLater(long target)
        => LazyInitializer.EnsureInitialized(ref _unused, () => new ReleaseQueue(SendRelease)).Add(target);

    // Made when somebody leaves, which most connections do once.
    private TaskCompletionSource PeerIsDone
        => LazyInitializer.EnsureInitialized(ref _peerIsDone, static () => new(TaskCreationOptions.RunContinuationsAsynchronously));

    private async Task RunAsync()
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        Task unidirectional = _inbound.AcceptUnidirectionalAsync();
        await _inbound.AcceptBidirectionalAsync().ConfigureAwait(false);
        await unidirectional.ConfigureAwait(false);
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
        await WhenTasksEndAsync().ConfigureAwait(false);
        await DisposeServiceAsync().ConfigureAwait(false);
    }

    private async Task DisposeCoreAsync(TimeSpan flushTime)
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        try
        {
            await _outbound.FlushAsync(CancellationToken.None)
                .WaitAsync(flushTime, Options.TimeProvider, CancellationToken.None).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
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

    // The peer shuts down. The side that dialled closes when it has its responses, the peer has read what was posted, and has done with the objects that it holds of this side's.
    private async Task CloseWhenIdleAsync()
    {
        await Task.WhenAny(_outbound.WhenIdleAsync(), Connection.Closed).ConfigureAwait(false);
        if (_inbound.InProgress > 0 || Objects.Count > 0)
        {
            await Task.WhenAny(PeerIsDone.Task, Connection.Closed).ConfigureAwait(false);
        }

        // What was posted before may still be on its way, and a close would overtake it.
        await _outbound.FlushAsync(CancellationToken.None).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await Connection.CloseAsync(0).ConfigureAwait(false);
    }

    private DrainAction Advance(DrainEvent happened)
    {
        lock (Gate)
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
}
