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
    private readonly Iroh1Installation _installation;
    private readonly LaboratoryNetwork _network;
    private IrohPeer? _iroh;

    public IrohDirectTests(Iroh1Installation installation)
    {
        _installation = installation;
        Assert.SkipWhen(installation.Unavailable is not null, installation.Unavailable ?? "");
        _network = new LaboratoryNetwork();
    }

    public async ValueTask DisposeAsync()
    {
        if (_iroh is not null)
        {
            await _iroh.DisposeAsync();
        }

        await _network.DisposeAsync();
    }

    [Fact]
    public async Task Iroh_dials_ours_by_the_relay_and_moves_to_the_direct_path()
    {
        string relay = await LaboratoryNetwork.LineAsync(_network.Start("relay", "127.0.0.1:0"));
        var ticket = EndpointTicket.Parse(await LaboratoryNetwork.LineAsync(_network.Start("serve", relay)));
        _iroh = await IrohPeer.StartAsync(_installation, _network.Namespace, new() { Alpn = LaboratoryNetwork.Alpn, Relay = new Uri(relay) });
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
        string relay = await LaboratoryNetwork.LineAsync(_network.Start("relay", "127.0.0.1:0"));
        _iroh = await IrohPeer.StartAsync(_installation, _network.Namespace, new() { Alpn = LaboratoryNetwork.Alpn, Relay = new Uri(relay) });
        var ticket = new EndpointTicket(new EndpointAddress(_iroh.Id, TransportAddress.Relay(relay)));
        Process caller = _network.Start("call", ticket.ToString(), relay, "4");
        Assert.Equal("calling", await LaboratoryNetwork.LineAsync(caller));
        string[] outcome = (await LaboratoryNetwork.LineAsync(caller)).Split(' ');
        Assert.Equal(("direct", "0"), (outcome[0], outcome[3]));
    }
}
