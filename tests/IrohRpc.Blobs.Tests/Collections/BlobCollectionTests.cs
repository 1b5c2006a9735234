using IrohRpc.Blobs.Tests.Support;

namespace IrohRpc.Blobs.Tests.Collections;

public sealed class BlobCollectionTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_collection_is_byte_for_byte_that_of_real_iroh()
    {
        var vector = TestData.Iroh035.GetProperty("collection");
        await using var store = BlobStore.InMemory();
        BlobHash a = await store.ImportAsync(TestData.Vector(), Cancellation);
        BlobHash b = await store.ImportAsync(new byte[] { 1, 2, 3 }, Cancellation);
        var collection = new BlobCollection([new("a.bin", a), new("b", b)]);

        Assert.Equal(vector.GetProperty("meta").GetString(), Convert.ToHexStringLower(collection.EncodeNames()));
        Assert.Equal(vector.GetProperty("hashseq").GetString(), Convert.ToHexStringLower(collection.ToHashSequence().Bytes.Span));
        BlobHash root = await collection.StoreAsync(store, Cancellation);
        Assert.Equal(vector.GetProperty("root").GetString(), root.ToString());
        Assert.Equal(collection.Entries, (await BlobCollection.LoadAsync(store, root, Cancellation)).Entries);
    }

    [Theory]
    [InlineData("436f6c6c656374696f6e56302e01", 1)]
    [InlineData("436f6c6c656374696f6e56302e0105612e6269", 1)]
    [InlineData("436f6c6c656374696f6e56302e010161ff", 1)]
    [InlineData("436f6c6c656374696f6e56302e0101ff", 1)]
    [InlineData("436f6c6c656374696f6e56312e010161", 1)]
    [InlineData("436f6c6c656374696f6e56302e010161", 2)]
    [InlineData("436f6c6c656374696f6e56302effffffffffffffffff01", 1)]
    [InlineData("", 1)]
    public async Task What_is_no_collection_is_refused(string names, int blobs)
    {
        await using var store = BlobStore.InMemory();
        BlobHash first = await store.ImportAsync(Convert.FromHexString(names), Cancellation);
        BlobHash root = await store.ImportAsync(new HashSequence([first, .. Enumerable.Repeat(BlobHash.Empty, blobs)]).Bytes, Cancellation);

        var failure = await Assert.ThrowsAsync<BlobException>(async () => await BlobCollection.LoadAsync(store, root, Cancellation));
        Assert.Equal(BlobErrorKind.Malformed, failure.Kind);
    }

    [Theory]
    [InlineData("/etc/passwd")]
    [InlineData("../up")]
    [InlineData("a/../../up")]
    [InlineData("a//b")]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("a/")]
    [InlineData("C:/windows")]
    [InlineData("a\\b")]
    [InlineData("con")]
    [InlineData("LPT1.txt")]
    [InlineData("a/NUL")]
    [InlineData("end.")]
    [InlineData("end ")]
    [InlineData("bell\a")]
    [InlineData("zero\0")]
    [InlineData("esc\u001b[2J")]
    [InlineData("stream:x")]
    public void Names_that_could_leave_the_folder_or_mean_something_are_refused(string name)
    {
        Assert.False(SafePath.TryResolve("/tmp/x", name, out _, out string? problem));
        Assert.DoesNotContain(problem, char.IsControl);
    }

    [Fact]
    public void A_name_does_not_pass_through_a_link()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder["real"]);
        Directory.CreateSymbolicLink(folder["link"], folder["real"]);
        Assert.True(SafePath.TryResolve(folder.Path, "real/file", out string? path, out _));
        Assert.Equal(folder["real/file"], path);
        Assert.False(SafePath.TryResolve(folder.Path, "link/file", out _, out _));
    }
}
