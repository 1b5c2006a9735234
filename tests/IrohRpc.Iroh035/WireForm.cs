using IrohRpc.Blobs;
using IrohRpc.Blobs.Store;
using IrohRpc.Blobs.Trees;

namespace IrohRpc.Iroh035;

internal static class WireForm
{
    /// <summary>A whole blob as it is sent, size first.</summary>
    public static async Task<byte[]> EncodeAsync(byte[] data)
    {
        await using var store = BlobStore.InMemory();
        BlobHash hash = await store.ImportAsync(data);
        using BlobLease lease = store.Lease(hash);
        var stream = new MemoryStream();
        using var output = new WireOutput(stream);
        await output.WriteAsync(BitConverter.GetBytes((long)data.Length), CancellationToken.None);
        await TreeEncoder.EncodeAsync(lease, hash, ChunkRanges.All, output, CancellationToken.None);
        await output.FlushAsync(CancellationToken.None);
        return stream.ToArray();
    }
}
