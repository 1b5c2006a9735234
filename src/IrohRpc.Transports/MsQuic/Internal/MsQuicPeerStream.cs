using System.Net.Quic;
using System.Runtime.CompilerServices;
using System.Runtime.Versioning;

namespace IrohRpc.Transports.MsQuic.Internal;

/// <summary>One stream of QUIC's.</summary>
/// <remarks>
/// <para>Reads and writes go straight to System.Net.Quic, which also notices two at once; what it throws is translated only where it
/// throws.</para>
/// <para>The peer gets back its credit for a stream when the handle is closed, and not when both directions are over. So the handle of a
/// stream that the peer opened is let go of then, whether the application disposes of the stream or not.</para>
/// </remarks>
[SupportedOSPlatform("linux")]
[SupportedOSPlatform("macos")]
[SupportedOSPlatform("windows")]
internal sealed partial class MsQuicPeerStream : PeerStream
{
    // MsQuic copies a write as a whole, whatever its length, as long as its buffer is not full yet. Long ones go in pieces, so that no
    // more than a piece goes beyond that buffer.
    private const int LongestPiece = 128 * 1024;

    // What is a little longer is one piece nevertheless: a short rest would cost as much time as a whole one.
    private const int LongestLastPiece = LongestPiece + (LongestPiece / 4);

    private readonly MsQuicPeerConnection _connection;
    private readonly QuicStream _stream;
    private readonly MsQuicDirection _reading;
    private readonly MsQuicDirection _writing;
    private readonly Lock _lock = new();
    private readonly bool _isInbound;
    private volatile bool _writesCompleted;
    private int _isWritingPieces;

    public MsQuicPeerStream(MsQuicPeerConnection connection, QuicStream stream)
    {
        _connection = connection;
        _stream = stream;
        Id = stream.Id;
        CanRead = stream.CanRead;
        CanWrite = stream.CanWrite;
        _isInbound = ((Id & 1) == 0) != connection.IsDialler;
        _reading = new MsQuicDirection(connection, Id, "reading");
        _writing = new MsQuicDirection(connection, Id, "writing");
        if (!CanRead)
        {
            _reading.Complete();
        }

        if (!CanWrite)
        {
            _writing.Complete();
        }
    }

    /// <inheritdoc/>
    public override long Id { get; }

    /// <inheritdoc/>
    public override bool CanRead { get; }

    /// <inheritdoc/>
    public override bool CanWrite { get; }

    /// <inheritdoc/>
    public override Task ReadsClosed
    {
        get
        {
            lock (_lock)
            {
                return _reading.Closed(_stream.ReadsClosed);
            }
        }
    }

    /// <inheritdoc/>
    public override Task WritesClosed
    {
        get
        {
            lock (_lock)
            {
                return _writing.Closed(_stream.WritesClosed);
            }
        }
    }

    /// <inheritdoc/>
    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (!CanRead)
        {
            throw new InvalidOperationException($"Stream {Id} has no reading direction: this side opened it to write only.");
        }

        if (_connection.End is { } end)
        {
            return ValueTask.FromException<int>(end.ToException(_connection.PeerId));
        }

        if (_reading.IsComplete)
        {
            return cancellationToken.IsCancellationRequested ? ValueTask.FromCanceled<int>(cancellationToken) : new ValueTask<int>(0);
        }

        ValueTask<int> reading = StartRead(buffer, cancellationToken);
        if (!reading.IsCompletedSuccessfully)
        {
            return FinishReadAsync(reading, buffer.IsEmpty);
        }

        int count = reading.Result;
        NoteRead(count, buffer.IsEmpty);
        return new ValueTask<int>(count);
    }

    /// <inheritdoc/>
    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, bool completeWrites, CancellationToken cancellationToken = default)
    {
        if (!CanWrite)
        {
            throw new InvalidOperationException($"Stream {Id} has no writing direction: the peer opened it to write only.");
        }

        if (_connection.End is { } end)
        {
            return ValueTask.FromException(end.ToException(_connection.PeerId));
        }

        // System.Net.Quic lets some writes after the last one pass without a word (dotnet/runtime issue 121619).
        if (_writesCompleted)
        {
            throw new InvalidOperationException($"The writes of stream {Id} were completed already.");
        }

        bool isLong = buffer.Length > LongestLastPiece;
        if ((isLong ? Interlocked.Exchange(ref _isWritingPieces, 1) : Volatile.Read(ref _isWritingPieces)) != 0)
        {
            throw new InvalidOperationException($"Another write is under way on stream {Id}.");
        }

        if (isLong)
        {
            return WritePiecesAsync(buffer, completeWrites, cancellationToken);
        }

        ValueTask writing = StartWrite(buffer, completeWrites, cancellationToken);
        if (completeWrites && !writing.IsFaulted)
        {
            _writesCompleted = true;
        }

        if (!writing.IsCompletedSuccessfully)
        {
            return FinishWriteAsync(writing, completeWrites);
        }

        writing.GetAwaiter().GetResult();
        NoteWrite(completeWrites);
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public override void CompleteWrites()
    {
        lock (_lock)
        {
            if (!CanWrite || _writesCompleted)
            {
                return;
            }

            _writesCompleted = true;
            if (_isWritingPieces != 0)
            {
                // The end comes after the last piece.
                return;
            }
        }

        CompleteNow();
    }

    /// <inheritdoc/>
    public override void AbortRead(long errorCode)
    {
        MsQuicPeerConnection.RequireErrorCode(errorCode);
        if (CanRead && !_reading.IsComplete)
        {
            Abort(QuicAbortDirection.Read, _reading, errorCode);
            ReleaseIfOver();
        }
    }

    /// <inheritdoc/>
    public override void AbortWrite(long errorCode)
    {
        MsQuicPeerConnection.RequireErrorCode(errorCode);
        if (CanWrite)
        {
            Abort(QuicAbortDirection.Write, _writing, errorCode);
            ReleaseIfOver();
        }
    }

    /// <inheritdoc/>
    public override ValueTask DisposeAsync()
    {
        _ = ReleaseAsync();
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _ = ReleaseAsync();
        }

        base.Dispose(disposing);
    }

    private void Abort(QuicAbortDirection which, MsQuicDirection direction, long errorCode)
    {
        direction.Abort(errorCode);
        if (_connection.End is not null && !_connection.Closed.IsCompleted)
        {
            // The peer is to hear how the connection ends, which may be on its way: an abort would overtake it.
            return;
        }

        try
        {
            _stream.Abort(which, errorCode);
        }
        catch (Exception exception) when (exception is QuicException or ObjectDisposedException)
        {
            // The direction has ended, or its connection.
        }
    }

    private void CompleteNow()
    {
        try
        {
            _stream.CompleteWrites();
        }
        catch (Exception exception) when (exception is QuicException or ObjectDisposedException)
        {
            // The direction has ended, or its connection.
        }

        NoteWrite(isLast: true);
    }

    // System.Net.Quic throws at once, and not by the task, where its connection is disposed of meanwhile.
    private ValueTask<int> StartRead(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        try
        {
            return _stream.ReadAsync(buffer, cancellationToken);
        }
        catch (ObjectDisposedException exception)
        {
            return ValueTask.FromException<int>(exception);
        }
    }

    private ValueTask StartWrite(ReadOnlyMemory<byte> buffer, bool completeWrites, CancellationToken cancellationToken)
    {
        try
        {
            return _stream.WriteAsync(buffer, completeWrites, cancellationToken);
        }
        catch (ObjectDisposedException exception)
        {
            return ValueTask.FromException(exception);
        }
    }

    private void NoteRead(int count, bool wasEmpty)
    {
        _connection.NoteTraffic();
        if (count == 0 && !wasEmpty)
        {
            _reading.Complete();
            ReleaseIfOver();
        }
    }

    private void NoteWrite(bool isLast)
    {
        _connection.NoteTraffic();
        if (isLast)
        {
            _writing.Complete();
            ReleaseIfOver();
        }
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<int> FinishReadAsync(ValueTask<int> reading, bool wasEmpty)
    {
        try
        {
            int count = await reading.ConfigureAwait(false);
            NoteRead(count, wasEmpty);
            return count;
        }
        catch (OperationCanceledException)
        {
            _reading.Abort(CancelledErrorCode);
            ReleaseIfOver();
            throw;
        }
        catch (Exception exception) when (exception is not InvalidOperationException or ObjectDisposedException)
        {
            throw Failed(_reading, exception);
        }
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask FinishWriteAsync(ValueTask writing, bool isLast)
    {
        try
        {
            await writing.ConfigureAwait(false);
            NoteWrite(isLast);
        }
        catch (OperationCanceledException)
        {
            _writing.Abort(CancelledErrorCode);
            ReleaseIfOver();
            throw;
        }
        catch (Exception exception) when (exception is not InvalidOperationException or ObjectDisposedException)
        {
            throw Failed(_writing, exception);
        }
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask WritePiecesAsync(ReadOnlyMemory<byte> buffer, bool completeWrites, CancellationToken cancellationToken)
    {
        try
        {
            while (!buffer.IsEmpty)
            {
                int length = buffer.Length <= LongestLastPiece ? buffer.Length : LongestPiece;
                bool isLast = length == buffer.Length;
                ValueTask piece = StartWrite(buffer[..length], isLast && completeWrites, cancellationToken);
                await FinishWriteAsync(piece, isLast && completeWrites).ConfigureAwait(false);
                buffer = buffer[length..];
            }
        }
        catch
        {
            Volatile.Write(ref _isWritingPieces, 0);
            throw;
        }

        bool mustComplete;
        lock (_lock)
        {
            mustComplete = _writesCompleted && !completeWrites;
            _writesCompleted |= completeWrites;
            _isWritingPieces = 0;
        }

        if (mustComplete)
        {
            CompleteNow();
        }
    }

    private PeerException Failed(MsQuicDirection direction, Exception exception)
    {
        PeerException failure = direction.Fail(exception);
        ReleaseIfOver();
        return failure;
    }
}
