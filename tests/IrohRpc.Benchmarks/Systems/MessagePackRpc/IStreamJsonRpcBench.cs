using StreamJsonRpc;

namespace IrohRpc.Benchmarks.Systems.MessagePackRpc;

/// <summary>The same service for StreamJsonRpc.</summary>
[JsonRpcContract]
public partial interface IStreamJsonRpcBench
{
    Task<BlockValue> EchoAsync(BlockValue block, CancellationToken cancellationToken = default);

    Task<byte[]> EchoBytesAsync(byte[] data, CancellationToken cancellationToken = default);

    Task<BlockValue> HoldAsync(BlockValue block, CancellationToken cancellationToken = default);

    IAsyncEnumerable<BlockValue> DownloadAsync(int count, CancellationToken cancellationToken = default);

    Task<long> UploadAsync(IAsyncEnumerable<BlockValue> blocks, CancellationToken cancellationToken = default);

    IAsyncEnumerable<byte[]> DownloadBytesAsync(int count, CancellationToken cancellationToken = default);
}
