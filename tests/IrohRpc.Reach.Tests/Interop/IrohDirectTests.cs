using System.Diagnostics;
using System.Text.Json;
using IrohRpc.Tests.Shared.Iroh;

namespace IrohRpc.Reach.Tests.Interop;

/// <summary>
/// Real iroh and ours in one network that holds nothing but loopback: both know of each other's relay only, agree on multipath and NAT traversal, and find the direct
/// path. Ours is a process of the laboratory, since it has to be inside that network.
/// </summary>
public sealed class IrohDirectTests : IClassFixture<Iroh1Installation>, IAsyncDisposable
{
    private const string Alpn = "laboratory/1";

    private static readonly string Laboratory = Path.Combine(
        AppContext.BaseDirectory.Replace("IrohRpc.Reach.Tests", "IrohRpc.Reach.Laboratory", StringComparison.Ordinal), "laboratory");

    private readonly Iroh1Installation _installation;
    private readonly NetworkNamespace _network;
    private readonly List<Process> _processes = [];
    private IrohPeer? _iroh;

    public IrohDirectTests(Iroh1Installation installation)
    {
        _installation = installation;
        Assert.SkipWhen(installation.Unavailable is not null, installation.Unavailable ?? "");
        _network = NetworkNamespace.TryCreate(out string reason) ?? throw new InvalidOperationException(reason);
    }

    public async ValueTask DisposeAsync()
    {
        if (_iroh is not null)
        {
            await _iroh.DisposeAsync();
        }

        foreach (Process process in Enumerable.Reverse(_processes))
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }

            await process.WaitForExitAsync();
            process.Dispose();
        }

        _network.Dispose();
    }

    [Fact]
    public async Task Iroh_dials_ours_by_the_relay_and_moves_to_the_direct_path()
    {
        string relay = await LineAsync(Start("relay", "127.0.0.1:0"));
        var ticket = EndpointTicket.Parse(await LineAsync(Start("serve", relay)));
        _iroh = await IrohPeer.StartAsync(_installation, _network, new() { Alpn = Alpn, Relay = new Uri(relay) });
        await _iroh.DoAsync("connect", new() { ["id"] = ticket.Address.Id.ToString(), ["relay"] = relay });
        JsonElement selected = default;
        for (int i = 0; i < 100; i++)
        {
            Assert.True((await _iroh.DoAsync("bidirectional", new() { ["index"] = 0, ["length"] = 20_000 })).GetProperty("same").GetBoolean());
            JsonElement paths = (await _iroh.DoAsync("paths", new() { ["index"] = 0 })).GetProperty("paths");
            selected = paths.EnumerateArray().FirstOrDefault(static path => path.GetProperty("selected").GetBoolean() && !path.GetProperty("relay").GetBoolean());
            if (selected.ValueKind == JsonValueKind.Object)
            {
                break;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(50), TestContext.Current.CancellationToken);
        }

        Assert.Equal(JsonValueKind.Object, selected.ValueKind);
        Assert.True((await _iroh.DoAsync("bidirectional", new() { ["index"] = 0, ["length"] = 500_000 })).GetProperty("same").GetBoolean());
    }

    [Fact]
    public async Task Ours_dials_iroh_by_the_relay_and_moves_to_the_direct_path()
    {
        string relay = await LineAsync(Start("relay", "127.0.0.1:0"));
        _iroh = await IrohPeer.StartAsync(_installation, _network, new() { Alpn = Alpn, Relay = new Uri(relay) });
        var ticket = new EndpointTicket(new EndpointAddress(_iroh.Id, TransportAddress.Relay(relay)));
        Process caller = Start("call", ticket.ToString(), relay, "4");
        Assert.Equal("calling", await LineAsync(caller));
        string[] outcome = (await LineAsync(caller)).Split(' ');
        Assert.Equal(("direct", "0"), (outcome[0], outcome[3]));
    }

    private static async Task<string> LineAsync(Process process)
        => await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken).AsTask().Soon()
            ?? throw new InvalidOperationException("A process of the laboratory has ended early.");

    private Process Start(params string[] arguments)
    {
        ProcessStartInfo start = _network.Command(Laboratory, arguments);
        start.RedirectStandardInput = true;
        start.RedirectStandardOutput = true;
        Process process = Process.Start(start)!;
        _processes.Add(process);
        return process;
    }
}
