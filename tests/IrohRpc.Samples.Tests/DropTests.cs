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
        await using ChildProcess send = await SendAsync(Path.Combine(In, "album"));
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
        await using ChildProcess send = await SendAsync(Path.Combine(In, "file"));
        string ticket = await send.Output.LineAsync("blob");

        await using ChildProcess refused = ChildProcess.Start(SampleProgram.Drop, "receive", ticket, "--to", Out);
        Assert.Equal(1, await refused.ExitAsync());
        Assert.Contains("--overwrite", refused.Errors.Text, StringComparison.Ordinal);
        Assert.Equal("mine", await File.ReadAllTextAsync(Path.Combine(Out, "file"), Cancellation));

        await ChildProcess.RunAsync(SampleProgram.Drop, "receive", ticket, "--to", Out, "--overwrite");
        Assert.Equal(100, new FileInfo(Path.Combine(Out, "file")).Length);
    }

    [Fact]
    public async Task A_download_goes_on_after_the_sender_and_then_the_receiver_were_killed()
    {
        Write("large", 200_000_000, 1);
        string key = Path.Combine(_folder, "key");
        await using ChildProcess first = await SendAsync(Path.Combine(In, "large"), "--secret-key-file", key);
        string ticket = await first.Output.LineAsync("blob");
        await using ChildProcess receive = ChildProcess.Start(SampleProgram.Drop, "receive", ticket, "--to", Out, "--wait", "0");
        await UntilPartAsync();
        await first.KillAsync();
        Assert.NotEqual(0, await receive.ExitAsync());

        await using ChildProcess second = await SendAsync(Path.Combine(In, "large"), "--secret-key-file", key);
        ticket = await second.Output.LineAsync("blob");
        await using ChildProcess again = ChildProcess.Start(SampleProgram.Drop, "receive", ticket, "--to", Out);
        await UntilPartAsync();
        await again.KillAsync();

        await ChildProcess.RunAsync(SampleProgram.Drop, "receive", ticket, "--to", Out);
        Assert.True(File.ReadAllBytes(Path.Combine(In, "large")).AsSpan().SequenceEqual(File.ReadAllBytes(Path.Combine(Out, "large"))));
        Assert.Equal(["large"], Directory.GetFileSystemEntries(Out).Select(Path.GetFileName));
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

    private static async Task<ChildProcess> SendAsync(string path, params string[] more)
    {
        await Task.CompletedTask;
        return ChildProcess.Start(SampleProgram.Drop, ["send", path, "--listen", "127.0.0.1:0", .. more]);
    }

    // A part is there as soon as the file of verified bits is.
    private async Task UntilPartAsync()
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(ChildProcess.Patience);
        while (!Directory.Exists(Out) || Directory.GetFiles(Out, "*.bits", SearchOption.AllDirectories).Length == 0)
        {
            await Task.Delay(5, patience.Token);
        }
    }

    private void Write(string name, int size, int seed)
    {
        string path = Path.Combine(In, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var data = new byte[size];
        new Random(seed).NextBytes(data);
        File.WriteAllBytes(path, data);
    }
}
