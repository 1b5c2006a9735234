using IrohRpc.Blobs.Tests.Support;

namespace IrohRpc.Blobs.Tests.Protocol;

/// <summary>
/// The requests that iroh's sendme makes to receive a folder (version 0.34 with iroh-blobs 0.101), byte by byte as its source composes them, and answers by the
/// book. Its binary cannot be had here; a release of real iroh that has the protocol is met in <see cref="RealIrohTests"/>.
/// </summary>
public sealed class SendmeTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    // A folder of three files: none of its bytes, a few, and several groups of chunks.
    private static readonly byte[][] Files = [[], [1, 2, 3], TestData.Random(100_000)];

    [Fact]
    public async Task It_asks_for_the_hash_sequence_and_the_size_of_each_child_first()
        => await CheckAsync("020001000101ffffffffffffffffff01", ChunkRanges.All, ChunkRanges.LastChunk, ChunkRanges.LastChunk, ChunkRanges.LastChunk, ChunkRanges.LastChunk);

    [Fact]
    public async Task Where_it_has_nothing_it_asks_for_everything()
        => await CheckAsync("01000100", ChunkRanges.All, ChunkRanges.All, ChunkRanges.All, ChunkRanges.All, ChunkRanges.All);

    [Fact]
    public async Task It_goes_on_where_it_was_interrupted()
    {
        // It has the hash sequence, the names, the first two files and 16 chunks of the third.
        await CheckAsync("020401100100", ChunkRanges.None, ChunkRanges.None, ChunkRanges.None, ChunkRanges.None, ChunkRanges.Of(16, null));

        // It has the hash sequence, the names and the second file.
        await CheckAsync("0402010001000101000100", ChunkRanges.None, ChunkRanges.None, ChunkRanges.All, ChunkRanges.None, ChunkRanges.All);
    }

    // The ranges are those of the hash sequence, the names and the three files.
    private static async Task CheckAsync(string ranges, params ChunkRanges[] expected)
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder["holiday"]);
        for (int i = 0; i < Files.Length; i++)
        {
            await File.WriteAllBytesAsync(folder[$"holiday/{i}"], Files[i], Cancellation);
        }

        await using var peers = new Peers(onSockets: true);
        await using var store = BlobStore.InMemory();
        (BlobHash root, BlobCollection collection) = await store.ImportFolderAsync(folder["holiday"], cancellationToken: Cancellation);
        Assert.Equal(["holiday/0", "holiday/1", "holiday/2"], collection.Entries.Select(static entry => entry.Name));
        EndpointAddress address = await peers.ServeAsync(store);
        PeerEndpoint endpoint = await peers.BindAsync();
        await using PeerConnection connection = await endpoint.DialAsync(address, BlobProtocol.Alpn, Cancellation);
        await using PeerStream stream = await connection.OpenBidirectionalStreamAsync(Cancellation);
        await stream.WriteAsync(Convert.FromHexString("00" + root + ranges), completeWrites: true, Cancellation);
        var answer = new MemoryStream();
        await stream.CopyToAsync(answer, Cancellation);

        byte[][] blobs = [collection.ToHashSequence().Bytes.ToArray(), collection.EncodeNames(), .. Files];
        byte[] book = [.. blobs.Zip(expected).Where(static part => !part.Second.IsEmpty).SelectMany(static part => ReferenceEncoding.Encode(part.First, part.Second))];
        Assert.Equal(Convert.ToHexStringLower(book), Convert.ToHexStringLower(answer.ToArray()));
    }
}
