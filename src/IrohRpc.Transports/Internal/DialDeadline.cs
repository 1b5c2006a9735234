namespace IrohRpc.Transports.Internal;

/// <summary>Holds a dial to its handshake time-out, and tells that apart from a caller who gives it up.</summary>
internal static class DialDeadline
{
    /// <summary>Runs a dial.</summary>
    /// <param name="settings">The time-out, and its clock.</param>
    /// <param name="connectAsync">Dials, under a token that fires at the time-out and when the caller gives the dial up.</param>
    /// <param name="timedOut">Makes the exception for the time-out, of what the dial threw when its token fired.</param>
    /// <param name="cancellationToken">The caller's.</param>
    public static async Task<PeerConnection> RunAsync(
        TransportSettings settings, Func<CancellationToken, Task<PeerConnection>> connectAsync, Func<Exception, PeerException> timedOut, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(settings.HandshakeTimeout, settings.TimeProvider);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            return await connectAsync(either.Token).ConfigureAwait(false);
        }
        catch (Exception exception) when (either.IsCancellationRequested)
        {
            // What a cancelled handshake throws depends on where it stood; that it was cancelled is what counts.
            cancellationToken.ThrowIfCancellationRequested();
            throw timedOut(exception);
        }
    }
}
