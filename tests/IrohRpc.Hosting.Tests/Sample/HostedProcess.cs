using System.Reflection;
using IrohRpc.Samples.Tests.Programs;

namespace IrohRpc.Hosting.Tests;

/// <summary>samples/Hosted as a process of its own, which a test stops and starts again with the same key, port and data.</summary>
internal sealed class HostedProcess : IAsyncDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("irohrpc-hosted-");
    private readonly int _port = Tcp.FreePort();
    private readonly HttpClient _http;
    private ChildProcess _process = null!;
    private bool _isRunning;

    public HostedProcess() => _http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{Tcp.FreePort()}") };

    public EndpointTicket Ticket { get; private set; } = null!;

    public string Output => _process.Output.Text;

    /// <summary>The operator's own settings, which the program reads anew when they change.</summary>
    public string Settings => Path.Combine(_folder.FullName, "settings.json");

    /// <summary>Writes the settings in one step, as an operator should.</summary>
    public async Task WriteSettingsAsync(string json)
    {
        await File.WriteAllTextAsync(Settings + ".new", json, TestContext.Current.CancellationToken);
        File.Move(Settings + ".new", Settings, overwrite: true);
    }

    public async Task StartAsync()
    {
        if (!File.Exists(Settings))
        {
            await WriteSettingsAsync("{}");
        }

        string folder = Path.Combine(Metadata("Repository"), "samples", "Hosted", "bin", Metadata("Configuration"), "net10.0");
        _process = ChildProcess.Start(
            "dotnet",
            Path.Combine(folder, "hosted.dll"),
            $"--Settings={Settings}",
            $"--Urls={_http.BaseAddress}",
            $"--Peer:ListenOn=127.0.0.1:{_port}",
            $"--Peer:SecretKeyFile={Path.Combine(_folder.FullName, "keys", "peer.key")}",
            $"--Jobs:Database={Path.Combine(_folder.FullName, "jobs.db")}");
        _isRunning = true;
        string line = await _process.Output.LineAsync("Its ticket is ");
        Ticket = EndpointTicket.Parse(line[line.IndexOf("endpoint", line.IndexOf("Its ticket is", StringComparison.Ordinal), StringComparison.Ordinal)..]);
    }

    /// <summary>Sends SIGTERM and waits for the end.</summary>
    public async Task StopAsync()
    {
        _process.Terminate();
        int code = await _process.ExitAsync();
        Assert.True(code == 0, $"ended with {code}:\n{_process.Output.Text}\n{_process.Errors.Text}");
        await _process.DisposeAsync();
        _isRunning = false;
    }

    /// <summary>Waits for a line of the program's log.</summary>
    public Task<string> LineAsync(string part) => _process.Output.LineAsync(part);

    public async Task<string> GetAsync(string path) => await _http.GetStringAsync(new Uri(path, UriKind.Relative), TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        if (_isRunning)
        {
            await _process.DisposeAsync();
        }

        _folder.Delete(recursive: true);
    }

    private static string Metadata(string key) => typeof(HostedProcess).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(one => one.Key == key).Value!;
}
