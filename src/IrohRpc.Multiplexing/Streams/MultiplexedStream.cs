namespace IrohRpc.Multiplexing.Streams;

/// <summary>
/// One stream of a connection: its number and its one or two parts. It stays readable after the connection has let go of it.
/// </summary>
/// <remarks>Not safe for several threads: whoever owns the connection's state machine guards its streams too.</remarks>
internal sealed class MultiplexedStream
{
    /// <summary>Makes a stream.</summary>
    /// <param name="multiplexer">Whose it is.</param>
    /// <param name="id">Its number.</param>
    /// <param name="isLocal">Whether this side opened it.</param>
    /// <param name="receiveWindow">How far the peer may send ahead; null where it does not send.</param>
    /// <param name="sendLimit">How much this side may send at first; null where it does not send.</param>
    internal MultiplexedStream(StreamMultiplexer multiplexer, long id, bool isLocal, long? receiveWindow, long? sendLimit)
    {
        Multiplexer = multiplexer;
        Id = id;
        IsLocal = isLocal;
        Receive = receiveWindow is { } window ? new ReceiveStream(this, window) : null;
        Send = sendLimit is { } limit ? new SendStream(this, limit) : null;
    }

    /// <summary>The number (RFC 9000, section 2.1).</summary>
    public long Id { get; }

    /// <summary>Whether this side opened it.</summary>
    public bool IsLocal { get; }

    /// <summary>The part that receives; null on a stream that only this side writes.</summary>
    public ReceiveStream? Receive { get; }

    /// <summary>The part that sends; null on a stream that only the peer writes.</summary>
    public SendStream? Send { get; }

    /// <summary>What the application's side keeps with the stream.</summary>
    public object? Owner { get; set; }

    /// <summary>Streams of a higher priority send before those of a lower one; zero unless set.</summary>
    public int Priority { get; private set; }

    internal StreamMultiplexer Multiplexer { get; }

    /// <summary>Changes <see cref="Priority"/>, at once also for what waits to be sent.</summary>
    public void SetPriority(int priority)
    {
        if (priority != Priority)
        {
            bool inLine = Multiplexer.TryUnschedule(this);
            Priority = priority;
            if (inLine)
            {
                Multiplexer.Schedule(this);
            }
        }
    }

    /// <summary>What the owner has not been told yet.</summary>
    internal StreamEvents Events { get; set; }

    /// <summary>The control frames to send.</summary>
    internal PendingFrames Pending { get; set; }

    /// <summary>Whether it stands in the queue of streams with control frames.</summary>
    internal bool IsInControlQueue { get; set; }

    /// <summary>Whether it stands in line for sending data.</summary>
    internal bool IsInDataQueue { get; set; }

    /// <summary>Whether it waits for the connection's credit.</summary>
    internal bool IsInBlockedQueue { get; set; }

    /// <summary>Whether the connection has let go of it.</summary>
    internal bool IsRetired { get; set; }
}
