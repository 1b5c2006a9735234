using KeyValue.Storage;

namespace KeyValue.Service;

/// <summary>Compare and set, within one SQLite transaction.</summary>
internal static class Transactions
{
    /// <summary>Compares, and carries out one of the two lists of changes.</summary>
    public static TransactionResult Run(Writer writer, Transaction transaction)
    {
        bool succeeded = transaction.Comparisons.All(comparison => Holds(comparison, writer));
        foreach (Change change in succeeded ? transaction.Then : transaction.Else)
        {
            if (change.Value is { } value)
            {
                writer.Put(change.Key, value, change.Lease);
            }
            else
            {
                writer.Delete(KeyRange.Of(change.Key));
            }
        }

        return new TransactionResult(succeeded, writer.EndRevision());
    }

    private static bool Holds(Comparison comparison, Writer writer) => comparison.Target switch
    {
        CompareTarget.Value => writer.Value(comparison.Key) is { } value
            && Holds(comparison.Operator, value.AsSpan().SequenceCompareTo(comparison.Value.Span)),
        CompareTarget.ModRevision => Holds(comparison, writer.Find(comparison.Key).ModRevision),
        CompareTarget.CreateRevision => Holds(comparison, writer.Find(comparison.Key).CreateRevision),
        _ => Holds(comparison, writer.Find(comparison.Key).Version),
    };

    private static bool Holds(Comparison comparison, long number) => Holds(comparison.Operator, number.CompareTo(comparison.Number));

    private static bool Holds(CompareOperator compare, int order) => compare switch
    {
        CompareOperator.Equal => order == 0,
        CompareOperator.NotEqual => order != 0,
        CompareOperator.Less => order < 0,
        _ => order > 0,
    };
}
