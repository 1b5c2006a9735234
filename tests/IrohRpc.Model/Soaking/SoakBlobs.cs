using IrohRpc.Blobs;

namespace IrohRpc.Model;

/// <summary>Downloads one blob again and again, each time to a new store, and compares it with what was given.</summary>
internal sealed class SoakBlobs : IAsyncDisposable
{
    private const int Length = 2_000_000;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    private readonly BlobStore _store = BlobStore.InMemory();
    private readonly byte[] _content = new byte[Length];
    private readonly CancellationTokenSource _stop = new();
    private Task _loop = Task.CompletedTask;
    private long _downloads;
    private long _wrong;

    public SoakBlobs()
    {
        new Random(1).NextBytes(_content);
        Provider = new BlobProvider(_store);
    }

    /// <summary>What gives the blob.</summary>
    public BlobProvider Provider { get; }

    /// <summary>How many downloads failed or brought something else.</summary>
    public long Wrong => Interlocked.Read(ref _wrong);

    public void Start(PeerEndpoint endpoint, EndpointAddress provider) => _loop = Task.Run(() => RunAsync(endpoint, provider));

    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        await _loop;
    }

    public override string ToString() => $"{Interlocked.Read(ref _downloads)} downloads, {Wrong} wrong";

    public async ValueTask DisposeAsync()
    {
        await _store.DisposeAsync();
        _stop.Dispose();
    }

    private async Task RunAsync(PeerEndpoint endpoint, EndpointAddress provider)
    {
        var ticket = new BlobTicket(provider, await _store.ImportAsync(_content));
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                await using BlobStore store = BlobStore.InMemory();
                await foreach (BlobDownloadProgress _ in new BlobDownloader(endpoint, store).DownloadAsync(ticket))
                {
                }

                byte[] downloaded = await store.ReadAsync(ticket.Hash);
                if (!_content.AsSpan().SequenceEqual(downloaded))
                {
                    throw new InvalidDataException("The download brought something else.");
                }

                Interlocked.Increment(ref _downloads);
            }
            catch (Exception exception)
            {
                Interlocked.Increment(ref _wrong);
                Console.Error.WriteLine($"download: {exception}");
            }

            await Task.Delay(Pause, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
