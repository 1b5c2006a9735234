using System.Buffers.Binary;
using IrohRpc.Blobs.Store;
using IrohRpc.Blobs.Trees;

namespace IrohRpc.Blobs.Tests.Support;

/// <summary>Blobs in their wire form, size first, in one piece.</summary>
internal static class Encoded
{
    public static async Task<byte[]> EncodeAsync(BlobStore store, BlobHash hash, ChunkRanges ranges)
    {
        CancellationToken cancellation = TestContext.Current.CancellationToken;
        using BlobLease lease = store.Lease(hash);
        var stream = new MemoryStream();
        using (var output = new WireOutput(stream))
        {
            var size = new byte[8];
            BinaryPrimitives.WriteInt64LittleEndian(size, lease.Size);
            await output.WriteAsync(size, cancellation);
            await TreeEncoder.EncodeAsync(lease, hash, ranges, output, cancellation);
            await output.FlushAsync(cancellation);
        }

        return stream.ToArray();
    }

    public static async Task DecodeAsync(byte[] encoded, BlobHash hash, ChunkRanges ranges, IBlobTarget target)
    {
        CancellationToken cancellation = TestContext.Current.CancellationToken;
        using var input = new WireInput(new MemoryStream(encoded, 8, encoded.Length - 8));
        await TreeDecoder.DecodeAsync(input, hash, BinaryPrimitives.ReadInt64LittleEndian(encoded), ranges, target, cancellation);
        Assert.Equal(encoded.Length - 8, input.Consumed);
    }
}
