using System.Diagnostics.CodeAnalysis;
using IrohRpc.CompilerServices;
using IrohRpc.Interceptors;
using IrohRpc.Internal;

namespace IrohRpc;

/// <summary>
/// The calls of one connection, in both directions: calls to the peer go through proxies made here, calls of the peer go to the service that
/// this side offers, if any. A connection has one.
/// </summary>
/// <remarks>All members are safe to call from several threads at once. Disposing closes the connection.</remarks>
public abstract partial class RpcConnection : IAsyncDisposable
{
    private readonly TaskSet _tasks;
    private LaunchQueue? _launches;
    private LaunchQueue? _signals;
    private volatile bool _hasShakenHands;
    private int _received;

    private protected RpcConnection(PeerConnection connection, RpcOptions options)
    {
        Connection = connection;
        Options = options;
        Held = new ByteBudget(options.MaxBufferedBytes, options.EndpointBudget);
        Objects = new ObjectTable(options.MaxObjects, Gate);
        Sequence = options.Sequential ? new SequentialGate(options.MaxCallsInProgress) : null;
        _tasks = new TaskSet(Gate, this, static (connection, exception) => ((RpcConnection)connection).LogTaskFailed(exception));
        _log = CreateLogger(options);
        Interceptors = InterceptorPipeline.Of(options.Interceptors);
    }

    /// <summary>Guards the small tables of the connection, none of which calls anything while it holds it: one lock in place of one for each.</summary>
    internal Lock Gate { get; } = new();

    /// <summary>The connection below.</summary>
    public PeerConnection Connection { get; }

    /// <summary>Who is at the other end, as proved in the handshake.</summary>
    public EndpointId PeerId => Connection.PeerId;

    /// <summary>The ALPN that the two agreed on, and so the version of the contract.</summary>
    public string Alpn => Connection.Alpn;

    /// <summary>
    /// Completes when the connection has ended, every handler of it has, and everything that it held is released, a service of its own included. Never faults.
    /// </summary>
    public Task Completion { get; private protected set; } = Task.CompletedTask;

    /// <summary>
    /// Fires when this side begins to shut the connection down, before its handlers have to end, and at the latest when the connection ends. A handler that runs for as long as
    /// it is wanted, such as a subscription, ends its stream then.
    /// </summary>
    public abstract CancellationToken Stopping { get; }

    /// <summary>How many one-way calls were refused because <see cref="RpcOptions.MaxUnsentOneWayBytes"/> was reached.</summary>
    public abstract long RefusedOneWayCalls { get; }

    /// <summary>Options of the client or of the service, whichever this side was started as.</summary>
    internal RpcOptions Options { get; }

    /// <summary>What runs around the calls of both sides; null for nothing.</summary>
    internal InterceptorPipeline? Interceptors { get; }

    /// <summary>Calls on streams of their own that wait for a thread.</summary>
    internal LaunchQueue Launches => LazyInitializer.EnsureInitialized(ref _launches, static () => new LaunchQueue());

    /// <summary>The objects that this side has passed and the peer holds.</summary>
    internal ObjectTable Objects { get; }

    /// <summary>What the peer makes this side hold.</summary>
    internal ByteBudget Held { get; }

    /// <summary>Runs the peer's calls one after the other; null where they run at once.</summary>
    internal SequentialGate? Sequence { get; }

    /// <summary>Fires when the connection has ended.</summary>
    internal abstract CancellationToken Ending { get; }

    /// <summary>
    /// Whether the handshake is over. Until then whatever arrives may be a copy, and whatever is sent may be copied: only calls of idempotent methods are made.
    /// </summary>
    internal bool HasShakenHands => _hasShakenHands || (_hasShakenHands = Connection.HandshakeCompleted.IsCompleted);

    /// <summary>Whether this side holds objects of the peer's.</summary>
    private protected bool HoldsObjects => Volatile.Read(ref _received) > 0;

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
    public abstract Task FlushAsync(CancellationToken cancellationToken = default);

    /// <summary>
    /// Closes the connection, after the one-way calls posted before have reached the peer or two seconds have passed. Other calls in progress fail on both sides. Does not wait for
    /// handlers, so that a handler may call it: <see cref="Completion"/> does.
    /// </summary>
    public abstract ValueTask DisposeAsync();

    /// <summary>Sends a call, now or when that is possible. A failure ends the call.</summary>
    /// <exception cref="RpcException">A one-way call finds no room.</exception>
    internal abstract void Send(OutgoingCall call, long target);

    /// <summary>Opens a stream for a call.</summary>
    /// <exception cref="PeerException">The connection has ended.</exception>
    internal abstract ValueTask<PeerStream> OpenStreamAsync(CancellationToken cancellationToken);

    /// <summary>The stream that the peer opens for a parameter of a call.</summary>
    internal abstract ValueTask<FrameReader> TakeChannelAsync(long call, int parameter, CancellationToken cancellationToken);

    /// <summary>The call of a turn will not come.</summary>
    internal abstract void SkipTurn(long turn);

    /// <summary>The peer runs calls at once, so that it need not know in which order those on streams were made.</summary>
    internal abstract void TurnsDoNotMatter();

    /// <summary>A call on a stream has ended.</summary>
    internal abstract void StreamCallEnded(bool isOneWay);

    /// <summary>
    /// Something has failed. If that shows that the connection has ended, calls are known to need another, before <see cref="PeerConnection.Closed"/>
    /// says so: that waits for the close to complete.
    /// </summary>
    internal abstract void NoteFailure(Exception failure);

    /// <summary>The peer has rejected a call before it ran.</summary>
    internal abstract void CallWasRejected(RpcException failure);

    /// <summary>The peer says on a lane that it takes no more calls.</summary>
    /// <param name="isAgain">Whether it has said so on that lane before, and so means that nothing more will come from it.</param>
    internal abstract void PeerSaysGoAway(bool isAgain);

    /// <summary>What a request's target is; null where nothing is.</summary>
    internal abstract ServiceBinding? FindTarget(long target);

    /// <summary>Counts a call of the peer's in, unless there are too many, they hold too much, or this side is shutting down and somebody waits for the response.</summary>
    /// <param name="cost">What the request holds.</param>
    /// <param name="isOneWay">Whether nobody waits for a response.</param>
    /// <param name="rejection">Why not.</param>
    internal abstract bool TryStartCall(long cost, bool isOneWay, [NotNullWhen(false)] out Rejection? rejection);

    /// <summary>A call of the peer's is over and its response has left.</summary>
    internal abstract void ReturnPlace(long cost);

    /// <summary>Completes when a call that holds so much finds a place.</summary>
    /// <exception cref="OperationCanceledException">The connection has ended.</exception>
    internal abstract Task WaitForPlaceAsync(long cost);

    /// <summary>Asks the peer to release what it no longer uses, if it holds much.</summary>
    internal abstract void AskToReleaseIfFilling();

    /// <summary>Owns a task until it ends. One that faults is logged.</summary>
    internal void Track(Task task) => _tasks.Add(task);

    /// <summary>A handler of the peer's calls has ended.</summary>
    internal void HandlerEnded() => Sequence?.Leave();

    /// <summary>Does what is to happen at the end of a call.</summary>
    internal void RunEndings(List<Func<ValueTask>> endings) => Track(RunEndingsAsync(endings));

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
            SendRelease(number);
            return binding.Service;
        }

        Interlocked.Increment(ref _received);
        return InterceptedContract.CreateProxy<T>(
            new BoundInvoker(this, number, T.Descriptor.Agree(FieldReader.FindVersions(fields, number))), Interceptors);
    }

    /// <summary>This side no longer holds an object of the peer's.</summary>
    internal void Release(long target)
    {
        Interlocked.Decrement(ref _received);
        SendRelease(target);
    }

    /// <summary>The same as <see cref="Release"/>, on a thread that may wait: a finalizer's may not.</summary>
    internal void ReleaseFromFinalizer(long target)
    {
        Interlocked.Decrement(ref _received);
        SendReleaseLater(target);
    }

    /// <summary>The peer asks to release what this side no longer uses. Proxies that nobody references are found by the garbage collector.</summary>
    internal void ReleaseUnused()
    {
        if (HoldsObjects)
        {
            UnusedObjects.Collect();
        }
    }

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

    /// <summary>Tells the peer that this side no longer holds one of its objects.</summary>
    private protected abstract void SendRelease(long target);

    /// <summary>The same, without waiting for a lock.</summary>
    private protected abstract void SendReleaseLater(long target);

    /// <summary>Completes when every task that is tracked has ended.</summary>
    private protected Task WhenTasksEndAsync() => _tasks.WhenEmptyAsync();

    private protected Task RunEndingsAsync(List<Func<ValueTask>> endings) => CallEndings.RunAsync(endings, LogEndingFailed);
}
