using System.Text;
using IrohRpc;

namespace KeyValue.Commands;

/// <summary>What each client command does with the store.</summary>
internal static class ClientCommands
{
    public static async Task<int> PutAsync(IKeyValue store, string key, string value, CancellationToken cancellationToken)
    {
        Console.WriteLine($"revision {await store.PutAsync(key, Encoding.UTF8.GetBytes(value), 0, cancellationToken)}");
        return 0;
    }

    public static async Task<int> GetAsync(IKeyValue store, string key, long revision, CancellationToken cancellationToken)
    {
        if (await store.GetAsync(key, revision, cancellationToken) is not { } entry)
        {
            Console.Error.WriteLine($"There is no key \"{key}\".");
            return 1;
        }

        // A file gets the value as it is; a terminal obeys nobody's.
        string value = Encoding.UTF8.GetString(entry.Value.Span);
        Console.WriteLine(Console.IsOutputRedirected ? value : PeerText.Escape(value, keepsLines: true));
        return 0;
    }

    public static async Task<int> RangeAsync(IKeyValue store, RangeRequest request, CancellationToken cancellationToken)
    {
        await foreach (Entry entry in store.RangeAsync(request, cancellationToken))
        {
            Console.WriteLine($"{PeerText.Escape(entry.Key)}\t{Text(entry)}");
        }

        return 0;
    }

    public static async Task<int> DeleteAsync(IKeyValue store, string key, CancellationToken cancellationToken)
    {
        DeleteResult result = await store.DeleteAsync(KeyRange.Of(key), cancellationToken);
        Console.WriteLine($"revision {result.Revision}, {result.Deleted} deleted");
        return 0;
    }

    public static async Task<int> WatchAsync(IKeyValue store, KeyRange range, long from, CancellationToken cancellationToken)
    {
        try
        {
            IAsyncEnumerable<WatchedRevision> revisions = ResumingWatch.WatchAsync(
                store, range, from, exception => Console.Error.WriteLine($"interrupted: {exception.Message}"), cancellationToken);
            await foreach (WatchedRevision revision in revisions)
            {
                foreach (WatchedChange change in revision.Changes)
                {
                    Console.WriteLine(change.Entry is { } entry
                        ? $"{revision.Revision}\tput\t{PeerText.Escape(change.Key)}\t{Text(entry)}"
                        : $"{revision.Revision}\tdelete\t{PeerText.Escape(change.Key)}");
                }
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Ctrl-C is how a watch ends.
        }

        return 0;
    }

    // One line for each entry, whatever its value holds.
    private static string Text(Entry entry) => PeerText.Escape(Encoding.UTF8.GetString(entry.Value.Span));

    public static async Task<int> ImportAsync(IKeyValue store, string file, CancellationToken cancellationToken)
    {
        ImportResult result = await store.ImportAsync(TsvFile.ReadAsync(file, cancellationToken), new ImportProgress(), cancellationToken);
        Console.WriteLine($"{result.Rows} rows, revision {result.Revision}");
        return 0;
    }
}
