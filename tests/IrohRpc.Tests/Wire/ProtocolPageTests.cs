using System.Runtime.CompilerServices;
using IrohRpc.Transports;
using Microsoft.Extensions.Time.Testing;

namespace IrohRpc.Tests;

/// <summary>The exchanges that docs/protocol.md prints are made again and compared.</summary>
public sealed class ProtocolPageTests
{
    private const string Beginning = "<!-- exchanges: written by ProtocolPageTests -->\n";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Page_prints_what_really_goes_over_the_wire()
    {
        var text = new ExchangeText();
        await RecordAsync(text, "A call on a lane: `Hello(\"you\")`, signature `(string)->string`, within five seconds", async proxy =>
            await proxy.HelloAsync("you", Token).Soon());
        await RecordAsync(text, "One that fails with a typed fault: `Fail(\"fault\")`, signature `(string)->void`, fault `i32` 42", async proxy =>
            await Assert.ThrowsAsync<RpcFaultException<int>>(() => proxy.FailAsync("fault", Token).Soon()));
        await RecordAsync(text, "A streamed result: `Count(2)`, signature `(i32)->stream<i32>`", async proxy =>
            await proxy.CountAsync(2, Token).ToListAsync(Token).Soon());
        await RecordAsync(text, "Two streamed parameters: `Zip([3], [4])`, signature `(stream<i32>,stream<i32>)->i64`", async proxy =>
            await proxy.ZipAsync(One(3), One(4), Token).Soon());

        string page = Path.Combine(Path.GetDirectoryName(ThisFile())!, "../../../docs/protocol.md");
        string content = await File.ReadAllTextAsync(page, Token);
        int beginning = content.IndexOf(Beginning, StringComparison.Ordinal) + Beginning.Length;
        if (Environment.GetEnvironmentVariable("IROHRPC_WRITE_PROTOCOL_PAGE") == "1")
        {
            await File.WriteAllTextAsync(page, $"{content[..beginning]}\n{text.ToString().TrimEnd()}\n", Token);
            return;
        }

        Assert.Equal(text.ToString().Trim(), content[beginning..].Trim());
    }

    private static async Task RecordAsync(ExchangeText text, string title, Func<IWorkshop, Task> exchange)
    {
        RecordingConnection recording = null!;
        await using RpcPair pair = await RpcPair.StartAsync(
            new MemoryNetwork().Transport,
            clientOptions: new ClientOptions { TimeProvider = new FakeTimeProvider(), Timeout = title.Contains("five", StringComparison.Ordinal) ? TimeSpan.FromSeconds(5) : null },
            wrapClient: connection => recording = new RecordingConnection(connection));
        bool streams = title.Contains("streamed", StringComparison.Ordinal);
        if (streams)
        {
            // Beside a call that streams there is a lane, which says whose turn it is, and which opens by chance before it or after. It is not printed.
            await pair.Proxy.TouchAsync(Token).Soon();
        }

        await exchange(pair.Proxy);
        text.Heading(title);
        foreach (RecordingStream stream in recording.Streams.Where(stream => !streams || stream.Written[1] != (byte)StreamKind.Lane).OrderBy(stream => stream.Id))
        {
            text.Stream(stream);
        }
    }

    private static async IAsyncEnumerable<int> One(int item)
    {
        await Task.Yield();
        yield return item;
    }

    private static string ThisFile([CallerFilePath] string path = "") => path;
}
