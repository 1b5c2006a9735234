using System.Net.Quic;

namespace IrohRpc.Transports.MsQuic.Internal;

/// <content>The end of a stream's handle.</content>
internal sealed partial class MsQuicPeerStream
{
    private Task? _release;
    private Task? _following;

    /// <summary>Lets go of the stream, and completes when nothing is left of it: what it was to deliver has been, or never will be.</summary>
    public Task ReleaseAsync()
    {
        lock (_lock)
        {
            return _release ??= ReleaseCoreAsync();
        }
    }

    private void ReleaseIfOver()
    {
        if (_isInbound && _reading.IsOver && _writing.IsOver)
        {
            lock (_lock)
            {
                if (_release is null)
                {
                    _following ??= ReleaseWhenClosedAsync();
                }
            }
        }
    }

    private async Task ReleaseWhenClosedAsync()
    {
        // What was written can still be aborted until it is delivered.
        await _stream.ReadsClosed.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _stream.WritesClosed.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await ReleaseAsync().ConfigureAwait(false);
    }

    private async Task ReleaseCoreAsync()
    {
        if (_connection.End is not null)
        {
            // As for an abort.
            await _connection.Closed.ConfigureAwait(false);
        }

        if (!_reading.IsOver)
        {
            Abort(QuicAbortDirection.Read, _reading, DisposedErrorCode);
        }

        // A write in pieces whose last was not handed over must not look complete.
        if (!_writing.IsOver && (!_writesCompleted || _isWritingPieces != 0))
        {
            Abort(QuicAbortDirection.Write, _writing, DisposedErrorCode);
        }

        try
        {
            // Until the peer has acknowledged everything; the connection keeps the stream in mind meanwhile.
            await _stream.DisposeAsync().ConfigureAwait(false);
        }
#pragma warning disable CA1031 // Nobody waits for it but the connection, which can do nothing about it.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            _connection.LogReleaseFailure(exception);
        }
        finally
        {
            _connection.Forget(this);
        }
    }
}
