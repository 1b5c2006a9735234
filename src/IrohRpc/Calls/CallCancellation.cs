namespace IrohRpc.Internal;

/// <summary>Tells handlers that nobody waits for them any more.</summary>
internal static class CallCancellation
{
    /// <summary>Fires a handler's token on the thread pool. Never throws.</summary>
    public static async Task CancelAsync(CancellationTokenSource cancellation)
    {
        try
        {
            await cancellation.CancelAsync().ConfigureAwait(false);
        }
        catch (ObjectDisposedException)
        {
            // The call has just ended by itself.
        }
        catch (AggregateException)
        {
            // What the handler registered on its token threw: its own affair.
        }
    }
}
