using System.Runtime.CompilerServices;

namespace IrohRpc;

/// <summary>
/// One stream of a <see cref="PeerConnection"/>: an ordered run of bytes each way, or one way, that is flow-controlled by
/// itself. Each direction ends on its own, completed (the other side reads to its end) or aborted with a code.
/// </summary>
/// <remarks>
/// <para>One read and one write may be under way at a time, also at once; a second of either throws
/// <see cref="InvalidOperationException"/>. <see cref="CompleteWrites"/>, <see cref="AbortRead"/>, <see cref="AbortWrite"/> and
/// <see cref="DisposeAsync"/> may be called at any time and from any thread.</para>
/// <para><b>Cancelling</b> a read or a write aborts that direction with <see cref="CancelledErrorCode"/>: some bytes
/// may have moved, so that nothing sensible can follow in it. A token that was cancelled before the call does the same.</para>
/// <para><b>Disposing</b> aborts each direction that has not ended, with <see cref="DisposedErrorCode"/>: a stream that goes
/// away because its owner failed never looks complete. Reads and writes that are pending, and later ones, then fail with
/// <see cref="PeerErrorKind.StreamAbortedLocally"/>. After <see cref="CompleteWrites"/> the connection delivers what was
/// written, also when the stream is disposed.</para>
/// <para>Only asynchronous reading and writing is supported; the synchronous members of <see cref="Stream"/> throw
/// <see cref="NotSupportedException"/>, but for <see cref="Flush"/>, which has nothing to do.</para>
/// </remarks>
public abstract class PeerStream : Stream
{
    /// <summary>The code with which a cancelled read or write aborts its direction.</summary>
    public const long CancelledErrorCode = 1;

    /// <summary>The code with which disposing aborts a direction that has not ended.</summary>
    public const long DisposedErrorCode = 2;

    /// <summary>
    /// The number of the stream in its connection (RFC 9000, section 2.1): the lowest bit says who opened it, the next whether
    /// it is unidirectional.
    /// </summary>
    public abstract long Id { get; }

    /// <summary>Whether both sides can write.</summary>
    public bool IsBidirectional => (Id & 2) == 0;

    /// <summary>
    /// How much what is written here matters beside the connection's other streams: a stream of a higher priority sends before all of a lower one, and
    /// streams of one priority share the link evenly. Zero unless set. It is this side's alone, takes effect at once, also for what waits to be sent, and
    /// does nothing on transports that cannot tell streams apart; those read as zero.
    /// </summary>
    /// <remarks>
    /// A stream that always has something to send starves those of a lower priority. Raise it for little that is urgent, and lower it for much that
    /// is not.
    /// </remarks>
    public virtual int Priority
    {
        get => 0;
        set { }
    }

    /// <summary>
    /// Completes when the reading direction has ended: successfully once the peer's end was read, with the
    /// <see cref="PeerException"/> that says why otherwise. Completed already on a stream that only this side writes.
    /// Nobody needs to observe it.
    /// </summary>
    public abstract Task ReadsClosed { get; }

    /// <summary>
    /// Completes when the writing direction has ended: successfully once completed and handed to the transport in full, with
    /// the <see cref="PeerException"/> that says why otherwise (among them the peer's abort of its reading, at once when it arrives).
    /// Completed already on a stream that only the peer writes. Nobody needs to observe it.
    /// </summary>
    public abstract Task WritesClosed { get; }

    /// <summary>Reads what has arrived, at least one byte; waits where nothing has.</summary>
    /// <param name="buffer">Where the bytes go. An empty buffer makes the read complete once there is something to read.</param>
    /// <param name="cancellationToken">Cancelling aborts the direction; see the remarks of the type.</param>
    /// <returns>How many bytes were read; 0 once the peer has completed its writes and everything was read.</returns>
    /// <exception cref="PeerException">The direction was aborted, by either side, or the connection ended.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    /// <exception cref="InvalidOperationException">Another read is under way, or the stream has no reading direction.</exception>
    public abstract override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default);

    /// <summary>
    /// Writes all of <paramref name="buffer"/>, waiting where the peer's flow control or the transport's send buffer says
    /// so. The bytes may be reused once the call completes, which says nothing about the peer having read them.
    /// </summary>
    /// <param name="buffer">The bytes.</param>
    /// <param name="completeWrites">Whether this is the last write: the end leaves together with the bytes.</param>
    /// <param name="cancellationToken">Cancelling aborts the direction; see the remarks of the type.</param>
    /// <exception cref="PeerException">The direction was aborted, by either side, or the connection ended.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    /// <exception cref="InvalidOperationException">
    /// Another write is under way, writes were completed already, or the stream has no writing direction.
    /// </exception>
    public abstract ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, bool completeWrites, CancellationToken cancellationToken = default);

    /// <summary>
    /// Says that nothing more will be written: the peer reads to the end and sees it. Does not wait. Without effect where the
    /// direction has ended already, or only the peer writes.
    /// </summary>
    public abstract void CompleteWrites();

    /// <summary>
    /// Gives up reading and tells the peer to stop writing, with a code. What has arrived is dropped; a pending read fails with
    /// <see cref="PeerErrorKind.StreamAbortedLocally"/>. Without effect where the direction has ended already, or only this side writes.
    /// </summary>
    /// <param name="errorCode">The application's code, 0 to <see cref="PeerConnection.MaxErrorCode"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="errorCode"/> is out of range.</exception>
    public abstract void AbortRead(long errorCode);

    /// <summary>
    /// Ends writing abruptly, with a code that the peer's reads then fail with. What was not delivered yet may never be; a pending
    /// write fails with <see cref="PeerErrorKind.StreamAbortedLocally"/>. Without effect where the direction has ended already, or only the
    /// peer writes.
    /// </summary>
    /// <param name="errorCode">The application's code, 0 to <see cref="PeerConnection.MaxErrorCode"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="errorCode"/> is out of range.</exception>
    public abstract void AbortWrite(long errorCode);

    /// <summary>Aborts each direction that has not ended, and lets go of the stream. Does not wait for the peer; never throws.</summary>
    public abstract override ValueTask DisposeAsync();

    /// <inheritdoc cref="WriteAsync(ReadOnlyMemory{byte}, bool, CancellationToken)"/>
    public sealed override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        => WriteAsync(buffer, completeWrites: false, cancellationToken);

    /// <inheritdoc/>
    public sealed override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
        => ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <inheritdoc/>
    public sealed override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
        => WriteAsync(buffer.AsMemory(offset, count), completeWrites: false, cancellationToken).AsTask();

    /// <inheritdoc/>
    public sealed override bool CanSeek => false;

    /// <summary>Not supported: a stream between peers has no length.</summary>
    public sealed override long Length => throw NotSupported();

    /// <summary>Not supported: a stream between peers has no position.</summary>
    public sealed override long Position
    {
        get => throw NotSupported();
        set => throw NotSupported();
    }

    /// <summary>Does nothing: a completed write is on its way.</summary>
    public sealed override void Flush()
    {
    }

    /// <summary>Does nothing: a completed write is on its way.</summary>
    /// <param name="cancellationToken">Not looked at.</param>
    public sealed override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Not supported.</summary>
    public sealed override long Seek(long offset, SeekOrigin origin) => throw NotSupported();

    /// <summary>Not supported.</summary>
    public sealed override void SetLength(long value) => throw NotSupported();

    /// <summary>Not supported: use <see cref="ReadAsync(Memory{byte}, CancellationToken)"/>.</summary>
    public sealed override int Read(byte[] buffer, int offset, int count) => throw NotSupported();

    /// <summary>Not supported: use <see cref="WriteAsync(ReadOnlyMemory{byte}, bool, CancellationToken)"/>.</summary>
    public sealed override void Write(byte[] buffer, int offset, int count) => throw NotSupported();

    private static NotSupportedException NotSupported([CallerMemberName] string member = "")
        => new($"A stream between peers is asynchronous and has neither length nor position; {member} is not supported.");
}
