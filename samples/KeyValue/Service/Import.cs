using KeyValue.Storage;

namespace KeyValue.Service;

/// <summary>Stores the rows of one import in batches: a SQLite transaction for each row would be slow, one for all would hold up others.</summary>
internal sealed class Import(KeyValueStore store, IProgress<long> stored)
{
    private const int MaxRows = 1000;
    private const int MaxBytes = 1024 * 1024;

    private readonly List<ImportRow> _batch = [];
    private int _bytes;
    private long _count;
    private long _revision = store.Revision;

    /// <summary>Stores all rows.</summary>
    public async ValueTask<ImportResult> RunAsync(IAsyncEnumerable<ImportRow> rows, CancellationToken cancellationToken)
    {
        await foreach (ImportRow row in rows.WithCancellation(cancellationToken))
        {
            Arguments.CheckKey(row.Key);
            Arguments.CheckValue(row.Value);
            _batch.Add(row);
            _bytes += row.Key.Length + row.Value.Length;
            if (_batch.Count >= MaxRows || _bytes >= MaxBytes)
            {
                await StoreAsync(cancellationToken);
            }
        }

        await StoreAsync(cancellationToken);
        return new ImportResult(_count, _revision);
    }

    private async ValueTask StoreAsync(CancellationToken cancellationToken)
    {
        if (_batch.Count == 0)
        {
            return;
        }

        _revision = await store.WriteAsync(
            writer =>
            {
                foreach (ImportRow row in _batch)
                {
                    writer.Put(row.Key, row.Value, lease: 0);
                    writer.EndRevision();
                }

                return writer.Revision;
            },
            cancellationToken);
        _count += _batch.Count;
        _batch.Clear();
        _bytes = 0;
        stored.Report(_count);
    }
}
