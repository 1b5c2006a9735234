namespace IrohRpc.Blobs.Tests.Store;

public sealed class MemoryStoreTests : BlobStoreTests
{
    protected override ValueTask<BlobStore> OpenAsync() => new(BlobStore.InMemory());
}
