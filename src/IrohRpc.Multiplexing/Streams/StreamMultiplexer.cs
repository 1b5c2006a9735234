namespace IrohRpc.Multiplexing.Streams;

/// <summary>
/// QUIC's stream layer, one side of one connection (RFC 9000, sections 2 to 4): it opens and accepts streams, takes the frames that
/// arrive, and writes the frames that are to leave, within the limits of both sides.
/// </summary>
/// <remarks>
/// It does no I/O, has no clock and starts no task. Calls change its state; what happened to streams is asked for with
/// <see cref="TryTakeEvent"/>. It is not safe for several threads: its owner guards it and its streams with one lock. A frame that breaks
/// the rules throws <see cref="TransportViolationException"/>, and the connection is then to be closed with its code.
/// </remarks>
internal sealed partial class StreamMultiplexer
{
    private readonly Dictionary<long, MultiplexedStream> _streams = [];
    private StreamQueue _events;
    private readonly bool _isClient;
    private readonly StreamLimits _local;
    private StreamLimits _peer = StreamLimits.None;
    private InboundStreamCount _inboundBidirectional;
    private InboundStreamCount _inboundUnidirectional;
    private OutboundStreamCount _outboundBidirectional = new(0);
    private OutboundStreamCount _outboundUnidirectional = new(0);
    private ReceiveWindow _window;
    private SendCredit _credit = new(0);

    /// <summary>Starts with no streams and no credit for sending.</summary>
    /// <param name="isClient">Which numbers are this side's.</param>
    /// <param name="local">What this side lets the peer send at first.</param>
    /// <param name="sentFrames">
    /// Where frames are noted that may be lost, so that they can be sent again; null where the transport below is reliable and keeps the order.
    /// </param>
    /// <param name="windows">How the windows of streams grow; null for windows that grow little.</param>
    public StreamMultiplexer(bool isClient, StreamLimits local, SentFrames? sentFrames = null, ReceiveWindows? windows = null)
    {
        Windows = windows ?? new ReceiveWindows(local.MaxStreamDataBidirectionalRemote, local.MaxStreamDataBidirectionalRemote, local.MaxData / 2);
        SentFrames = sentFrames;
        _scheduler = new StreamScheduler(sentFrames is null ? 0 : LossyQuantum);
        _isClient = isClient;
        _local = local;
        _inboundBidirectional = new InboundStreamCount(local.MaxStreamsBidirectional);
        _inboundUnidirectional = new InboundStreamCount(local.MaxStreamsUnidirectional);
        _window = new ReceiveWindow(local.MaxData);
    }

    /// <summary>How far streams may be ahead of their readers.</summary>
    public ReceiveWindows Windows { get; }

    /// <summary>How many bytes of streams have arrived.</summary>
    public long Received => _window.Received;

    /// <summary>How many bytes of streams have arrived and left. It only grows; read without the lock it may be a moment old.</summary>
    public long Carried => _window.Received + _credit.Used;

    /// <summary>Where streams keep bytes.</summary>
    public SegmentPool Segments { get; } = new();

    /// <summary>What was sent and may be lost; null where the transport below is reliable.</summary>
    internal SentFrames? SentFrames { get; }

    /// <summary>Whether the transport below may lose, repeat and reorder.</summary>
    internal bool IsLossy => SentFrames is not null;

    /// <summary>How many streams hold state.</summary>
    public int StreamCount => _streams.Count;

    /// <summary>The streams that hold state.</summary>
    public IEnumerable<MultiplexedStream> Streams => _streams.Values;

    /// <summary>
    /// Takes the peer's limits before any other frame of the peer; a second time where the first were those of an earlier connection. Limits
    /// only ever rise.
    /// </summary>
    public void ApplyPeerLimits(StreamLimits peer)
    {
        _peer = peer;
        _credit.Raise(peer.MaxData);
        _outboundBidirectional.Raise(peer.MaxStreamsBidirectional);
        _outboundUnidirectional.Raise(peer.MaxStreamsUnidirectional);
        foreach (MultiplexedStream stream in _streams.Values)
        {
            stream.Send?.RaiseLimit(SendLimit(stream.Id));
        }
    }

    /// <summary>Opens a stream of this side, if the peer's limit allows another; otherwise the peer is told that somebody waits.</summary>
    public MultiplexedStream? TryOpen(bool bidirectional)
    {
        ref OutboundStreamCount count = ref bidirectional ? ref _outboundBidirectional : ref _outboundUnidirectional;
        return count.TryOpen(out long index) ? Add(StreamId.Create(index, _isClient, bidirectional)) : null;
    }

    /// <summary>The next stream that the peer has opened, in the order of their numbers; null where there is none.</summary>
    public MultiplexedStream? TryAccept(bool bidirectional)
    {
        ref InboundStreamCount count = ref bidirectional ? ref _inboundBidirectional : ref _inboundUnidirectional;
        if (!count.TryAccept(out long index))
        {
            return null;
        }

        // A stream that was opened only by the mention of a higher one has no state before it is accepted.
        long id = StreamId.Create(index, !_isClient, bidirectional);
        if (!_streams.TryGetValue(id, out MultiplexedStream? stream))
        {
            stream = Add(id);
        }

        RetireIfFinished(stream);
        return stream;
    }

    /// <summary>The next stream to which something has happened, and what.</summary>
    public bool TryTakeEvent(out MultiplexedStream stream, out StreamEvents events)
    {
        while (_events.TryDequeue(out MultiplexedStream? next))
        {
            events = next.Events;
            next.Events = StreamEvents.None;
            stream = next;
            return true;
        }

        stream = null!;
        events = StreamEvents.None;
        return false;
    }

    /// <summary>Drops everything; the connection has ended.</summary>
    public void Abandon()
    {
        foreach (MultiplexedStream stream in _streams.Values)
        {
            stream.Receive?.Abandon();
            stream.Send?.Abandon();
        }

        _streams.Clear();
        _events.Clear();
        _control.Clear();
        _scheduler.Clear();
        _blocked.Clear();
    }

    /// <summary>Has the owner of a stream hear of something.</summary>
    internal void Raise(MultiplexedStream stream, StreamEvents events)
    {
        if (stream.Events == StreamEvents.None)
        {
            _events.Enqueue(stream);
        }

        stream.Events |= events;
    }

    /// <summary>Lets go of a stream once both its parts are done and the application has it.</summary>
    internal void RetireIfFinished(MultiplexedStream stream)
    {
        if (stream.IsRetired || stream.Receive is { IsFinished: false } || stream.Send is { IsFinished: false })
        {
            return;
        }

        bool bidirectional = StreamId.IsBidirectional(stream.Id);
        if (!IsLocal(stream.Id))
        {
            ref InboundStreamCount count = ref bidirectional ? ref _inboundBidirectional : ref _inboundUnidirectional;
            if (StreamId.Index(stream.Id) >= count.Accepted)
            {
                return;
            }

            count.Finish();
        }

        stream.IsRetired = true;
        stream.Pending = PendingFrames.None;
        _streams.Remove(stream.Id);
    }

    private bool IsLocal(long id) => StreamId.IsOpenedByClient(id) == _isClient;

    private MultiplexedStream Add(long id)
    {
        bool receives = !IsLocal(id) || StreamId.IsBidirectional(id);
        bool sends = IsLocal(id) || StreamId.IsBidirectional(id);
        var stream = new MultiplexedStream(this, id, IsLocal(id), receives ? ReceiveLimit(id) : null, sends ? SendLimit(id) : null);
        _streams.Add(id, stream);
        return stream;
    }

    private long ReceiveLimit(long id) => !StreamId.IsBidirectional(id) ? _local.MaxStreamDataUnidirectional
        : IsLocal(id) ? _local.MaxStreamDataBidirectionalLocal
        : _local.MaxStreamDataBidirectionalRemote;

    private long SendLimit(long id) => !StreamId.IsBidirectional(id) ? _peer.MaxStreamDataUnidirectional
        : IsLocal(id) ? _peer.MaxStreamDataBidirectionalRemote
        : _peer.MaxStreamDataBidirectionalLocal;
}
