using System.Diagnostics.CodeAnalysis;
using IrohRpc.Identity.Internal;

namespace IrohRpc.Blobs.Protocol;

/// <summary>A request as it is written to a stream.</summary>
internal sealed record BlobRequest(BlobRequestKind Kind, IReadOnlyList<BlobHash> Hashes, ChunkRangesSequence Ranges)
{
    public BlobHash Hash => Hashes[0];

    /// <summary>What Observe is about.</summary>
    public ChunkRanges Observed { get; init; } = ChunkRanges.All;

    public byte[] Encode()
    {
        var body = new PostcardWriter();
        switch (Kind)
        {
            case BlobRequestKind.Get or BlobRequestKind.Push:
                body.WriteBytes(Hash.ToByteArray());
                Ranges.Write(body);
                break;
            case BlobRequestKind.Observe:
                body.WriteBytes(Hash.ToByteArray());
                Observed.WriteSpans(body);
                break;
            default:
                body.WriteVarint((ulong)Hashes.Count);
                foreach (BlobHash hash in Hashes)
                {
                    body.WriteBytes(hash.ToByteArray());
                }

                Ranges.Write(body);
                break;
        }

        var request = new PostcardWriter();
        request.WriteVarint((ulong)Kind);
        if (Kind == BlobRequestKind.Push)
        {
            request.WriteLengthAndBytes(body.Written);
        }
        else
        {
            request.WriteBytes(body.Written);
        }

        return request.Written.ToArray();
    }

    /// <summary>Reads what follows the kind; for Push, what its length covers.</summary>
    public static bool TryDecode(
        BlobRequestKind kind, ReadOnlySpan<byte> body, [NotNullWhen(true)] out BlobRequest? request, [NotNullWhen(false)] out string? problem)
    {
        var reader = new PostcardReader(body);
        request = Read(kind, ref reader);
        if (request is not null && reader.Remaining > 0)
        {
            reader.Fail($"{reader.Remaining} bytes follow the request");
            request = null;
        }

        problem = reader.Problem ?? "it is malformed";
        return request is not null;
    }

    private static BlobRequest? Read(BlobRequestKind kind, ref PostcardReader reader)
    {
        ulong count = 1;
        if (kind == BlobRequestKind.GetMany
            && !reader.TryReadVarint("the number of hashes", (ulong)reader.Remaining / BlobHash.Size, out count))
        {
            return null;
        }

        if (!reader.TryReadBytes("the hashes", count * BlobHash.Size, out ReadOnlySpan<byte> bytes))
        {
            return null;
        }

        var hashes = new HashSequence(bytes.ToArray());
        if (kind == BlobRequestKind.Observe)
        {
            return ChunkRanges.TryReadSpans(ref reader, out ChunkRanges observed)
                ? new BlobRequest(kind, hashes, ChunkRangesSequence.OneBlob) { Observed = observed }
                : null;
        }

        return ChunkRangesSequence.TryRead(ref reader, out ChunkRangesSequence ranges) ? new BlobRequest(kind, hashes, ranges) : null;
    }
}
