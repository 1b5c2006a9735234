using IrohRpc.Samples.Tests.Programs;

namespace IrohRpc.Samples.Tests.Servers;

/// <summary>A PostgreSQL server with a database that pgbench has filled.</summary>
internal sealed class PostgresServer : IAsyncDisposable
{
    private readonly TemporaryFolder _folder;
    private readonly ChildProcess _process;

    private PostgresServer(TemporaryFolder folder, ChildProcess process, int port)
    {
        _folder = folder;
        _process = process;
        Port = port;
    }

    public int Port { get; }

    public static async Task<PostgresServer> StartAsync()
    {
        string[] programs = InstalledSoftware.Require("initdb", "postgres", "pgbench");
        string[] asUser = await WithoutRootAsync();
        var folder = new TemporaryFolder();
        if (asUser.Length > 0)
        {
            await ChildProcess.RunAsync("chown", "postgres", folder.Path);
        }

        string data = folder.File("data");
        await RunAsync(asUser, programs[0], "-D", data, "-U", "bench", "-A", "trust", "--no-sync", "-E", "UTF8", "--locale", "C");
        int port = Tcp.FreePort();
        ChildProcess process = Start(
            asUser,
            programs[1],
            "-D", data, "-p", $"{port}", "-c", "listen_addresses=127.0.0.1", "-c", $"unix_socket_directories={folder.Path}",
            "-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "max_connections=50");
        var server = new PostgresServer(folder, process, port);
        try
        {
            await process.Errors.LineAsync("database system is ready to accept connections");
            await ChildProcess.RunAsync(programs[2], [.. ConnectTo(port), "-i", "-q", "-s", "5", "postgres"]);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>The arguments that make pgbench connect to a port, the server's own or one that leads to it.</summary>
    public static string[] ConnectTo(int port) => ["-h", "127.0.0.1", "-p", $"{port}", "-U", "bench"];

    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        _folder.Dispose();
    }

    // PostgreSQL refuses to run as root.
    private static async Task<string[]> WithoutRootAsync()
    {
        if (!Environment.IsPrivilegedProcess)
        {
            return [];
        }

        string[] setpriv = InstalledSoftware.Require("setpriv", "id");
        await using ChildProcess id = ChildProcess.Start(setpriv[1], "postgres");
        Assert.SkipWhen(await id.ExitAsync() != 0, "There is no user postgres to run PostgreSQL as.");
        return [setpriv[0], "--reuid=postgres", "--regid=postgres", "--clear-groups"];
    }

    private static ChildProcess Start(string[] asUser, string program, params string[] arguments)
        => asUser is [{ } first, .. string[] rest]
            ? ChildProcess.Start(first, [.. rest, program, .. arguments])
            : ChildProcess.Start(program, arguments);

    private static Task<string> RunAsync(string[] asUser, string program, params string[] arguments)
        => asUser is [{ } first, .. string[] rest]
            ? ChildProcess.RunAsync(first, [.. rest, program, .. arguments])
            : ChildProcess.RunAsync(program, arguments);
}
