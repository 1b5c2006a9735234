using IrohRpc.Samples.Tests.Programs;

namespace IrohRpc.Samples.Tests.Servers;

/// <summary>A Redis server that keeps nothing.</summary>
internal sealed class RedisServer : IAsyncDisposable
{
    private readonly TemporaryFolder _folder;
    private readonly ChildProcess _process;

    private RedisServer(TemporaryFolder folder, ChildProcess process, int port)
    {
        _folder = folder;
        _process = process;
        Port = port;
    }

    public int Port { get; }

    public static async Task<RedisServer> StartAsync()
    {
        string[] programs = InstalledSoftware.Require("redis-server", "redis-benchmark", "redis-cli");
        var folder = new TemporaryFolder();
        int port = Tcp.FreePort();
        ChildProcess process = ChildProcess.Start(
            programs[0], "--port", $"{port}", "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--dir", folder.Path);
        var server = new RedisServer(folder, process, port);
        try
        {
            await process.Output.LineAsync("Ready to accept connections");
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        _folder.Dispose();
    }
}
