namespace IrohRpc.Blobs.Tests.Support;

internal static class Downloads
{
    /// <summary>Runs a download to its end.</summary>
    public static async Task<BlobDownloadProgress> LastAsync(IAsyncEnumerable<BlobDownloadProgress> progress)
    {
        BlobDownloadProgress? last = null;
        await foreach (BlobDownloadProgress next in progress)
        {
            last = next;
        }

        return last!;
    }
}
