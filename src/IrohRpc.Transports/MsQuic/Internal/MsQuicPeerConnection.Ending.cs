using System.Net.Quic;

namespace IrohRpc.Transports.MsQuic.Internal;

/// <content>The end of a connection, from whatever began it to the last handle.</content>
internal sealed partial class MsQuicPeerConnection
{
    // For the peer's answer to a close with a reason, and once more for its answer to CONNECTION_CLOSE.
    private static readonly TimeSpan GoodbyeTimeout = TimeSpan.FromSeconds(1);

    /// <summary>Ends the connection if nobody has yet.</summary>
    /// <param name="end">How.</param>
    /// <param name="errorCode">The code for the peer.</param>
    /// <returns>Completes when nothing is left of the connection. Never faults.</returns>
    private Task Finish(ConnectionEnd end, long errorCode)
    {
        lock (_lock)
        {
            if (_ending is null)
            {
                _end = end;
                _ending = EndAsync(end, errorCode);
            }

            return _ending;
        }
    }

    private async Task EndAsync(ConnectionEnd end, long errorCode)
    {
        // The caller holds the lock.
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        _accepted.TrySetResult(false);
        Exception Reason() => end.ToException(PeerId);
        List<QuicStream> spare = [.. Opener(QuicStreamType.Bidirectional).Close(Reason), .. Opener(QuicStreamType.Unidirectional).Close(Reason)];
        _bidirectional.Close(Reason);
        _unidirectional.Close(Reason);
        try
        {
            if (_facts.HasControlStreams && end is { Kind: PeerErrorKind.ClosedLocally, Reason.Length: > 0 })
            {
                await SayGoodbyeAsync(errorCode, end.Reason).ConfigureAwait(false);
            }

            await CloseQuicAsync(errorCode).ConfigureAwait(false);
            _facts.Lease?.Dispose();
        }
#pragma warning disable CA1031 // The connection is over in any case, and what is left must be released.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            LogReleaseFailure(exception);
        }

        _closed.SetResult(end);
        await ReleaseAsync(spare).ConfigureAwait(false);
    }

    /// <summary>Sends the code and the reason, and waits for the peer to close by them.</summary>
    private async Task SayGoodbyeAsync(long errorCode, string reason)
    {
        try
        {
            await WriteAsync().WaitAsync(GoodbyeTimeout, _facts.Settings.TimeProvider).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            MsQuicLog.CloseUnconfirmed(_logger, PeerId.ToShortString());
        }

        async Task WriteAsync()
        {
            try
            {
                QuicStream control = await OpenControlAsync().ConfigureAwait(false);

                // The stream stays open: its end would make room for another, and an open that has waited for room would come about on a connection that closes.
                await control.WriteAsync(ControlMessage.EncodeClose(errorCode, reason)).ConfigureAwait(false);
                await Pumping.ConfigureAwait(false);
            }
            catch (Exception exception) when (exception is QuicException or PeerException or ObjectDisposedException)
            {
                // It ended by itself, or by the peer, meanwhile.
            }
        }
    }

    private async Task CloseQuicAsync(long errorCode)
    {
        try
        {
            await _quic.CloseAsync(errorCode).AsTask().WaitAsync(GoodbyeTimeout, _facts.Settings.TimeProvider).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            MsQuicLog.CloseUnconfirmed(_logger, PeerId.ToShortString());
        }
        catch (Exception exception) when (exception is QuicException or ObjectDisposedException)
        {
            // Somebody was faster.
        }
    }

    private async Task ReleaseAsync(List<QuicStream> spare)
    {
        try
        {
            // Silent where the peer has not answered, so that it does not wait; ends every stream.
            Task connection = _quic.DisposeAsync().AsTask();
            await Pumping.ConfigureAwait(false);
            await _readingControl.ConfigureAwait(false);
            if (_control is { } control)
            {
                await ReleaseControlAsync(control).ConfigureAwait(false);
            }

            _isReleasing = true;
            await Task.WhenAll(spare.Select(stream => stream.DisposeAsync().AsTask())).ConfigureAwait(false);
            while (!_streams.IsEmpty)
            {
                await Task.WhenAll(_streams.Values.Select(stream => stream.ReleaseAsync())).ConfigureAwait(false);
            }

            await connection.ConfigureAwait(false);
        }
#pragma warning disable CA1031 // The connection is over in any case.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            LogReleaseFailure(exception);
        }
    }

    private static async Task ReleaseControlAsync(Task<QuicStream> opening)
    {
        try
        {
            await (await opening.ConfigureAwait(false)).DisposeAsync().ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is QuicException or PeerException or ObjectDisposedException)
        {
            // It was never opened.
        }
    }
}
