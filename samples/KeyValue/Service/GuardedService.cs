using System.Runtime.CompilerServices;
using IrohRpc;

namespace KeyValue.Service;

/// <summary>The service for one connection: whoever calls may do what <see cref="Access"/> says, and take what <see cref="Quotas"/> allow.</summary>
internal sealed class GuardedService(IKeyValue inner, EndpointId peer, Access access, Quotas quotas, WatchCount watches) : IKeyValue
{
    public ValueTask<long> PutAsync(string key, ReadOnlyMemory<byte> value, long lease, CancellationToken cancellationToken)
    {
        RequireWriter();
        return inner.PutAsync(key, value, lease, cancellationToken);
    }

    public ValueTask<Entry?> GetAsync(string key, long revision, CancellationToken cancellationToken) => inner.GetAsync(key, revision, cancellationToken);

    public IAsyncEnumerable<Entry> RangeAsync(RangeRequest request, CancellationToken cancellationToken) => inner.RangeAsync(request, cancellationToken);

    public ValueTask<DeleteResult> DeleteAsync(KeyRange range, CancellationToken cancellationToken)
    {
        RequireWriter();
        return inner.DeleteAsync(range, cancellationToken);
    }

    public ValueTask<TransactionResult> TransactAsync(Transaction transaction, CancellationToken cancellationToken)
    {
        RequireWriter();
        int steps = (transaction.Comparisons?.Length ?? 0) + (transaction.Then?.Length ?? 0) + (transaction.Else?.Length ?? 0);
        if (steps > quotas.TransactionSteps)
        {
            throw Exhausted($"A transaction has at most {quotas.TransactionSteps} comparisons and changes; this one has {steps}.");
        }

        long bytes = (transaction.Then ?? []).Concat(transaction.Else ?? []).Sum(static change => (long)(change?.Value?.Length ?? 0));
        return bytes <= quotas.TransactionBytes
            ? inner.TransactAsync(transaction, cancellationToken)
            : throw Exhausted($"The values of a transaction have at most {quotas.TransactionBytes} bytes together; these have {bytes}.");
    }

    public async IAsyncEnumerable<WatchedRevision> WatchAsync(KeyRange range, long fromRevision, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using IDisposable place = watches.Take(peer);
        await foreach (WatchedRevision revision in inner.WatchAsync(range, fromRevision, cancellationToken))
        {
            yield return revision;
        }
    }

    public ValueTask<Lease> GrantLeaseAsync(TimeSpan timeToLive, CancellationToken cancellationToken)
    {
        RequireWriter();
        return inner.GrantLeaseAsync(timeToLive, cancellationToken);
    }

    public ValueTask<Lease> KeepLeaseAliveAsync(long lease, CancellationToken cancellationToken)
    {
        RequireWriter();
        return inner.KeepLeaseAliveAsync(lease, cancellationToken);
    }

    public ValueTask<long> RevokeLeaseAsync(long lease, CancellationToken cancellationToken)
    {
        RequireWriter();
        return inner.RevokeLeaseAsync(lease, cancellationToken);
    }

    public ValueTask<ImportResult> ImportAsync(IAsyncEnumerable<ImportRow> rows, IProgress<long> stored, CancellationToken cancellationToken)
    {
        RequireWriter();
        return inner.ImportAsync(rows, stored, cancellationToken);
    }

    public ValueTask CompactAsync(long revision, CancellationToken cancellationToken)
    {
        RequireWriter();
        return inner.CompactAsync(revision, cancellationToken);
    }

    public ValueTask<long> RevisionAsync(CancellationToken cancellationToken) => inner.RevisionAsync(cancellationToken);

    private static RpcException Exhausted(string message) => new(RpcStatusCode.ResourceExhausted, message);

    private void RequireWriter()
    {
        if (!access.MayWrite(peer))
        {
            throw new RpcException(RpcStatusCode.PermissionDenied, "This peer may read the store and not change it.");
        }
    }
}
