using System.Collections.Immutable;
using System.Threading.Channels;

namespace IrohRpc.Blobs.Getter;

/// <summary>What is known of a download's progress, and the way to who watches it. Safe for several threads.</summary>
internal sealed class DownloadState(BlobStore store, TimeProvider time)
{
    // Telling of each piece would cost more than hashing it.
    private static readonly TimeSpan PublishInterval = TimeSpan.FromMilliseconds(50);

    // Who watches sees the newest and nothing in between.
    private readonly Channel<BlobDownloadProgress> _channel = Channel.CreateBounded<BlobDownloadProgress>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true });

    private readonly Lock _lock = new();
    private ImmutableList<BlobProviderDrop> _dropped = [];
    private IReadOnlyList<BlobHash> _blobs = [];
    private bool _isWhole;
    private long _received;
    private long _presentBefore;
    private long? _total;
    private int _complete;
    private int _providers;
    private long? _published;

    public ChannelReader<BlobDownloadProgress> Reader => _channel.Reader;

    /// <summary>Says which blobs the download is about.</summary>
    /// <param name="blobs">The blobs, each once.</param>
    /// <param name="isWhole">Whether these are all.</param>
    public void SetBlobs(IReadOnlyList<BlobHash> blobs, bool isWhole)
    {
        lock (_lock)
        {
            _blobs = blobs;
            _isWhole = isWhole;
            _presentBefore = blobs.Sum(PresentBytes) - _received;
        }

        Refresh();
    }

    public void Stored(long count)
    {
        lock (_lock)
        {
            _received += count;
            if (_published is not { } last || time.GetElapsedTime(last) >= PublishInterval)
            {
                _published = time.GetTimestamp();
                Publish();
            }
        }
    }

    public void ProviderJoined()
    {
        lock (_lock)
        {
            _providers++;
            Publish();
        }
    }

    public void ProviderLeft()
    {
        lock (_lock)
        {
            _providers--;
            Publish();
        }
    }

    public void Dropped(BlobProviderDrop drop)
    {
        lock (_lock)
        {
            _dropped = _dropped.Add(drop);
            Publish();
        }
    }

    /// <summary>Looks at the store anew: which blobs are complete, and what all of them add up to.</summary>
    public void Refresh()
    {
        lock (_lock)
        {
            int complete = 0;
            long total = 0;
            bool isProven = _isWhole;
            foreach (BlobHash hash in _blobs)
            {
                BlobInfo? info = store.Find(hash);
                complete += info is { IsComplete: true } ? 1 : 0;
                total += info?.Size ?? 0;
                isProven &= info is { IsSizeVerified: true };
            }

            _complete = complete;
            _total = isProven ? total : null;
            Publish();
        }
    }

    public void End(Exception? failure) => _channel.Writer.TryComplete(failure);

    public BlobException NobodyLeft()
    {
        lock (_lock)
        {
            return new BlobException(
                BlobErrorKind.NoProvider,
                _dropped.Count == 0
                    ? "Nobody was named who could provide the blob."
                    : $"No provider is left: {string.Join(' ', _dropped.Select(static drop => $"{drop.Provider.ToShortString()}: {drop.Reason.Message}"))}",
                _dropped.Count == 0 ? null : _dropped[^1].Reason);
        }
    }

    private void Publish()
        => _channel.Writer.TryWrite(new BlobDownloadProgress(
            _presentBefore + _received, _total, _received, _complete, _isWhole ? _blobs.Count : null, _providers, _dropped));

    private long PresentBytes(BlobHash hash)
    {
        BlobInfo? info = store.Find(hash);
        return info is null ? 0 : info.IsComplete ? info.Size : Math.Min(info.Size, (long)info.Present.Count * 1024);
    }
}
