using System.IO.Pipelines;
using CsCheck;
using IrohRpc.Blobs.Tests.Support;
using IrohRpc.Blobs.Trees;

namespace IrohRpc.Blobs.Tests.Trees;

public sealed class TreeEncodingTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Answers_are_byte_for_byte_those_of_real_iroh()
    {
        var blobs = TestData.Iroh035.GetProperty("blobs");
        await using var store = BlobStore.InMemory();
        BlobHash hash = await store.ImportAsync(TestData.Vector(), Cancellation);
        Assert.Equal(blobs.GetProperty("hash").GetString(), hash.ToString());

        byte[] full = await Encoded.EncodeAsync(store, hash, ChunkRanges.All);
        Assert.Equal(blobs.GetProperty("fullLen").GetInt32(), full.Length);
        Assert.Equal(blobs.GetProperty("fullFirst72").GetString(), Convert.ToHexStringLower(full.AsSpan(0, 72)));

        string part = Convert.ToHexStringLower(await Encoded.EncodeAsync(store, hash, ChunkRanges.Of(3, 5)));
        Assert.Equal(blobs.GetProperty("chunks3to5").GetString(), part);

        string last = Convert.ToHexStringLower(await Encoded.EncodeAsync(store, hash, ChunkRanges.LastChunk));
        Assert.Equal(blobs.GetProperty("lastChunk").GetString(), last);

        BlobHash tiny = await store.ImportAsync(new byte[] { 1, 2, 3 }, Cancellation);
        string tinyAnswer = Convert.ToHexStringLower(await Encoded.EncodeAsync(store, tiny, ChunkRanges.All));
        Assert.Equal(TestData.Iroh035.GetProperty("tiny").GetString(), tinyAnswer);

        BlobHash empty = await store.ImportAsync(ReadOnlyMemory<byte>.Empty, Cancellation);
        Assert.Equal(new byte[8], await Encoded.EncodeAsync(store, empty, ChunkRanges.All));
    }

    [Fact]
    public async Task Any_ranges_of_any_size_are_encoded_by_the_book_and_decoded_to_the_same_chunks()
        => await Gen.Select(Gen.Int[0, 1_100_000], Gen.Int, Generators.Ranges).SampleAsync(
            static (size, seed, ranges) => CheckAsync(size, seed, ranges), iter: 150, threads: 2);

    [Fact]
    public async Task Sizes_with_an_edge_are_encoded_by_the_book()
    {
        foreach (int size in TestData.Sizes)
        {
            foreach (ChunkRanges ranges in (ChunkRanges[])[ChunkRanges.All, ChunkRanges.None, ChunkRanges.LastChunk, ChunkRanges.Of(0, 1), ChunkRanges.Of(15, 17)])
            {
                await CheckAsync(size, 1, ranges);
            }
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(5_000)]
    [InlineData(40_000)]
    [InlineData(600_000)]
    public async Task A_changed_byte_anywhere_is_found_out(int size)
    {
        await using var store = BlobStore.InMemory();
        BlobHash hash = await store.ImportAsync(TestData.Random(size), Cancellation);
        foreach (ChunkRanges ranges in (ChunkRanges[])[ChunkRanges.All, ChunkRanges.Of(3, 5), ChunkRanges.LastChunk])
        {
            byte[] good = await Encoded.EncodeAsync(store, hash, ranges);
            int step = Math.Max(1, (good.Length - 8) / 60);
            for (int at = 8; at < good.Length; at += step)
            {
                byte[] bad = [.. good];
                bad[at] ^= 0x10;
                var failure = await Assert.ThrowsAsync<BlobException>(() => Encoded.DecodeAsync(bad, hash, ranges, new CollectingTarget()));
                Assert.Equal(BlobErrorKind.Mismatch, failure.Kind);
            }
        }
    }

    [Theory]
    [InlineData(5_000)]
    [InlineData(600_000)]
    public async Task A_wrong_size_is_never_taken_for_proven(int size)
    {
        await using var store = BlobStore.InMemory();
        BlobHash hash = await store.ImportAsync(TestData.Random(size), Cancellation);
        byte[] good = await Encoded.EncodeAsync(store, hash, ChunkRanges.All);
        foreach (int wrong in (int[])[size - 1, size + 1, size - 1024, size + 1024, size * 2, 0, 1])
        {
            byte[] bad = [.. good, .. new byte[size + 2048]];
            BitConverter.TryWriteBytes(bad, (long)wrong);
            var target = new CollectingTarget();
            await Assert.ThrowsAnyAsync<Exception>(() => Encoded.DecodeAsync(bad, hash, ChunkRanges.All, target));
            Assert.False(target.SizeVerified);
        }
    }

    [Fact]
    public async Task A_wrong_block_is_found_out_while_the_next_one_does_not_come()
    {
        await using var store = BlobStore.InMemory();
        byte[] data = TestData.Random(1_000_000);
        BlobHash hash = await store.ImportAsync(data, Cancellation);
        byte[] encoded = await Encoded.EncodeAsync(store, hash, ChunkRanges.All);
        encoded[50_000] ^= 1;

        // A whole block, a part of the next, and no end.
        var pipe = new Pipe(new PipeOptions(pauseWriterThreshold: 0));
        await pipe.Writer.WriteAsync(encoded.AsMemory(8, 400_000), Cancellation);
        using var input = new WireInput(pipe.Reader.AsStream());
        var target = new CollectingTarget();
        var failure = await Assert.ThrowsAsync<BlobException>(
            async () => await TreeDecoder.DecodeAsync(input, hash, data.Length, ChunkRanges.All, target, Cancellation));
        Assert.Equal(BlobErrorKind.Mismatch, failure.Kind);
        Assert.Empty(target.Chunks);
    }

    [Fact]
    public async Task An_answer_that_ends_early_gives_what_was_verified_until_then()
    {
        await using var store = BlobStore.InMemory();
        byte[] data = TestData.Random(900_000);
        BlobHash hash = await store.ImportAsync(data, Cancellation);
        byte[] good = await Encoded.EncodeAsync(store, hash, ChunkRanges.All);
        var target = new CollectingTarget();

        await Assert.ThrowsAsync<EndOfStreamException>(() => Encoded.DecodeAsync(good[..700_000], hash, ChunkRanges.All, target));

        Assert.Equal(data.AsSpan(0, 512 * 1024).ToArray(), target.Chunks.Values.SelectMany(static chunk => chunk).ToArray());
        Assert.False(target.SizeVerified);
    }

    private static async Task CheckAsync(int size, int seed, ChunkRanges ranges)
    {
        byte[] data = TestData.Random(size, seed);
        await using var store = BlobStore.InMemory();
        BlobHash hash = await store.ImportAsync(data, Cancellation);
        Assert.Equal(BlobHash.Of(data), hash);
        byte[] encoded = await Encoded.EncodeAsync(store, hash, ranges);
        byte[] expected = ReferenceEncoding.Encode(data, ranges);
        Assert.True(expected.AsSpan().SequenceEqual(encoded), $"size {size}, ranges {ranges}");
        var target = new CollectingTarget();
        await Encoded.DecodeAsync(encoded, hash, ranges, target);
        ulong chunks = Math.Max(1, ((ulong)size + 1023) / 1024);
        for (ulong chunk = 0; chunk < chunks; chunk++)
        {
            if (ranges.Contains(chunk))
            {
                int start = (int)chunk * 1024;
                Assert.True(target.Chunks[chunk].AsSpan().SequenceEqual(data.AsSpan(start, Math.Min(1024, size - start))));
            }
        }
    }
}
