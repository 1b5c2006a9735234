using System.Text;
using IrohRpc.Transports.Internal;

namespace IrohRpc.Transports.Memory.Internal;

/// <summary>One end of a connection in memory: the streams' registry, its flow control, and how it ends.</summary>
/// <remarks>
/// One lock guards all of it, its streams included. What is to be sent is enqueued under the lock and pumped after it, so that the two ends
/// never hold each other's locks.
/// </remarks>
internal sealed class MemoryConnection : PeerConnection, IMemoryReceiver
{
    private static readonly TimeSpan GoodbyeTimeout = TimeSpan.FromSeconds(1);

    private readonly MemoryLink _link;
    private readonly MemoryPath _outgoing;
    private readonly MemoryLiveness _liveness;
    private readonly IHandshakeLease? _lease;
    private readonly TimeProvider _timeProvider;
    private readonly Dictionary<long, MemoryPeerStream> _streams = [];
    private readonly Queue<MemorySendSide> _waitingForCredit = new();
    private readonly MemoryStreamOpener _bidirectionalOpener;
    private readonly MemoryStreamOpener _unidirectionalOpener;
    private readonly MemoryStreamAcceptor _bidirectionalAcceptor;
    private readonly MemoryStreamAcceptor _unidirectionalAcceptor;
    private readonly MemoryLimits _limits;
    private readonly MemoryLimits _peerLimits;
    private readonly TaskCompletionSource<ConnectionEnd> _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _peerKnows = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private ConnectionEnd? _end;
    private int _unannounced;

    public MemoryConnection(
        MemoryLink link, bool isDialler, string alpn, TransportSettings settings, MemoryLimits peerLimits, IHandshakeLease? lease)
    {
        _link = link;
        _lease = lease;
        _timeProvider = settings.TimeProvider;
        _outgoing = isDialler ? link.ToAcceptor : link.ToDialler;
        _limits = MemoryLimits.Of(settings);
        _peerLimits = peerLimits;
        IsDialler = isDialler;
        Alpn = alpn;
        PeerId = isDialler ? link.Acceptor : link.Dialler;
        RemoteAddress = isDialler ? link.AcceptorAddress : link.DiallerAddress;
        LocalAddress = isDialler ? link.DiallerAddress : link.AcceptorAddress;
        Credit = peerLimits.ConnectionWindow;
        int mine = isDialler ? 0 : 1;
        int theirs = 1 - mine;
        _bidirectionalOpener = new MemoryStreamOpener(this, mine, peerLimits.BidirectionalStreams);
        _unidirectionalOpener = new MemoryStreamOpener(this, mine | 2, peerLimits.UnidirectionalStreams);
        _bidirectionalAcceptor = new MemoryStreamAcceptor(this, theirs);
        _unidirectionalAcceptor = new MemoryStreamAcceptor(this, theirs | 2);
        _liveness = new MemoryLiveness(this, settings, peerLimits.IdleTimeout);
    }

    /// <inheritdoc/>
    public override EndpointId PeerId { get; }

    /// <inheritdoc/>
    public override string Alpn { get; }

    /// <inheritdoc/>
    public override bool IsDialler { get; }

    /// <inheritdoc/>
    public override string Transport => MemoryTransport.TransportName;

    /// <inheritdoc/>
    public override TransportAddress RemoteAddress { get; }

    /// <inheritdoc/>
    public override TransportAddress LocalAddress { get; }

    /// <inheritdoc/>
    public override Task<ConnectionEnd> Closed => _closed.Task;

    /// <summary>The lock of the connection and its streams.</summary>
    public Lock Gate { get; } = new();

    /// <summary>The link below, for the network's commands.</summary>
    public MemoryLink Link => _link;

    /// <summary>How it ended, or null. Under the lock.</summary>
    public ConnectionEnd? End => _end;

    /// <summary>How many bytes may still be sent on the whole connection. Under the lock.</summary>
    public long Credit { get; private set; }

    /// <summary>How far the peer may write ahead on one stream.</summary>
    public int StreamWindow => _limits.StreamWindow;

    public static void RequireErrorCode(long errorCode)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(errorCode);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(errorCode, MaxErrorCode);
    }

    /// <summary>Starts the clocks. Apart from the constructor, since they call back.</summary>
    public void Start() => _liveness.Start();

    /// <inheritdoc/>
    public override ValueTask<PeerStream> OpenBidirectionalStreamAsync(CancellationToken cancellationToken = default)
        => _bidirectionalOpener.OpenAsync(cancellationToken);

    /// <inheritdoc/>
    public override ValueTask<PeerStream> OpenUnidirectionalStreamAsync(CancellationToken cancellationToken = default)
        => _unidirectionalOpener.OpenAsync(cancellationToken);

    /// <inheritdoc/>
    public override ValueTask<PeerStream> AcceptBidirectionalStreamAsync(CancellationToken cancellationToken = default)
        => _bidirectionalAcceptor.AcceptAsync(cancellationToken);

    /// <inheritdoc/>
    public override ValueTask<PeerStream> AcceptUnidirectionalStreamAsync(CancellationToken cancellationToken = default)
        => _unidirectionalAcceptor.AcceptAsync(cancellationToken);

    /// <inheritdoc/>
    public override async ValueTask CloseAsync(long errorCode, string reason = "", CancellationToken cancellationToken = default)
    {
        RequireErrorCode(errorCode);
        ArgumentNullException.ThrowIfNull(reason);
        CloseNow(errorCode, Cut(reason));
        try
        {
            await _peerKnows.Task.WaitAsync(GoodbyeTimeout, _timeProvider, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            // The peer will find out by its own idle time-out.
        }
    }

    /// <inheritdoc/>
    public override ValueTask DisposeAsync()
    {
        CloseNow(0, "");
        return ValueTask.CompletedTask;
    }

    /// <summary>Ends the connection without a goodbye.</summary>
    public void EndWith(ConnectionEnd end) => EndWith(end, goodbye: null);

    public bool Receive(in MemoryFrame frame)
    {
        _liveness.Heard();
        if (frame.Kind == MemoryFrameKind.Close)
        {
            string reason = (string)frame.Payload!;
            EndWith(new ConnectionEnd(PeerErrorKind.ClosedByPeer, frame.Value, reason));
            return false;
        }

        lock (Gate)
        {
            if (_end is not null)
            {
                frame.Release();
                return false;
            }

            Handle(in frame);
        }

        Pump();
        return true;
    }

    public void Heard() => _liveness.Heard();

    public void Lost()
    {
        EndWith(new ConnectionEnd(PeerErrorKind.ConnectionLost, null, ""));
        _peerKnows.TrySetResult();
    }

    /// <summary>Puts a frame behind all others. Under the lock; <see cref="Pump"/> must follow.</summary>
    public void Send(in MemoryFrame frame)
    {
        if (_end is null)
        {
            _outgoing.Enqueue(in frame);
        }
        else
        {
            frame.Release();
        }
    }

    /// <summary>Delivers what was sent. Without the lock.</summary>
    public void Pump() => _outgoing.Pump();

    /// <summary>Says that this side is alive. Without the lock.</summary>
    public void Ping()
    {
        lock (Gate)
        {
            Send(new MemoryFrame(MemoryFrameKind.Ping));
        }

        Pump();
    }

    /// <summary>A stream of this connection, registered. Under the lock.</summary>
    public MemoryPeerStream AddStream(long id, bool isLocal)
    {
        var stream = new MemoryPeerStream(this, id, isLocal, _peerLimits.StreamWindow);
        _streams.Add(id, stream);
        return stream;
    }

    /// <summary>Lets go of a stream whose both directions are over, and lets the peer open another. Under the lock.</summary>
    public void DirectionEnded(MemoryPeerStream stream)
    {
        if (stream.IsDone && _streams.Remove(stream.Id) && (stream.Id & 1) == (IsDialler ? 1 : 0))
        {
            Send(new MemoryFrame(MemoryFrameKind.OpenCredit) { StreamId = stream.Id & 3, Value = 1 });
        }
    }

    /// <summary>Bytes that arrived were read or dropped. Under the lock.</summary>
    public void Consumed(int count)
    {
        _unannounced += count;
        if (_unannounced >= _limits.ConnectionWindow / 4)
        {
            Send(new MemoryFrame(MemoryFrameKind.ConnectionCredit) { Value = _unannounced });
            _unannounced = 0;
        }
    }

    /// <summary>Takes from <see cref="Credit"/>. Under the lock.</summary>
    public void Spend(int count) => Credit -= count;

    /// <summary>Queues a writer that the connection's window holds up. Under the lock.</summary>
    public void WaitForCredit(MemorySendSide writer) => _waitingForCredit.Enqueue(writer);

    private static string Cut(string reason)
    {
        const int Most = 1024;
        if (Encoding.UTF8.GetByteCount(reason) <= Most)
        {
            return reason;
        }

        int bytes = 0;
        int length = 0;
        foreach (Rune rune in reason.EnumerateRunes())
        {
            bytes += rune.Utf8SequenceLength;
            if (bytes > Most)
            {
                break;
            }

            length += rune.Utf16SequenceLength;
        }

        return reason[..length];
    }

    private void Handle(in MemoryFrame frame)
    {
        switch (frame.Kind)
        {
            case MemoryFrameKind.Ping:
                break;
            case MemoryFrameKind.ConnectionCredit:
                Credit += frame.Value;
                for (int waiting = _waitingForCredit.Count; waiting > 0 && Credit > 0; waiting--)
                {
                    _waitingForCredit.Dequeue().ConnectionCredited();
                }

                break;
            case MemoryFrameKind.OpenCredit:
                ((frame.StreamId & 2) == 0 ? _bidirectionalOpener : _unidirectionalOpener).Credited();
                break;
            default:
                MemoryPeerStream? stream = Find(frame.StreamId);
                if (stream is null)
                {
                    // It was over on this side before the peer could know.
                    frame.Release();
                    break;
                }

                stream.Receive(in frame);
                DirectionEnded(stream);
                break;
        }
    }

    private MemoryPeerStream? Find(long id)
    {
        if ((id & 1) == (IsDialler ? 1 : 0))
        {
            ((id & 2) == 0 ? _bidirectionalAcceptor : _unidirectionalAcceptor).Seen(id);
        }

        return _streams.GetValueOrDefault(id);
    }

    private void CloseNow(long errorCode, string reason) => EndWith(
        new ConnectionEnd(PeerErrorKind.ClosedLocally, errorCode, reason),
        new MemoryFrame(MemoryFrameKind.Close) { Value = errorCode, Payload = reason });

    private void EndWith(ConnectionEnd end, MemoryFrame? goodbye)
    {
        lock (Gate)
        {
            if (_end is not null)
            {
                return;
            }

            if (goodbye is { } frame)
            {
                Send(in frame);
            }

            _end = end;
            var lost = DirectionEnd.Lost(end);
            foreach (MemoryPeerStream stream in _streams.Values)
            {
                stream.Lose(lost);
            }

            _streams.Clear();
            _waitingForCredit.Clear();
            _bidirectionalOpener.Fail();
            _unidirectionalOpener.Fail();
            _bidirectionalAcceptor.Fail();
            _unidirectionalAcceptor.Fail();
        }

        _liveness.Stop();
        Pump();
        _lease?.Dispose();
        _closed.TrySetResult(end);
        _link.EndClosed();
    }
}
