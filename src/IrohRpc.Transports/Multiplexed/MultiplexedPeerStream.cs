using System.Threading.Tasks.Sources;
using IrohRpc.Multiplexing.Streams;

namespace IrohRpc.Transports.Multiplexed;

/// <summary>A stream of a <see cref="MultiplexedConnection"/>.</summary>
/// <remarks>
/// The object itself is the source of the tasks of its one read and one write, and the work item that continues a read, so that waiting allocates
/// nothing. Reads and writes that waited continue on the thread pool: a continuation would otherwise run in the loop that reads for all streams,
/// within its lock.
/// </remarks>
internal sealed partial class MultiplexedPeerStream : PeerStream, IValueTaskSource<int>, IValueTaskSource, IThreadPoolWorkItem
{
    private readonly MultiplexedConnection _connection;
    private readonly MultiplexedStream _stream;

    internal MultiplexedPeerStream(MultiplexedConnection connection, MultiplexedStream stream)
    {
        _connection = connection;
        _stream = stream;
        stream.Owner = this;
    }

    /// <inheritdoc/>
    public override long Id => _stream.Id;

    /// <inheritdoc/>
    public override bool CanRead => _stream.Receive is not null;

    /// <inheritdoc/>
    public override bool CanWrite => _stream.Send is not null;

    /// <inheritdoc/>
    public override int Priority
    {
        get
        {
            lock (_connection.Gate)
            {
                return _stream.Priority;
            }
        }

        set
        {
            lock (_connection.Gate)
            {
                _stream.SetPriority(value);
            }
        }
    }

    /// <inheritdoc/>
    public override ValueTask DisposeAsync()
    {
        Abandon();
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            Abandon();
        }

        base.Dispose(disposing);
    }

    /// <summary>Whether it goes before streams of the usual priority. Within the connection's lock.</summary>
    internal bool IsPreferred => _stream.Priority > 0;

    /// <summary>Something has happened to the stream. Within the connection's lock.</summary>
    internal void Handle(StreamEvents events)
    {
        if ((events & StreamEvents.Readable) != 0)
        {
            HandleReadable();
        }

        if ((events & StreamEvents.Written) != 0)
        {
            CompletePendingWrite(null);
        }

        if ((events & (StreamEvents.WritesFinished | StreamEvents.Stopped)) != 0)
        {
            HandleWritesEnded();
        }
    }

    /// <summary>The connection has ended, and with it each direction that had not. Within the connection's lock.</summary>
    internal void HandleConnectionEnded()
    {
        HandleReadsEnded();
        HandleWritesEnded();
    }

    private static PeerException Aborted(long streamId, string direction, long errorCode)
        => new(
            PeerErrorKind.StreamAborted,
            $"The peer aborted {direction} of stream {streamId} with code {errorCode}.",
            errorCode);

    private static PeerException AbortedLocally(long streamId, string direction, long errorCode)
        => new(
            PeerErrorKind.StreamAbortedLocally,
            $"This side aborted {direction} of stream {streamId} with code {errorCode}.",
            errorCode);

    private static void ThrowIfNotCode(long errorCode)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(errorCode);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(errorCode, PeerConnection.MaxErrorCode);
    }

    private void Abandon()
    {
        lock (_connection.Gate)
        {
            AbortReadCore(DisposedErrorCode);

            // What was completed is still delivered, unless its last write was not even taken.
            if (_stream.Send is { } send && (!send.IsCompleted || send.IsWriteWaiting))
            {
                AbortWriteCore(DisposedErrorCode);
            }
        }
    }
}
