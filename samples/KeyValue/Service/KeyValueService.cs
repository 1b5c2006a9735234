using System.Runtime.CompilerServices;
using IrohRpc;
using KeyValue.Storage;

namespace KeyValue.Service;

/// <summary>The contract over the store: checks what callers send, and says what went wrong in the contract's own faults.</summary>
/// <param name="store">The store.</param>
/// <param name="stopping">Fires when the server shuts down: watches have no end of their own that one could wait for.</param>
internal sealed class KeyValueService(KeyValueStore store, CancellationToken stopping = default) : IKeyValue
{
    public ValueTask<long> PutAsync(string key, ReadOnlyMemory<byte> value, long lease, CancellationToken cancellationToken)
    {
        Arguments.CheckKey(key);
        Arguments.CheckValue(value);
        return WriteAsync(
            writer =>
            {
                writer.Put(key, value, lease);
                return writer.EndRevision();
            },
            cancellationToken);
    }

    public ValueTask<Entry?> GetAsync(string key, long revision, CancellationToken cancellationToken)
    {
        Arguments.CheckKey(key);
        Arguments.CheckRevision(revision);
        try
        {
            return ValueTask.FromResult(store.Get(key, revision));
        }
        catch (StoreException exception)
        {
            throw exception.ToRpc();
        }
    }

    public IAsyncEnumerable<Entry> RangeAsync(RangeRequest request, CancellationToken cancellationToken)
    {
        Arguments.CheckRequest(request);
        return store.Range(request).ToAsyncEnumerable().WithRefusals(cancellationToken);
    }

    public ValueTask<DeleteResult> DeleteAsync(KeyRange range, CancellationToken cancellationToken)
    {
        Arguments.CheckRange(range);
        return WriteAsync(
            writer =>
            {
                int deleted = writer.Delete(range);
                return new DeleteResult(writer.EndRevision(), deleted);
            },
            cancellationToken);
    }

    public ValueTask<TransactionResult> TransactAsync(Transaction transaction, CancellationToken cancellationToken)
    {
        Arguments.CheckTransaction(transaction);
        return WriteAsync(writer => Transactions.Run(writer, transaction), cancellationToken);
    }

    public async IAsyncEnumerable<WatchedRevision> WatchAsync(
        KeyRange range, long fromRevision, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        Arguments.CheckRange(range);
        Arguments.CheckRevision(fromRevision);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, stopping);
        await using IAsyncEnumerator<WatchedRevision> revisions = store.WatchAsync(range, fromRevision, ending.Token)
            .WithRefusals(ending.Token).GetAsyncEnumerator(ending.Token);
        while (await MoveNextAsync(revisions))
        {
            yield return revisions.Current;
        }
    }

    public ValueTask<Lease> GrantLeaseAsync(TimeSpan timeToLive, CancellationToken cancellationToken)
        => timeToLive >= TimeSpan.FromSeconds(1)
            ? store.Leases.GrantAsync(timeToLive, cancellationToken)
            : throw Arguments.Invalid("A lease lives for at least one second.");

    public ValueTask<Lease> KeepLeaseAliveAsync(long lease, CancellationToken cancellationToken)
    {
        try
        {
            return ValueTask.FromResult(store.Leases.KeepAlive(lease));
        }
        catch (StoreException exception)
        {
            throw exception.ToRpc();
        }
    }

    public async ValueTask<long> RevokeLeaseAsync(long lease, CancellationToken cancellationToken)
    {
        try
        {
            return await store.Leases.RevokeAsync(lease, cancellationToken);
        }
        catch (StoreException exception)
        {
            throw exception.ToRpc();
        }
    }

    public async ValueTask<ImportResult> ImportAsync(IAsyncEnumerable<ImportRow> rows, IProgress<long> stored, CancellationToken cancellationToken)
    {
        try
        {
            return await new Import(store, stored).RunAsync(rows, cancellationToken);
        }
        catch (StoreException exception)
        {
            throw exception.ToRpc();
        }
    }

    public async ValueTask CompactAsync(long revision, CancellationToken cancellationToken)
    {
        Arguments.CheckRevision(revision);
        try
        {
            await store.CompactAsync(revision, cancellationToken);
        }
        catch (StoreException exception)
        {
            throw exception.ToRpc();
        }
    }

    public ValueTask<long> RevisionAsync(CancellationToken cancellationToken) => ValueTask.FromResult(store.Revision);

    private async ValueTask<T> WriteAsync<T>(Func<Writer, T> change, CancellationToken cancellationToken)
    {
        try
        {
            return await store.WriteAsync(change, cancellationToken);
        }
        catch (StoreException exception)
        {
            throw exception.ToRpc();
        }
    }

    private async ValueTask<bool> MoveNextAsync(IAsyncEnumerator<WatchedRevision> revisions)
    {
        try
        {
            return await revisions.MoveNextAsync();
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            throw new RpcException(RpcStatusCode.Unavailable, "The store is being closed.");
        }
    }
}
