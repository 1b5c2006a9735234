using System.Runtime.CompilerServices;
using System.Text;
using IrohRpc;
using KeyValue.Storage;

namespace KeyValue.Service;

/// <summary>The contract over the store: checks what callers send, and says what went wrong in the contract's own faults.</summary>
internal sealed class KeyValueService(KeyValueStore store) : IKeyValue
{
    private const int MaxKeyBytes = 1024;
    private const int ImportBatch = 1000;

    public async ValueTask<long> PutAsync(string key, ReadOnlyMemory<byte> value, long lease, CancellationToken cancellationToken)
    {
        CheckKey(key);
        CheckLease(lease);
        return await store.WriteAsync(
            writer =>
            {
                long revision = writer.NextRevision();
                writer.Put(key, value, lease, revision);
                return revision;
            },
            cancellationToken);
    }

    public ValueTask<Entry?> GetAsync(string key, long revision, CancellationToken cancellationToken)
    {
        try
        {
            return ValueTask.FromResult(store.Get(key, revision));
        }
        catch (CompactedException exception)
        {
            throw Fault(exception);
        }
    }

    public async IAsyncEnumerable<Entry> RangeAsync(RangeRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using IEnumerator<Entry> entries = store.Range(request).GetEnumerator();
        while (await MoveNextAsync(entries, cancellationToken))
        {
            yield return entries.Current;
        }
    }

    public async ValueTask<DeleteResult> DeleteAsync(KeyRange range, CancellationToken cancellationToken)
        => await store.WriteAsync(
            writer =>
            {
                List<string> keys = writer.Keys(range);
                long revision = keys.Count > 0 ? writer.NextRevision() : writer.Revision;
                foreach (string key in keys)
                {
                    writer.Delete(key, revision);
                }

                return new DeleteResult(revision, keys.Count);
            },
            cancellationToken);

    public async ValueTask<TransactionResult> TransactAsync(Transaction transaction, CancellationToken cancellationToken)
    {
        foreach (Change change in transaction.Then.Concat(transaction.Else))
        {
            CheckKey(change.Key);
            CheckLease(change.Lease);
        }

        return await store.WriteAsync(writer => Transactions.Run(writer, transaction), cancellationToken);
    }

    public async IAsyncEnumerable<WatchedRevision> WatchAsync(
        KeyRange range, long fromRevision, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using IAsyncEnumerator<WatchedRevision> revisions = store.WatchAsync(range, fromRevision, cancellationToken)
            .GetAsyncEnumerator(cancellationToken);
        while (await MoveNextAsync(revisions))
        {
            yield return revisions.Current;
        }
    }

    public async ValueTask<Lease> GrantLeaseAsync(TimeSpan timeToLive, CancellationToken cancellationToken)
        => timeToLive >= TimeSpan.FromSeconds(1)
            ? await store.GrantAsync(timeToLive, cancellationToken)
            : throw new RpcException(RpcStatusCode.InvalidArgument, "A lease lives for at least one second.");

    public ValueTask<Lease> KeepLeaseAliveAsync(long lease, CancellationToken cancellationToken)
        => ValueTask.FromResult(store.KeepAlive(lease) ?? throw NoLease(lease));

    public async ValueTask<long> RevokeLeaseAsync(long lease, CancellationToken cancellationToken)
        => await store.RevokeAsync(lease, cancellationToken) ?? throw NoLease(lease);

    public async ValueTask<ImportResult> ImportAsync(
        IAsyncEnumerable<ImportRow> rows, IProgress<long> stored, CancellationToken cancellationToken)
    {
        long count = 0;
        var batch = new List<ImportRow>(ImportBatch);
        await foreach (ImportRow row in rows.WithCancellation(cancellationToken))
        {
            CheckKey(row.Key);
            batch.Add(row);
            if (batch.Count == ImportBatch)
            {
                await StoreAsync();
            }
        }

        await StoreAsync();
        return new ImportResult(count, store.Revision);

        async ValueTask StoreAsync()
        {
            await store.WriteAsync(
                writer =>
                {
                    foreach (ImportRow row in batch)
                    {
                        writer.Put(row.Key, row.Value, 0, writer.NextRevision());
                    }

                    return batch.Count;
                },
                cancellationToken);
            count += batch.Count;
            batch.Clear();
            stored.Report(count);
        }
    }

    public async ValueTask CompactAsync(long revision, CancellationToken cancellationToken)
    {
        if (revision < 1 || revision > store.Revision)
        {
            throw new RpcException(RpcStatusCode.OutOfRange, $"The store is at revision {store.Revision}; {revision} cannot be compacted to.");
        }

        await store.CompactAsync(revision, cancellationToken);
    }

    public ValueTask<long> RevisionAsync(CancellationToken cancellationToken) => ValueTask.FromResult(store.Revision);

    // The exceptions of the store become faults where an iterator moves: yield cannot stand within a try that catches.
    private static ValueTask<bool> MoveNextAsync(IEnumerator<Entry> entries, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        try
        {
            return ValueTask.FromResult(entries.MoveNext());
        }
        catch (CompactedException exception)
        {
            throw Fault(exception);
        }
    }

    private static async ValueTask<bool> MoveNextAsync(IAsyncEnumerator<WatchedRevision> revisions)
    {
        try
        {
            return await revisions.MoveNextAsync();
        }
        catch (CompactedException exception)
        {
            throw Fault(exception);
        }
    }

    private static RpcFaultException<CompactedFault> Fault(CompactedException exception)
        => new(new CompactedFault(exception.OldestRevision), exception.Message, RpcStatusCode.OutOfRange);

    private static RpcFaultException<LeaseNotFoundFault> NoLease(long lease)
        => new(new LeaseNotFoundFault(lease), $"There is no lease {lease}, or it has ended.", RpcStatusCode.NotFound);

    private static void CheckKey(string key)
    {
        if (key.Length == 0 || Encoding.UTF8.GetByteCount(key) > MaxKeyBytes)
        {
            throw new RpcException(RpcStatusCode.InvalidArgument, $"A key has 1 to {MaxKeyBytes} bytes.");
        }
    }

    private void CheckLease(long lease)
    {
        if (!store.IsAlive(lease))
        {
            throw NoLease(lease);
        }
    }
}
