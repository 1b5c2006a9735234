using IrohRpc.Blobs.Store;
using IrohRpc.Blobs.Trees;

namespace IrohRpc.Blobs;

/// <summary>
/// A blob at a provider as a stream that can seek. What is read is fetched, verified and kept in a store, and what is likely to be read next is
/// fetched ahead. One read at a time.
/// </summary>
public sealed class RemoteBlobStream : Stream
{
    private readonly BlobConnection _provider;
    private readonly BlobStore _store;
    private readonly BlobHash _hash;
    private readonly long _readAhead;
    private readonly IDisposable _pin;
    private readonly CancellationTokenSource _disposed = new();
    private Fetch? _fetch;
    private long _position;

    private RemoteBlobStream(BlobConnection provider, BlobStore store, BlobHash hash, long length, long readAhead)
    {
        _provider = provider;
        _store = store;
        _hash = hash;
        _readAhead = readAhead;
        _pin = store.Pin(hash);
        Length = length;
    }

    /// <summary>Opens a blob. Its size is asked for, and proven, unless the store knows it.</summary>
    /// <param name="provider">Who has it.</param>
    /// <param name="store">Where its parts are kept; a store in memory where they need not outlive the stream.</param>
    /// <param name="hash">The blob.</param>
    /// <param name="readAhead">How many bytes are fetched beyond what is read. Default 4 MiB.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="BlobException">The provider does not have it, does not permit it, or sent something else.</exception>
    /// <exception cref="PeerException">The connection ended.</exception>
    public static async ValueTask<RemoteBlobStream> OpenAsync(
        BlobConnection provider, BlobStore store, BlobHash hash, long readAhead = 4 * 1024 * 1024, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(provider);
        ArgumentNullException.ThrowIfNull(store);
        ArgumentOutOfRangeException.ThrowIfNegative(readAhead);
        BlobInfo? info = store.Find(hash);
        if (info is not { IsSizeVerified: true })
        {
            long size = await provider.GetSizeAsync(hash, cancellationToken).ConfigureAwait(false);
            store.ProveSize(hash, size);
            return new RemoteBlobStream(provider, store, hash, size, readAhead);
        }

        return new RemoteBlobStream(provider, store, hash, info.Size, readAhead);
    }

    /// <inheritdoc/>
    public override bool CanRead => true;

    /// <inheritdoc/>
    public override bool CanSeek => true;

    /// <inheritdoc/>
    public override bool CanWrite => false;

    /// <summary>The size of the blob, proven.</summary>
    public override long Length { get; }

    /// <inheritdoc/>
    public override long Position
    {
        get => _position;
        set
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value);
            _position = value;
        }
    }

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin)
    {
        Position = origin switch
        {
            SeekOrigin.Begin => offset,
            SeekOrigin.Current => _position + offset,
            _ => Length + offset,
        };
        return _position;
    }

    /// <summary>Reads what is there at the position, at least one byte; waits until it was fetched and verified.</summary>
    /// <param name="buffer">Where the bytes go.</param>
    /// <param name="cancellationToken">Ends the wait; a fetch under way goes on.</param>
    /// <returns>How many bytes were read; 0 at the end.</returns>
    /// <exception cref="BlobException">The provider failed to deliver.</exception>
    /// <exception cref="PeerException">The connection ended.</exception>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(_disposed.IsCancellationRequested, this);
        if (buffer.IsEmpty || _position >= Length)
        {
            return 0;
        }

        ulong group = (ulong)(_position / BlobTree.GroupSize);
        while (true)
        {
            using BlobLease lease = _store.Lease(_hash);
            Task changed = lease.Entry.Changed;
            ChunkRanges groups = lease.Entry.Groups;
            if (groups.Contains(group))
            {
                ulong end = groups.Ranges().First(range => group >= range.Start && group < range.End).End;
                long available = Math.Min(Length, (long)end * BlobTree.GroupSize) - _position;
                int count = (int)Math.Min(buffer.Length, available);
                await lease.ReadDataAsync(_position, buffer[..count], cancellationToken).ConfigureAwait(false);
                _position += count;
                FetchAhead(groups);
                return count;
            }

            Fetch fetch = EnsureFetch(_position, groups, Math.Max(buffer.Length, _readAhead));
            Task first = await Task.WhenAny(changed, fetch.Task).WaitAsync(cancellationToken).ConfigureAwait(false);
            if (first == fetch.Task)
            {
                await fetch.Task.ConfigureAwait(false);
            }
        }
    }

    /// <inheritdoc/>
    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
        => ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <summary>Not supported: reading waits for the network.</summary>
    public override int Read(byte[] buffer, int offset, int count)
        => throw new NotSupportedException("A blob at a peer is read asynchronously only.");

    /// <summary>Not supported.</summary>
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException("A blob does not change.");

    /// <summary>Not supported.</summary>
    public override void SetLength(long value) => throw new NotSupportedException("A blob does not change.");

    /// <summary>Does nothing.</summary>
    public override void Flush()
    {
    }

    /// <summary>Gives up what is being fetched; what was verified stays in the store.</summary>
    public override async ValueTask DisposeAsync()
    {
        if (!_disposed.IsCancellationRequested)
        {
            await _disposed.CancelAsync().ConfigureAwait(false);
            if (_fetch is not null)
            {
                await _fetch.Task.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }

            _pin.Dispose();
        }

        await base.DisposeAsync().ConfigureAwait(false);
        GC.SuppressFinalize(this);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing && !_disposed.IsCancellationRequested)
        {
            _disposed.Cancel();
            _pin.Dispose();
        }

        base.Dispose(disposing);
    }

    private void FetchAhead(ChunkRanges groups)
    {
        if (_readAhead == 0 || (_fetch is not null && !_fetch.Task.IsCompleted))
        {
            return;
        }

        // The next window is fetched once half of this one was read.
        long look = Math.Min(Length, _position + (_readAhead / 2));
        ulong group = (ulong)(_position / BlobTree.GroupSize);
        ulong end = (ulong)((look + BlobTree.GroupSize - 1) / BlobTree.GroupSize);
        if (end > group && !groups.ContainsAll(group, end) && _fetch?.Task.IsFaulted != true)
        {
            _fetch = Start(_position, groups, _readAhead);
        }
    }

    private Fetch EnsureFetch(long position, ChunkRanges groups, long window)
    {
        if (_fetch is { Task.IsCompleted: false } running)
        {
            if (position >= running.Start && position < running.End)
            {
                return running;
            }

            // The reader went elsewhere.
            running.Stop.Cancel();
        }

        return _fetch = Start(position, groups, window);
    }

    private Fetch Start(long position, ChunkRanges groups, long window)
    {
        long start = position / BlobTree.GroupSize * BlobTree.GroupSize;
        long end = Math.Min(Length, position + window);
        var stop = CancellationTokenSource.CreateLinkedTokenSource(_disposed.Token);
        return new Fetch(start, Math.Max(end, start + 1), stop, RunAsync());

        async Task RunAsync()
        {
            await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
            await _provider.GetAsync(_store, _hash, ChunkRanges.OfBytes(start, end - start), null, stop.Token).ConfigureAwait(false);
        }
    }

    private sealed record Fetch(long Start, long End, CancellationTokenSource Stop, Task Task);
}
