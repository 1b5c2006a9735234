using IrohRpc.Blobs;
using IrohRpc.Samples.Tests.Programs;

namespace IrohRpc.Samples.Tests;

public sealed class DropTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("irohrpc-drop-").FullName;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private string In => Path.Combine(_folder, "in");

    private string Out => Path.Combine(_folder, "out");

    [Fact]
    public async Task A_folder_arrives_with_its_names_and_leaves_nothing_behind()
    {
        Write("album/a.bin", 3_000_000, 1);
        Write("album/sub/b", 10, 2);
        Write("album/empty", 0, 3);
        await using ChildProcess send = Send(Path.Combine(In, "album"));
        string ticket = await send.Output.LineAsync("blob");

        string output = await ChildProcess.RunAsync(SampleProgram.Drop, "receive", ticket, "--to", Out);

        Assert.Equal(["album/a.bin", "album/empty", "album/sub/b"], output.Split('\n').Order(StringComparer.Ordinal));
        foreach (string file in (string[])["album/a.bin", "album/sub/b", "album/empty"])
        {
            Assert.Equal(await File.ReadAllBytesAsync(Path.Combine(In, file), Cancellation), await File.ReadAllBytesAsync(Path.Combine(Out, file), Cancellation));
        }

        Assert.Equal(["album"], Directory.GetFileSystemEntries(Out).Select(Path.GetFileName));
        send.Interrupt();
        await send.ExitAsync();
    }

    [Fact]
    public async Task Nothing_is_overwritten_unless_told()
    {
        Write("file", 100, 1);
        Directory.CreateDirectory(Out);
        await File.WriteAllTextAsync(Path.Combine(Out, "file"), "mine", Cancellation);
        await using ChildProcess send = Send(Path.Combine(In, "file"));
        string ticket = await send.Output.LineAsync("blob");

        await using ChildProcess refused = ChildProcess.Start(SampleProgram.Drop, "receive", ticket, "--to", Out);
        Assert.Equal(1, await refused.ExitAsync());
        Assert.Contains("--overwrite", refused.Errors.Text, StringComparison.Ordinal);
        Assert.Equal("mine", await File.ReadAllTextAsync(Path.Combine(Out, "file"), Cancellation));

        await ChildProcess.RunAsync(SampleProgram.Drop, "receive", ticket, "--to", Out, "--overwrite");
        Assert.Equal(100, new FileInfo(Path.Combine(Out, "file")).Length);
    }

    // The sender is slow enough for both to be killed in the midst of it, and the last download as fast as it goes. The heap of each process is smaller than the file.
    [Fact]
    public async Task A_download_goes_on_after_the_sender_and_then_the_receiver_were_killed_in_constant_memory()
    {
        const int Size = 200_000_000;
        Write("large", Size, 1);
        string key = Path.Combine(_folder, "key");
        await using ChildProcess first = Send(Path.Combine(In, "large"), "--secret-key-file", key, "--max-rate", "10");
        string ticket = await first.Output.LineAsync("blob");
        await using ChildProcess receive = StartSmall("receive", ticket, "--to", Out, "--wait", "0");
        await receive.Errors.LineAsync(" left");
        await first.KillAsync();
        Assert.NotEqual(0, await receive.ExitAsync());
        Assert.DoesNotContain("going on", receive.Errors.Text, StringComparison.Ordinal);

        await using ChildProcess second = Send(Path.Combine(In, "large"), "--secret-key-file", key, "--max-rate", "10");
        ticket = await second.Output.LineAsync("blob");
        await using ChildProcess again = StartSmall("receive", ticket, "--to", Out);
        await again.Errors.LineAsync("going on with ");
        await again.Errors.LineAsync(" left");
        await again.KillAsync();
        await second.KillAsync();

        await using ChildProcess third = Send(Path.Combine(In, "large"), "--secret-key-file", key);
        ticket = await third.Output.LineAsync("blob");
        await using ChildProcess last = StartSmall("receive", ticket, "--to", Out);
        Assert.Equal(0, await last.ExitAsync());
        await last.Errors.LineAsync("going on with ");
        Assert.True(File.ReadAllBytes(Path.Combine(In, "large")).AsSpan().SequenceEqual(File.ReadAllBytes(Path.Combine(Out, "large"))));
        Assert.Equal(["large"], Directory.GetFileSystemEntries(Out).Select(Path.GetFileName));
    }

    [Theory]
    [InlineData("/etc/passwd", "absolute")]
    [InlineData("a/../../b", "leads out")]
    [InlineData("a\\b", "some systems give a meaning")]
    [InlineData("C:/b", "some systems give a meaning")]
    [InlineData("a/NUL.txt", "device")]
    [InlineData("com1", "device")]
    [InlineData("link/b", "passes through a link")]
    [InlineData(".drop-0123456789/journal", "downloads are kept")]
    [InlineData("a\u001b[2Jb", "control character")]
    [InlineData("same/name|Same/NAME", "two files")]
    [InlineData("a|a/b", "both a file and a folder")]
    [InlineData("\u00e4|a\u0308", "two files")]
    public async Task A_name_that_is_not_safe_ends_the_download_before_anything_is_written(string names, string problem)
    {
        Assert.SkipWhen(
            names.Any(static c => c > 127) && "\u00e4".Normalize(System.Text.NormalizationForm.FormD).Length == 1,
            "This machine has no ICU, and so no way to tell that two spellings of an accent are the same.");
        Directory.CreateDirectory(Out);
        Directory.CreateDirectory(In);
        Directory.CreateSymbolicLink(Path.Combine(Out, "link"), In);
        await using BlobStore store = BlobStore.InMemory();
        var entries = new List<BlobCollectionEntry>();
        foreach (string name in names.Split('|'))
        {
            entries.Add(new(name, await store.ImportAsync(new byte[] { 1, (byte)entries.Count }, Cancellation)));
        }

        BlobHash hash = await new BlobCollection(entries).StoreAsync(store, Cancellation);
        await using PeerEndpoint endpoint = await PeerEndpoint.BindAsync(new() { ListenOn = [new(System.Net.IPAddress.Loopback, 0)] }, Cancellation);
        await using Router router = await endpoint.Route().Map(BlobProtocol.Alpn, new BlobProvider(store)).StartAsync(Cancellation);

        await using ChildProcess receive = ChildProcess.Start(
            SampleProgram.Drop, "receive", new BlobTicket(endpoint.Address, hash, BlobFormat.HashSequence).ToString(), "--to", Out);

        Assert.Equal(1, await receive.ExitAsync());
        Assert.Contains(problem, receive.Errors.Text, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', receive.Errors.Text);
        Assert.Equal(["link"], Directory.GetFileSystemEntries(Out).Select(Path.GetFileName).Where(static name => !name!.StartsWith(".drop-", StringComparison.Ordinal)));
        Assert.Empty(Directory.GetFileSystemEntries(In));
    }

    [Fact]
    public async Task What_a_terminal_would_obey_is_not_printed()
    {
        string name = "left\u202Eright";
        Write(name, 5, 1);
        await using ChildProcess send = Send(Path.Combine(In, name));
        string output = await ChildProcess.RunAsync(SampleProgram.Drop, "receive", await send.Output.LineAsync("blob"), "--to", Out);
        Assert.Equal("left\\u202eright", output);
        Assert.True(File.Exists(Path.Combine(Out, name)));
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("blobaaaa")]
    public async Task A_wrong_ticket_gives_an_error_and_not_a_stack_trace(string ticket)
    {
        await using ChildProcess receive = ChildProcess.Start(SampleProgram.Drop, "receive", ticket);
        Assert.Equal(1, await receive.ExitAsync());
        Assert.Contains("not a ticket", receive.Errors.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", receive.Errors.Text, StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static ChildProcess Send(string path, params string[] more) => StartSmall(["send", path, "--listen", "127.0.0.1:0", .. more]);

    // With 64 MiB of heap.
    private static ChildProcess StartSmall(params string[] arguments)
        => OperatingSystem.IsWindows()
            ? ChildProcess.Start(SampleProgram.Drop, arguments)
            : ChildProcess.Start("env", ["DOTNET_GCHeapHardLimit=0x4000000", SampleProgram.Drop, .. arguments]);

    private void Write(string name, int size, int seed)
    {
        string path = Path.Combine(In, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var data = new byte[size];
        new Random(seed).NextBytes(data);
        File.WriteAllBytes(path, data);
    }
}
