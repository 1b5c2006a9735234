using System.Net.Quic;
using System.Runtime.Versioning;

namespace IrohRpc.Transports.MsQuic.Internal;

/// <summary>What is known of one direction of a stream: that it is over, how it ended, and what to say about it.</summary>
[SupportedOSPlatform("linux")]
[SupportedOSPlatform("macos")]
[SupportedOSPlatform("windows")]
internal sealed class MsQuicDirection
{
    private const long NotAborted = -1;

    private readonly MsQuicPeerConnection _connection;
    private readonly long _streamId;
    private readonly string _name;
    private long _abortCode = NotAborted;
    private volatile bool _isOver;
    private volatile QuicException? _abortedByPeer;
    private Task? _closed;

    /// <summary>Makes a direction that is open.</summary>
    /// <param name="connection">The stream's connection.</param>
    /// <param name="streamId">The stream's number.</param>
    /// <param name="name">What it is for, for messages: reading or writing.</param>
    public MsQuicDirection(MsQuicPeerConnection connection, long streamId, string name)
    {
        _connection = connection;
        _streamId = streamId;
        _name = name;
    }

    /// <summary>Whether this side has no use for the direction any more.</summary>
    public bool IsOver => _isOver;

    /// <summary>Whether it came to its proper end: everything was read, or the last byte was handed over.</summary>
    public bool IsComplete { get; private set; }

    /// <summary>It came to its proper end.</summary>
    public void Complete()
    {
        IsComplete = true;
        _isOver = true;
    }

    /// <summary>This side aborts it. The first code counts, and must be known before anybody sees the abort.</summary>
    public void Abort(long errorCode)
    {
        Interlocked.CompareExchange(ref _abortCode, errorCode, NotAborted);
        _isOver = true;
    }

    /// <summary>It is over, as an exception shows.</summary>
    /// <param name="exception">What System.Net.Quic threw.</param>
    /// <returns>What to throw instead.</returns>
    public PeerException Fail(Exception exception)
    {
        _isOver = true;
        if (_connection.End is { } end)
        {
            return end.ToException(_connection.PeerId);
        }

        if (exception is QuicException { QuicError: QuicError.StreamAborted } abort)
        {
            _abortedByPeer = abort;
        }

        // It stays so when the handle is gone.
        if (_abortedByPeer is { } aborted)
        {
            return new PeerException(
                PeerErrorKind.StreamAborted,
                $"Peer {_connection.PeerId.ToShortString()} aborted the {_name} of stream {_streamId} with code {aborted.ApplicationErrorCode}.",
                aborted.ApplicationErrorCode,
                aborted);
        }

        long code = Volatile.Read(ref _abortCode);
        switch (exception)
        {
            case QuicException { QuicError: QuicError.OperationAborted } or ObjectDisposedException when code != NotAborted:
                return new PeerException(
                    PeerErrorKind.StreamAbortedLocally,
                    $"The {_name} of stream {_streamId} was aborted on this side with code {code}.",
                    code,
                    exception);
            case QuicException { QuicError: QuicError.OperationAborted or QuicError.InternalError } or ObjectDisposedException:
                return new PeerException(
                    PeerErrorKind.Unknown, $"The {_name} of stream {_streamId} failed: {exception.Message}", exception);
            default:
                return _connection.EndBy(exception).ToException(_connection.PeerId);
        }
    }

    /// <summary>The task of the direction's end, in this layer's terms. Under a lock of the caller's.</summary>
    /// <param name="closed">System.Net.Quic's own.</param>
    public Task Closed(Task closed)
    {
        if (_closed is null)
        {
            if (closed.IsCompletedSuccessfully)
            {
                _closed = Task.CompletedTask;
            }
            else
            {
                var translated = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                _closed = translated.Task;
                _ = FollowAsync(closed, translated);
            }
        }

        return _closed;
    }

    private async Task FollowAsync(Task closed, TaskCompletionSource translated)
    {
        try
        {
            await closed.ConfigureAwait(false);
            translated.SetResult();
        }
#pragma warning disable CA1031 // It goes on in the task.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            translated.SetException(Fail(exception));

            // Nobody needs to observe it.
            _ = translated.Task.Exception;
        }
    }
}
