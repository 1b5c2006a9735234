namespace KeyValue.Service;

/// <summary>How much callers may take. The limits are etcd's where it has one.</summary>
internal sealed record Quotas
{
    /// <summary>How many watches one peer may have at once, over all of its connections.</summary>
    public int WatchesPerPeer { get; init; } = 64;

    /// <summary>How many comparisons and changes one transaction may have: it holds the only writer meanwhile.</summary>
    public int TransactionSteps { get; init; } = 128;

    /// <summary>How many bytes the values of one transaction may have together.</summary>
    public int TransactionBytes { get; init; } = 2 * 1024 * 1024;
}
