using IrohRpc.Multiplexing.Streams;
using IrohRpc.Transports.Internal;

namespace IrohRpc.Transports.Multiplexed;

/// <summary>
/// A connection whose streams are those of the stream layer: who waits for one, and how the application's streams are told of what happens. How frames
/// get to the peer is for the class that derives from it.
/// </summary>
internal abstract class MultiplexedConnection : PeerConnection
{
    // Made for the first one who waits; few connections wait for the peer to allow another stream.
    private StreamWaiters? _acceptBidirectional;
    private StreamWaiters? _acceptUnidirectional;
    private StreamWaiters? _openBidirectional;
    private StreamWaiters? _openUnidirectional;
    private readonly TaskCompletionSource<ConnectionEnd> _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private protected MultiplexedConnection(Lock gate)
    {
        Gate = gate;
    }

    /// <inheritdoc/>
    public override Task<ConnectionEnd> Closed => _closed.Task;

    /// <inheritdoc/>
    internal override long? Traffic => Streams.Carried;

    /// <summary>Guards the state machine, its streams and those who wait.</summary>
    internal Lock Gate { get; }

    /// <summary>How the connection ended; null while it lives. Within <see cref="Gate"/>.</summary>
    internal ConnectionEnd? End { get; private set; }

    /// <summary>The stream layer.</summary>
    private protected abstract StreamMultiplexer Streams { get; }

    /// <summary>Whether streams may be opened and accepted by now. Within <see cref="Gate"/>.</summary>
    private protected virtual bool HasStreams => true;

    /// <inheritdoc/>
    public override ValueTask<PeerStream> OpenBidirectionalStreamAsync(CancellationToken cancellationToken = default)
        => GetStreamAsync(ref _openBidirectional, static streams => streams.TryOpen(bidirectional: true), cancellationToken);

    /// <inheritdoc/>
    public override ValueTask<PeerStream> OpenUnidirectionalStreamAsync(CancellationToken cancellationToken = default)
        => GetStreamAsync(ref _openUnidirectional, static streams => streams.TryOpen(bidirectional: false), cancellationToken);

    /// <inheritdoc/>
    public override ValueTask<PeerStream> AcceptBidirectionalStreamAsync(CancellationToken cancellationToken = default)
        => GetStreamAsync(ref _acceptBidirectional, static streams => streams.TryAccept(bidirectional: true), cancellationToken);

    /// <inheritdoc/>
    public override ValueTask<PeerStream> AcceptUnidirectionalStreamAsync(CancellationToken cancellationToken = default)
        => GetStreamAsync(ref _acceptUnidirectional, static streams => streams.TryAccept(bidirectional: false), cancellationToken);

    /// <summary>Has somebody send what there is, soon. Within <see cref="Gate"/>.</summary>
    internal abstract void WakeSender();

    /// <summary>
    /// Whether there is something to send and nobody sends: the caller is to call <see cref="SendNow"/> then, as soon as it has left
    /// <see cref="Gate"/>. Within it.
    /// </summary>
    internal abstract bool TryClaimSending();

    /// <summary>
    /// Sends what there is, without waiting, after <see cref="TryClaimSending"/>. What is left is sent by others. It never throws: what goes wrong
    /// is the connection's, not the caller's.
    /// </summary>
    /// <param name="maxWrites">After so many writes others go on.</param>
    internal abstract void SendNow(int maxWrites = int.MaxValue);

    /// <summary>A read of a stream has its bytes. Within <see cref="Gate"/>, on the thread that receives.</summary>
    internal abstract void CompleteRead(CompletedRead read);

    /// <summary>Gives streams to those who wait for one. Within <see cref="Gate"/>.</summary>
    private protected void ServeWaiters()
    {
        StreamMultiplexer streams = Streams;
        Serve(_acceptBidirectional, streams, static s => s.TryAccept(bidirectional: true));
        Serve(_acceptUnidirectional, streams, static s => s.TryAccept(bidirectional: false));
        Serve(_openBidirectional, streams, static s => s.TryOpen(bidirectional: true));
        Serve(_openUnidirectional, streams, static s => s.TryOpen(bidirectional: false));
    }

    /// <summary>Tells everybody who waits, once, that the connection has ended. Within <see cref="Gate"/>.</summary>
    /// <param name="end">How.</param>
    private protected void SetEnd(ConnectionEnd end)
    {
        End = end;
        foreach (MultiplexedStream stream in Streams.Streams)
        {
            (stream.Owner as MultiplexedPeerStream)?.HandleConnectionEnded();
        }

        Streams.Abandon();
        _acceptBidirectional?.Fail(() => end.ToException(PeerId));
        _acceptUnidirectional?.Fail(() => end.ToException(PeerId));
        _openBidirectional?.Fail(() => end.ToException(PeerId));
        _openUnidirectional?.Fail(() => end.ToException(PeerId));
    }

    /// <summary>Completes <see cref="Closed"/>, after <see cref="SetEnd"/>.</summary>
    private protected void SetClosed() => _closed.TrySetResult(End!);

    private ValueTask<PeerStream> GetStreamAsync(
        ref StreamWaiters? waiters, Func<StreamMultiplexer, MultiplexedStream?> take, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return ValueTask.FromCanceled<PeerStream>(cancellationToken);
        }

        StreamWaiter place;
        lock (Gate)
        {
            if (End is not null)
            {
                return ValueTask.FromException<PeerStream>(End.ToException(PeerId));
            }

            MultiplexedStream? stream = waiters is { Any: true } || !HasStreams ? null : take(Streams);
            WakeSender();
            if (stream is not null)
            {
                return new ValueTask<PeerStream>(new MultiplexedPeerStream(this, stream));
            }

            waiters ??= new StreamWaiters(Gate);
            place = waiters.Add();
        }

        return place.WaitAsync(cancellationToken);
    }

    private void Serve(StreamWaiters? waiters, StreamMultiplexer streams, Func<StreamMultiplexer, MultiplexedStream?> take)
    {
        while (waiters is { Any: true } && take(streams) is { } stream)
        {
            waiters.Complete(new MultiplexedPeerStream(this, stream));
        }
    }
}
