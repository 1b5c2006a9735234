using System.ComponentModel;
using System.Diagnostics;
using IrohRpc.Samples.Tests.Programs;

namespace IrohRpc.Samples.Tests.Iroh;

/// <summary>
/// The samples and a Node program with real iroh, which speaks the RPC protocol as docs/protocol.md describes it, in a network that holds nothing but loopback.
/// </summary>
public sealed class IrohTests : IAsyncLifetime
{
    private static readonly string Repository = FindRepository();
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("irohrpc-samples-iroh-");
    private Process? _namespace;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess, "A network namespace needs Linux and root.");
        File.Copy(Path.Combine(Repository, "tests/IrohRpc.Samples.Tests/Iroh/scripts/peer.js"), Path.Combine(_folder.FullName, "peer.js"));
        try
        {
            using Process install = Process.Start(new ProcessStartInfo(
                "npm", ["install", "--no-audit", "--no-fund", "--ignore-scripts", "--prefer-offline", "@number0/iroh@1.1.0"])
            {
                WorkingDirectory = _folder.FullName,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            })!;
            Task<string> output = install.StandardOutput.ReadToEndAsync(Token);
            string errors = await install.StandardError.ReadToEndAsync(Token);
            await output;
            await install.WaitForExitAsync(Token);
            Assert.SkipUnless(install.ExitCode == 0, $"npm could not install iroh, perhaps since no registry can be reached: {errors}");
            _namespace = Process.Start(new ProcessStartInfo("unshare", ["-n", "sh", "-c", "ip link set lo up && echo ready && exec cat"])
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
            })!;
            Assert.SkipUnless(await _namespace.StandardOutput.ReadLineAsync(Token) == "ready", "This machine allows no network namespaces.");
        }
        catch (Win32Exception)
        {
            Assert.Skip("npm or unshare (util-linux) is not installed.");
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_namespace is not null)
        {
            _namespace.Kill();
            await _namespace.WaitForExitAsync();
            _namespace.Dispose();
        }

        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task Iroh_calls_the_echo_sample_with_its_ticket()
    {
        await using ChildProcess serve = Sample(SampleProgram.Echo, "serve");
        string ticket = await serve.Output.LineAsync("endpoint");
        await using ChildProcess iroh = Node("echo", ticket, "from iroh");
        Assert.Equal("echoed:  from iroh", await iroh.Output.LineAsync("echoed"));
        Assert.Equal(0, await iroh.ExitAsync());
    }

    [Fact]
    public async Task The_echo_sample_calls_iroh_with_irohs_ticket()
    {
        await using ChildProcess iroh = Node("serve");
        string ticket = await iroh.Output.LineAsync("endpoint");
        await using ChildProcess call = Sample(SampleProgram.Echo, "call", ticket, "from .NET");
        Assert.Equal("transport: quic", await call.Output.LineAsync("transport"));
        Assert.Equal("echoed:    from .NET", await call.Output.LineAsync("echoed"));
        Assert.Equal(0, await call.ExitAsync());
    }

    [Fact]
    public async Task Iroh_and_the_greeter_call_each_other_by_the_protocol_page()
    {
        await using ChildProcess serve = Sample(SampleProgram.Greeter, "serve");
        string ticket = await serve.Output.LineAsync("endpoint");
        await using ChildProcess iroh = Node("greet", ticket, "Ada");
        Assert.Equal("hello:   Hello, Ada", await iroh.Output.LineAsync("hello"));
        Assert.Equal("asked:   What is your name?", await iroh.Output.LineAsync("asked"));
        Assert.Equal("meeting: Nice to meet you, Ada", await iroh.Output.LineAsync("meeting"));
        Assert.Equal(0, await iroh.ExitAsync());
    }

    /// <remarks>The whole tour: calls, streams of both sides, an object that is called back, progress, a fault and a cancellation.</remarks>
    [Fact]
    public async Task The_greeter_sample_calls_a_service_of_iroh_by_the_protocol_page()
    {
        await using ChildProcess iroh = Node("serveGreeter");
        string ticket = await iroh.Output.LineAsync("endpoint");
        await using ChildProcess call = Sample(SampleProgram.Greeter, "call", ticket);
        foreach (string line in (string[])
        [
            "transport: quic", "unary:     Hello, world", "stream:    3", "stream:    2", "stream:    1", "duplex:    Hello, Ada", "duplex:    Hello, Grace",
            "callback:  (the service asks: What is your name?)", "callback:  Nice to meet you, Alan", "progress:  25 %", "progress:  100 %",
            "progress:  I speak French better now", "fault:     Bonjour, world", "fault:     no tlh, only de, en, fr", "cancel:    Lovely weather today",
            "cancel:    that was enough",
        ])
        {
            Assert.Equal(line, await call.Output.LineAsync(line[..Math.Min(line.Length, 20)]));
        }

        Assert.Equal("the caller has heard enough", await iroh.Output.LineAsync("the caller"));
        Assert.Equal(0, await call.ExitAsync());
    }

    private static string FindRepository()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "IrohRpc.sln")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException("The repository was not found.");
    }

    private ChildProcess Sample(string program, params string[] arguments)
        => ChildProcess.Start("nsenter", [Namespace, program, .. arguments]);

    private ChildProcess Node(params string[] arguments)
        => ChildProcess.Start("nsenter", [Namespace, "node", "--no-deprecation", Path.Combine(_folder.FullName, "peer.js"), .. arguments]);

    private string Namespace => $"--net=/proc/{_namespace!.Id}/ns/net";
}
