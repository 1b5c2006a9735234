namespace IrohRpc.Benchmarks.Systems.Own;

/// <summary>The contract that is measured.</summary>
[Alpn("bench/1")]
public partial interface IBench
{
    ValueTask<Block> EchoAsync(Block block, CancellationToken cancellationToken = default);

    ValueTask<byte[]> EchoBytesAsync(byte[] data, CancellationToken cancellationToken = default);

    ValueTask<Block> HoldAsync(Block block, CancellationToken cancellationToken = default);

    IAsyncEnumerable<Block> DownloadAsync(int count, CancellationToken cancellationToken = default);

    ValueTask<long> UploadAsync(IAsyncEnumerable<Block> blocks, CancellationToken cancellationToken = default);

    IAsyncEnumerable<Block> PingPongAsync(IAsyncEnumerable<Block> blocks, CancellationToken cancellationToken = default);

    IAsyncEnumerable<byte[]> DownloadBytesAsync(int count, CancellationToken cancellationToken = default);

    ValueTask<long> UploadBytesAsync(Stream data, CancellationToken cancellationToken = default);
}
