using IrohRpc;

namespace KeyValue;

/// <summary>
/// A key-value store with revisions, modelled after etcd's KV, Watch and Lease: every change of the store has a number, a reader can look
/// at any of them, and a watcher can start from any of them.
/// </summary>
/// <remarks>
/// <para>A key is text of 1 to 1,024 UTF-8 bytes without NUL, a value at most 1 MiB. What breaks such a rule fails with
/// <see cref="RpcStatusCode.InvalidArgument"/> and changes nothing.</para>
/// <para>A revision that is not there yet fails with <see cref="RpcStatusCode.OutOfRange"/>, one that was compacted away with a
/// <see cref="CompactedFault"/>. Zero stands for the latest one.</para>
/// <para>A method that changes something returns when the change is on disk.</para>
/// </remarks>
[Alpn("keyvalue/1")]
[Fault<CompactedFault>]
[Fault<LeaseNotFoundFault>]
public partial interface IKeyValue
{
    /// <summary>Sets a key, whatever it was. The lease, unless zero, deletes the key when it ends.</summary>
    ValueTask<long> PutAsync(string key, ReadOnlyMemory<byte> value, long lease = 0, CancellationToken cancellationToken = default);

    /// <summary>A key as it was at a revision, zero for now; null where it was not there.</summary>
    [Idempotent]
    ValueTask<Entry?> GetAsync(string key, long revision = 0, CancellationToken cancellationToken = default);

    /// <summary>The keys of a range in order, all as they were at one revision.</summary>
    IAsyncEnumerable<Entry> RangeAsync(RangeRequest request, CancellationToken cancellationToken = default);

    /// <summary>Deletes the keys of a range as one revision; where there is nothing to delete, nothing happens.</summary>
    ValueTask<DeleteResult> DeleteAsync(KeyRange range, CancellationToken cancellationToken = default);

    /// <summary>Carries out one list of changes if all comparisons hold, the other if not, as one revision or, where nothing changes, none.</summary>
    ValueTask<TransactionResult> TransactAsync(Transaction transaction, CancellationToken cancellationToken = default);

    /// <summary>
    /// Every change of a range from a revision on, zero for the next: first what has happened since, then what happens. Revisions come
    /// in order, none missing and none twice; a revision that is yet to come is waited for.
    /// </summary>
    IAsyncEnumerable<WatchedRevision> WatchAsync(KeyRange range, long fromRevision = 0, CancellationToken cancellationToken = default);

    /// <summary>Grants a lease: it ends unless it is kept alive within its time to live, of at least one second.</summary>
    ValueTask<Lease> GrantLeaseAsync(TimeSpan timeToLive, CancellationToken cancellationToken = default);

    /// <summary>Starts the time of a lease anew.</summary>
    ValueTask<Lease> KeepLeaseAliveAsync(long lease, CancellationToken cancellationToken = default);

    /// <summary>Ends a lease now, and deletes the keys that are attached to it.</summary>
    ValueTask<long> RevokeLeaseAsync(long lease, CancellationToken cancellationToken = default);

    /// <summary>Puts many keys, each its own revision. The progress says how many are on disk, which they stay if the import fails later.</summary>
    ValueTask<ImportResult> ImportAsync(
        IAsyncEnumerable<ImportRow> rows, IProgress<long> stored, CancellationToken cancellationToken = default);

    /// <summary>Forgets how keys were before a revision, to save space. The revision itself stays.</summary>
    ValueTask CompactAsync(long revision, CancellationToken cancellationToken = default);

    /// <summary>The number of the latest change; zero for an empty store.</summary>
    [Idempotent]
    ValueTask<long> RevisionAsync(CancellationToken cancellationToken = default);
}
