namespace IrohRpc.Blobs.Getter;

/// <summary>What one provider is asked for with one request.</summary>
/// <param name="Root">The blob that the request names.</param>
/// <param name="Items">What of it and of its children.</param>
internal sealed record DownloadPart(BlobHash Root, IReadOnlyList<(ulong Index, BlobHash Hash, ChunkRanges Ranges)> Items)
{
    /// <summary>Whether only the sizes are asked for; what of the content comes along is kept, and nothing more is waited for.</summary>
    public bool IsSizes { get; init; }

    /// <summary>What of it is still missing; null where nothing is.</summary>
    public DownloadPart? Rest(BlobStore store)
    {
        var rest = new List<(ulong, BlobHash, ChunkRanges)>();
        foreach ((ulong index, BlobHash hash, ChunkRanges ranges) in Items)
        {
            BlobInfo? info = store.Find(hash);
            if (IsSizes)
            {
                if (info is not { IsSizeVerified: true })
                {
                    rest.Add((index, hash, ranges));
                }

                continue;
            }

            ChunkRanges missing = MissingRanges.Of(info, ranges);
            if (!missing.IsEmpty)
            {
                rest.Add((index, hash, missing));
            }
        }

        return rest.Count == 0 ? null : this with { Items = rest };
    }
}
