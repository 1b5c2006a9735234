using System.Runtime.CompilerServices;
using IrohRpc.Blobs.Getter;
using IrohRpc.Blobs.Trees;

namespace IrohRpc.Blobs;

/// <summary>
/// Downloads blobs into a store, from one provider or from several at once. What is there already is not asked for, so that a download that
/// ended early is resumed by starting it again.
/// </summary>
/// <remarks>All members are safe to call from several threads at once.</remarks>
/// <param name="endpoint">What dials the providers.</param>
/// <param name="store">Where blobs go.</param>
/// <param name="options">How; null for the defaults. Not to be changed afterwards.</param>
public sealed class BlobDownloader(PeerEndpoint endpoint, BlobStore store, BlobDownloadOptions? options = null)
{
    private const long MinPartSize = 1024 * 1024;
    private const long MaxPartSize = 64 * 1024 * 1024;

    private readonly BlobDownloadOptions _options = options ?? new();

    /// <summary>Downloads what a ticket names.</summary>
    /// <param name="ticket">The ticket.</param>
    /// <param name="cancellationToken">Gives up; what was verified stays in the store.</param>
    /// <returns>
    /// The progress; the download runs while it is read, and is whole when it ends. Disposing of the enumerator early gives up.
    /// </returns>
    /// <exception cref="BlobException">While reading: no provider is left, and the message says what each did.</exception>
    public IAsyncEnumerable<BlobDownloadProgress> DownloadAsync(BlobTicket ticket, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(ticket);
        return DownloadAsync(ticket.Hash, ticket.Format, [ticket.Provider], cancellationToken);
    }

    /// <summary>Downloads a blob, or a hash sequence with its children.</summary>
    /// <param name="hash">The blob.</param>
    /// <param name="format">Whether it is a hash sequence.</param>
    /// <param name="providers">Who may have it, or parts of it.</param>
    /// <param name="cancellationToken">Gives up; what was verified stays in the store.</param>
    /// <returns>As for a ticket.</returns>
    /// <exception cref="BlobException">While reading: no provider is left, and the message says what each did.</exception>
    public async IAsyncEnumerable<BlobDownloadProgress> DownloadAsync(
        BlobHash hash, BlobFormat format, IReadOnlyList<EndpointAddress> providers, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(providers);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var state = new DownloadState(store, _options.TimeProvider);
        Task run = RunAsync(hash, format, providers, state, stop.Token);
        try
        {
            await foreach (BlobDownloadProgress progress in state.Reader.ReadAllAsync(cancellationToken).ConfigureAwait(false))
            {
                yield return progress;
            }
        }
        finally
        {
            await stop.CancelAsync().ConfigureAwait(false);
            await run.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task RunAsync(
        BlobHash hash, BlobFormat format, IReadOnlyList<EndpointAddress> addresses, DownloadState state, CancellationToken cancellationToken)
    {
        // The caller reads progress first.
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        try
        {
            using IDisposable pin = store.Pin(hash, format);
            EndpointAddress[] distinct = [.. addresses.DistinctBy(static address => address.Id)];
            var providers = new DownloadProviders(endpoint, store, distinct, _options, state);
            await using (providers.ConfigureAwait(false))
            {
                state.SetBlobs([hash], isWhole: format == BlobFormat.Raw);
                await GetAsync(providers, hash, [(0, hash)], cancellationToken).ConfigureAwait(false);
                if (format == BlobFormat.HashSequence)
                {
                    HashSequence children = await HashSequence.LoadAsync(store, hash, cancellationToken).ConfigureAwait(false);
                    using var pins = new PinSet(store, children);
                    state.SetBlobs([.. children.Append(hash).Distinct()], isWhole: true);
                    var seen = new HashSet<BlobHash>();
                    var items = new List<(ulong, BlobHash)>();
                    for (int i = 0; i < children.Count; i++)
                    {
                        if (seen.Add(children[i]))
                        {
                            items.Add(((ulong)i + 1, children[i]));
                        }
                    }

                    await GetAsync(providers, hash, items, cancellationToken).ConfigureAwait(false);
                }
            }

            state.Refresh();
            state.End(null);
        }
#pragma warning disable CA1031 // Whoever reads the progress gets it.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            state.End(failure);
        }
    }

    private async ValueTask GetAsync(
        DownloadProviders providers, BlobHash root, List<(ulong Index, BlobHash Hash)> items, CancellationToken cancellationToken)
    {
        // Sizes come first where parts are split among several, where a total is wanted, and where parts came under a size that was only claimed.
        var unproven = items.Where(item => store.Find(item.Hash) is not { IsSizeVerified: true }).ToList();
        var sizes = unproven
            .Where(item => providers.Count > 1 || (_options.GetSizesFirst && items.Count > 1) || store.Find(item.Hash) is not null)
            .Select(static item => (item.Index, item.Hash, ChunkRanges.LastChunk)).ToList();
        if (sizes.Count > 0)
        {
            await providers.RunAsync([new DownloadPart(root, sizes) { IsSizes = true }], cancellationToken).ConfigureAwait(false);
        }

        var missing = items
            .Select(item => (item.Index, item.Hash, Ranges: MissingRanges.Of(store.Find(item.Hash), ChunkRanges.All)))
            .Where(static item => !item.Ranges.IsEmpty)
            .ToList();
        if (missing.Count > 0)
        {
            await providers.RunAsync(Split(root, missing, providers.Count), cancellationToken).ConfigureAwait(false);
        }
    }

    private static List<DownloadPart> Split(
        BlobHash root, List<(ulong Index, BlobHash Hash, ChunkRanges Ranges)> missing, int providers)
    {
        if (providers <= 1)
        {
            return [new DownloadPart(root, missing)];
        }

        // Every size is proven here, so that ranges have ends.
        long total = missing.Sum(static item => (long)item.Ranges.Count * 1024);
        ulong chunksPerPart = (ulong)(Math.Clamp(total / (providers * 8), MinPartSize, MaxPartSize) / 1024);
        var parts = new List<DownloadPart>();
        var current = new List<(ulong, BlobHash, ChunkRanges)>();
        ulong room = chunksPerPart;
        foreach ((ulong index, BlobHash hash, ChunkRanges ranges) in missing)
        {
            foreach ((ulong start, ulong end) in ranges.Ranges())
            {
                for (ulong at = start; at < end;)
                {
                    ulong count = Math.Min(room, end - at);
                    ChunkRanges piece = ChunkRanges.Of(at, at + count);
                    if (current.Count > 0 && current[^1].Item1 == index)
                    {
                        current[^1] = (index, hash, current[^1].Item3.Union(piece));
                    }
                    else
                    {
                        current.Add((index, hash, piece));
                    }

                    at += count;
                    room -= count;
                    if (room == 0)
                    {
                        parts.Add(new DownloadPart(root, current));
                        current = [];
                        room = chunksPerPart;
                    }
                }
            }
        }

        if (current.Count > 0)
        {
            parts.Add(new DownloadPart(root, current));
        }

        return parts;
    }

    private sealed class PinSet : IDisposable
    {
        private readonly List<IDisposable> _pins;

        public PinSet(BlobStore store, IEnumerable<BlobHash> hashes) => _pins = [.. hashes.Distinct().Select(hash => store.Pin(hash))];

        public void Dispose() => _pins.ForEach(static pin => pin.Dispose());
    }
}
