using System.Net;
using IrohRpc.Blobs;
using IrohRpc.Transports;

namespace IrohRpc.Benchmarks.Systems.Own;

/// <summary>A provider of blobs with its store on disk.</summary>
internal sealed class BlobSystem(string transport, ITransport implementation) : BenchmarkSystem("blobs", transport)
{
    private const string RawAlpn = "raw/1";
    private const int PieceLength = 256 * 1024;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("irohrpc-blobs-bench-");
    private BlobStore? _store;
    private PeerEndpoint? _server;
    private PeerEndpoint? _client;
    private Router? _router;

    public override async Task StartAsync()
    {
        _store = await BlobStore.OpenAsync(Path.Combine(_folder.FullName, "source"));
        _server = await BindAsync();
        _router = await _server.Route().Map(BlobProtocol.Alpn, new BlobProvider(_store)).Map(RawAlpn, ServeRawAsync).StartAsync();
        _client = await BindAsync();
    }

    public override Task<Session> ConnectAsync() => Task.FromResult<Session>(new BlobSession(_client!, _server!.Address, RawAlpn, _store!, _folder));

    public override async ValueTask DisposeAsync()
    {
        foreach (IAsyncDisposable? one in (IAsyncDisposable?[])[_client, _router, _server, _store])
        {
            if (one is not null)
            {
                await one.DisposeAsync();
            }
        }

        _folder.Delete(recursive: true);
    }

    private async Task<PeerEndpoint> BindAsync() => await PeerEndpoint.BindAsync(new PeerEndpointOptions
    {
        Transports = [implementation],
        ListenOn = [new IPEndPoint(IPAddress.Loopback, 0)],
        StreamReceiveWindow = 4 * 1024 * 1024,
    });

    // Each stream asks for a number of bytes, and gets them.
    private static async ValueTask ServeRawAsync(PeerConnection connection, CancellationToken cancellationToken)
    {
        var piece = new byte[PieceLength];
        var asked = new byte[sizeof(long)];
        while (true)
        {
            await using PeerStream stream = await connection.AcceptBidirectionalStreamAsync(cancellationToken);
            await stream.ReadExactlyAsync(asked, cancellationToken);
            long left = BitConverter.ToInt64(asked);
            while (left > 0)
            {
                int count = (int)Math.Min(left, piece.Length);
                left -= count;
                await stream.WriteAsync(piece.AsMemory(0, count), left == 0, cancellationToken);
            }
        }
    }
}
