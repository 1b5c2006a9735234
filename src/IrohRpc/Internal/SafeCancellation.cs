namespace IrohRpc.Internal;

/// <summary>Cancels token sources on which code of the user's may have registered callbacks.</summary>
internal static class SafeCancellation
{
    /// <summary>Fires a token on the thread pool. Never throws: callbacks that do have nobody to report to.</summary>
    public static async Task FireAsync(this CancellationTokenSource source)
    {
        try
        {
            await source.CancelAsync().ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is ObjectDisposedException or AggregateException)
        {
            // Whatever the source belonged to has just ended, or a callback threw.
        }
    }
}
