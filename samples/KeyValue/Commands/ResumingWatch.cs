using System.Runtime.CompilerServices;
using IrohRpc;

namespace KeyValue.Commands;

/// <summary>
/// A watch that outlives its connection: it starts again behind the last revision that it saw, so that none is missing and none comes twice.
/// </summary>
internal static class ResumingWatch
{
    /// <summary>Watches a range from a revision on, until cancelled. Each item is a whole revision.</summary>
    /// <param name="store">The store; its proxy connects again by itself.</param>
    /// <param name="range">The keys.</param>
    /// <param name="fromRevision">The first revision; zero for the next one.</param>
    /// <param name="interrupted">Told each time that the watch was interrupted and starts again.</param>
    /// <param name="cancellationToken">Ends the watch.</param>
    public static async IAsyncEnumerable<WatchedRevision> WatchAsync(
        IKeyValue store,
        KeyRange range,
        long fromRevision,
        Action<RpcException>? interrupted = null,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        // "The next one" must mean the same after an interruption, so that it is fixed before the first item.
        long next = fromRevision != 0 ? fromRevision : await store.RevisionAsync(cancellationToken) + 1;
        var backoff = new WatchBackoff();
        while (true)
        {
            // A revision of which only some parts have come is asked for again, whole.
            var parts = new List<WatchedChange>();
            await using IAsyncEnumerator<WatchedRevision> revisions = store.WatchAsync(range, next, cancellationToken)
                .GetAsyncEnumerator(cancellationToken);
            while (await MoveNextAsync(revisions, interrupted))
            {
                backoff.Reset();
                WatchedRevision revision = revisions.Current;
                parts.AddRange(revision.Changes);
                if (!revision.Continues)
                {
                    next = revision.Revision + 1;
                    yield return new WatchedRevision(revision.Revision, [.. parts]);
                    parts.Clear();
                }
            }

            await backoff.WaitAsync(cancellationToken);
        }
    }

    private static async ValueTask<bool> MoveNextAsync(IAsyncEnumerator<WatchedRevision> revisions, Action<RpcException>? interrupted)
    {
        try
        {
            return await revisions.MoveNextAsync();
        }
        catch (RpcException exception) when (exception.StatusCode is RpcStatusCode.Unavailable or RpcStatusCode.Aborted)
        {
            interrupted?.Invoke(exception);
            return false;
        }
    }
}
