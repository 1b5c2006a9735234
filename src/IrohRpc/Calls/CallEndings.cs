namespace IrohRpc.Calls;

/// <summary>What is to happen when a call has ended.</summary>
internal static class CallEndings
{
    /// <summary>
    /// Runs endings one after the other, the last that was added first: what a call streams ends before the scope that it was made in. Never throws.
    /// </summary>
    /// <param name="endings">The endings, in the order in which they were added.</param>
    /// <param name="failed">Takes what an ending throws.</param>
    public static async Task RunAsync(IReadOnlyList<Func<ValueTask>> endings, Action<Exception> failed)
    {
        for (int index = endings.Count - 1; index >= 0; index--)
        {
            try
            {
                await endings[index]().ConfigureAwait(false);
            }
            catch (Exception exception)
            {
                // The user's dispose methods may throw anything.
                failed(exception);
            }
        }
    }
}
