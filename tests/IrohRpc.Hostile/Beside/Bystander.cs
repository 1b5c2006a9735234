using IrohRpc.Blobs;

namespace IrohRpc.Hostile;

/// <summary>The service that is attacked.</summary>
internal sealed class Bystander(PeerEndpoint endpoint) : IBystander
{
    public ValueTask<string> EchoAsync(string text, CancellationToken cancellationToken) => ValueTask.FromResult(text);

    public ValueTask<byte[]> BlobAsync(int length, CancellationToken cancellationToken) => ValueTask.FromResult(new byte[length]);

    public ValueTask<int> TakeAsync(byte[] bytes, CallContext? context, CancellationToken cancellationToken) => ValueTask.FromResult(bytes.Length);

    public ValueTask<int> CountAsync(Dictionary<long, int> map, CancellationToken cancellationToken) => ValueTask.FromResult(map.Count);

    public async ValueTask WaitAsync(CallContext? context, CancellationToken cancellationToken) => await Task.Delay(Timeout.Infinite, cancellationToken);

    public ValueTask FailAsync(CancellationToken cancellationToken) => throw new InvalidOperationException("What a handler throws.");

    public ValueTask MeetAsync(IGuest guest, CancellationToken cancellationToken) => ValueTask.CompletedTask;

    public ValueTask VisitAsync(IGuest guest, CancellationToken cancellationToken) => guest.WorkAsync(new Ignored(), cancellationToken);

    public async ValueTask<string> FetchAsync(string blob, CancellationToken cancellationToken)
    {
        await using BlobStore store = BlobStore.InMemory();
        try
        {
            await foreach (BlobDownloadProgress progress in new BlobDownloader(endpoint, store).DownloadAsync(BlobTicket.Parse(blob), cancellationToken))
            {
            }

            return "fetched";
        }
        catch (BlobException exception)
        {
            return $"{exception.Kind}";
        }
    }

    private sealed class Ignored : IProgress<long>
    {
        public void Report(long value)
        {
        }
    }
}
