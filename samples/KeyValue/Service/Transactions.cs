using KeyValue.Storage;

namespace KeyValue.Service;

/// <summary>Compare and set, within one SQLite transaction.</summary>
internal static class Transactions
{
    /// <summary>Compares, and carries out one of the two lists of changes.</summary>
    public static TransactionResult Run(Writer writer, Transaction transaction)
    {
        bool succeeded = transaction.Comparisons.All(comparison => Holds(comparison, writer.Find(comparison.Key)));
        Change[] changes = succeeded ? transaction.Then : transaction.Else;
        long revision = changes.Length > 0 ? writer.NextRevision() : writer.Revision;
        foreach (Change change in changes)
        {
            if (change.Value is { } value)
            {
                writer.Put(change.Key, value, change.Lease, revision);
            }
            else
            {
                writer.Delete(change.Key, revision);
            }
        }

        return new TransactionResult(succeeded, revision);
    }

    private static bool Holds(Comparison comparison, Entry? entry) => comparison.Target switch
    {
        CompareTarget.Value => entry is not null && entry.Value.Span.SequenceEqual(comparison.Value.Span),
        CompareTarget.ModRevision => (entry?.ModRevision ?? 0) == comparison.Number,
        CompareTarget.CreateRevision => (entry?.CreateRevision ?? 0) == comparison.Number,
        CompareTarget.Version => (entry?.Version ?? 0) == comparison.Number,
        _ => false,
    };
}
