using IrohRpc.Samples.Tests.Programs;
using IrohRpc.Samples.Tests.Servers;

namespace IrohRpc.Samples.Tests.Stores;

/// <summary>The store as a process of its own, which a test may kill and start again with the same data, key and port.</summary>
internal sealed class StoreProcess : IAsyncDisposable
{
    private readonly TemporaryFolder _folder;
    private readonly string _transport;
    private readonly int _port;

    private StoreProcess(TemporaryFolder folder, string transport, int port)
    {
        _folder = folder;
        _transport = transport;
        _port = port;
    }

    /// <summary>The serving process.</summary>
    public ChildProcess Process { get; private set; } = null!;

    /// <summary>Where clients find it, before and after a restart.</summary>
    public string Ticket { get; private set; } = null!;

    public static async Task<StoreProcess> StartAsync(TemporaryFolder folder, string transport = "tls")
    {
        var store = new StoreProcess(folder, transport, Tcp.FreePort());
        await store.StartAsync();
        return store;
    }

    /// <summary>Starts the process again, after it was killed or has ended.</summary>
    public async Task RestartAsync()
    {
        string ticket = Ticket;
        await Process.DisposeAsync();
        await StartAsync();
        Assert.Equal(ticket, Ticket);
    }

    /// <summary>Starts a client command.</summary>
    public ChildProcess Start(string command, params IEnumerable<string> arguments)
        => ChildProcess.Start(SampleProgram.KeyValue, [command, Ticket, .. arguments]);

    /// <summary>Runs a client command to its end, and returns what it printed.</summary>
    public Task<string> RunAsync(string command, params IEnumerable<string> arguments)
        => ChildProcess.RunAsync(SampleProgram.KeyValue, [command, Ticket, .. arguments]);

    public ValueTask DisposeAsync() => Process.DisposeAsync();

    private async Task StartAsync()
    {
        Process = ChildProcess.Start(
            SampleProgram.KeyValue,
            ["serve", "--data", _folder.File("store.db"), "--secret-key-file", _folder.File("key"),
            "--listen", $"127.0.0.1:{_port}", "--transport", _transport]);
        Ticket = await Process.Output.LineAsync("endpoint");
    }
}
