using IrohRpc.Blobs.Store;
using IrohRpc.Blobs.Tests.Support;

namespace IrohRpc.Blobs.Tests.Store;

public sealed class DiskStoreTests : BlobStoreTests
{
    protected override ValueTask<BlobStore> OpenAsync() => BlobStore.OpenAsync(Folder["store"], cancellationToken: Cancellation);

    [Fact]
    public async Task Everything_is_there_again_when_the_store_is_opened_again()
    {
        byte[] data = TestData.Random(1_000_000);
        byte[] small = TestData.Random(1_000);
        await using var source = BlobStore.InMemory();
        BlobHash whole = await source.ImportAsync(data, Cancellation);
        BlobHash part = await source.ImportAsync(TestData.Random(2_000_000, 7), Cancellation);
        BlobHash inline = BlobHash.Of(small);
        string file = Folder.Write("mine", TestData.Random(400_000, 8));
        BlobHash reference;
        await using (BlobStore store = await OpenAsync())
        {
            await store.ImportAsync(data, Cancellation);
            await store.ImportAsync(small, Cancellation);
            reference = await store.ImportFileAsync(file, BlobImportMode.Reference, cancellationToken: Cancellation);
            await FetchAsync(source, store, part, 2_000_000, ChunkRanges.Of(256, 512).Union(ChunkRanges.LastChunk));
            store.SetTag("kept", whole);
            store.SetTag("gone", inline);
            store.RemoveTag("gone");
        }

        await using (BlobStore store = await OpenAsync())
        {
            Assert.Equal(data, await store.ReadAsync(whole, cancellationToken: Cancellation));
            Assert.Equal(small, await store.ReadAsync(inline, cancellationToken: Cancellation));
            Assert.True(await store.VerifyAsync(reference, Cancellation));
            BlobInfo info = store.Find(part)!;
            Assert.Equal((2_000_000, true, false), (info.Size, info.IsSizeVerified, info.IsComplete));
            Assert.Equal(ChunkRanges.Of(256, 512), info.Present);
            Assert.Equal(new BlobTag(whole, BlobFormat.Raw), Assert.Single(store.Tags).Value);
            Assert.Empty(store.FoundAtOpening);
        }
    }

    [Fact]
    public async Task Only_one_store_uses_a_folder()
    {
        await using BlobStore store = await OpenAsync();
        var failure = await Assert.ThrowsAsync<IOException>(async () => await OpenAsync());
        Assert.Contains("in use", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(".data")]
    [InlineData(".outboard")]
    public async Task A_damaged_file_loses_what_is_wrong_and_is_mended_by_getting_that_again(string extension)
    {
        byte[] data = TestData.Random(2_000_000);
        await using var source = BlobStore.InMemory();
        await source.ImportAsync(data, Cancellation);
        await using BlobStore store = await OpenAsync();
        BlobHash hash = await store.ImportAsync(data, Cancellation);
        var damages = new List<BlobDamage>();
        store.Damaged += damages.Add;
        Damage(hash, extension, 3_000);

        Assert.False(await store.VerifyAsync(hash, Cancellation));

        Assert.Single(damages);
        BlobInfo info = store.Find(hash)!;
        Assert.False(info.IsComplete);
        await FetchAsync(source, store, hash, data.Length, ChunkRanges.All.Except(info.Present));
        Assert.True(await store.VerifyAsync(hash, Cancellation));
        Assert.Equal(data, await store.ReadAsync(hash, cancellationToken: Cancellation));
    }

    [Fact]
    public async Task Files_that_were_cut_or_taken_away_are_reported_when_the_store_is_opened()
    {
        BlobHash cut, gone, changed;
        string file = Folder.Write("mine", TestData.Random(400_000, 8));
        await using (BlobStore store = await OpenAsync())
        {
            cut = await store.ImportAsync(TestData.Random(100_000, 1), Cancellation);
            gone = await store.ImportAsync(TestData.Random(100_000, 2), Cancellation);
            changed = await store.ImportFileAsync(file, BlobImportMode.Reference, cancellationToken: Cancellation);
        }

        await using (FileStream stream = File.OpenWrite(FileOf(cut, ".data")))
        {
            stream.SetLength(50_000);
        }

        File.Delete(FileOf(gone, ".data"));
        File.SetLastWriteTimeUtc(file, DateTime.UtcNow.AddMinutes(1));
        for (int opening = 0; opening < 2; opening++)
        {
            await using BlobStore store = await OpenAsync();
            Assert.Equal(opening == 0 ? 3 : 0, store.FoundAtOpening.Count);
            Assert.Empty(store.List());
        }

        Assert.True(File.Exists(file));
        Assert.Empty(Directory.GetFiles(Folder["store/data"], "*", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task A_journal_that_was_cut_anywhere_opens_with_what_was_written_before()
    {
        var hashes = new List<BlobHash>();
        await using (BlobStore store = await OpenAsync())
        {
            for (int i = 0; i < 10; i++)
            {
                hashes.Add(await store.ImportAsync(TestData.Random(100, i), Cancellation));
            }
        }

        byte[] journal = await File.ReadAllBytesAsync(Folder["store/journal"], Cancellation);
        int last = 11;
        for (int length = journal.Length; length >= 0; length -= 7)
        {
            await File.WriteAllBytesAsync(Folder["store/journal"], journal[..length], Cancellation);
            await using BlobStore store = await OpenAsync();
            int count = store.List().Count;
            Assert.InRange(count, last - 1, last);
            last = count;
            Assert.Equal(hashes.Take(count).Order(), store.List().Select(static info => info.Hash).Order());
            BlobHash more = await store.ImportAsync(TestData.Random(100, 99), Cancellation);
            Assert.True(await store.VerifyAsync(more, Cancellation));
        }
    }

    [Fact]
    public async Task The_journal_grows_with_what_is_there_and_not_with_what_happened()
    {
        BlobHash kept, large;
        byte[] data = TestData.Random(10_000, 7_777);
        var options = new BlobStoreOptions { JournalSlack = 100_000 };
        await using (BlobStore store = await BlobStore.OpenAsync(Folder["store"], options, Cancellation))
        {
            kept = await store.ImportAsync(data, Cancellation);
            large = await store.ImportAsync(TestData.Random(100_000), Cancellation);
            using BlobLease reading = store.Lease(kept);
            for (int i = 0; i < 500; i++)
            {
                store.SetTag("the one", large);
                store.Remove(await store.ImportAsync(TestData.Random(10_000, i), Cancellation));
                Assert.InRange(new FileInfo(Folder["store/journal"]).Length, 10_000, 150_000);
                Assert.Equal(data, await store.ReadAsync(kept, cancellationToken: Cancellation));
            }

            // Who reads a blob that is removed reads on, whatever becomes of the journal.
            store.Remove(kept);
            for (int i = 0; i < 100; i++)
            {
                store.Remove(await store.ImportAsync(TestData.Random(10_000, i), Cancellation));
            }

            var left = new byte[data.Length];
            await reading.ReadDataAsync(0, left, Cancellation);
            Assert.Equal(data, left);
            kept = await store.ImportAsync(data, Cancellation);
        }

        // Left behind by a process that was killed in the midst of it.
        await File.WriteAllBytesAsync(Folder["store/journal.new"], TestData.Random(5_000), Cancellation);
        await using (BlobStore store = await BlobStore.OpenAsync(Folder["store"], options, Cancellation))
        {
            Assert.False(File.Exists(Folder["store/journal.new"]));
            Assert.Equal(new[] { kept, large }.Order(), store.List().Select(static info => info.Hash).Order());
            Assert.Equal(large, Assert.Single(store.Tags).Value.Hash);
            Assert.True(await store.VerifyAsync(kept, Cancellation) && await store.VerifyAsync(large, Cancellation));
        }
    }

    private string FileOf(BlobHash hash, string extension) => Folder[$"store/data/{hash.ToString()[..2]}/{hash}{extension}"];

    private void Damage(BlobHash hash, string extension, int at)
    {
        using FileStream stream = File.Open(FileOf(hash, extension), FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
        stream.Position = at;
        int value = stream.ReadByte();
        stream.Position = at;
        stream.WriteByte((byte)(value ^ 4));
    }
}
