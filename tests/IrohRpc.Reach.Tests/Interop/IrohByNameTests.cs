using System.Diagnostics;
using IrohRpc.Tests.Shared.Iroh;

namespace IrohRpc.Reach.Tests.Interop;

/// <summary>
/// Real iroh resolves by DNS what ours publishes by pkarr, and dials by the id alone. The other way cannot be tried: iroh publishes at servers only whose certificates the
/// web's authorities have signed.
/// </summary>
public sealed class IrohByNameTests : IClassFixture<Iroh1Installation>, IAsyncDisposable
{
    private readonly Iroh1Installation _installation;
    private readonly LaboratoryNetwork _network;
    private IrohPeer? _iroh;

    public IrohByNameTests(Iroh1Installation installation)
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

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Iroh_dials_ours_by_its_id_alone(bool irohHasRelay)
    {
        Process lookup = _network.Start("lookup", "127.0.0.1:8080", "127.0.0.1:53");
        string published = await LaboratoryNetwork.LineAsync(lookup);
        string relay = await LaboratoryNetwork.LineAsync(_network.Start("relay", "127.0.0.1:0"));
        var ticket = EndpointTicket.Parse(await LaboratoryNetwork.LineAsync(_network.Start("serve", relay, published)));
        string record = await LaboratoryNetwork.LineAsync(lookup);
        while (!record.Contains("relay=" + relay, StringComparison.Ordinal))
        {
            record = await LaboratoryNetwork.LineAsync(lookup);
        }

        Assert.Contains("addr=127.0.0.1:", record, StringComparison.Ordinal);
        _iroh = await IrohPeer.StartAsync(
            _installation, _network.Namespace, new() { Alpn = LaboratoryNetwork.Alpn, Relay = irohHasRelay ? new Uri(relay) : null, NameServer = "127.0.0.1" });
        await _iroh.DoAsync("connect", new() { ["id"] = ticket.Address.Id.ToString() });
        Assert.True((await _iroh.DoAsync("bidirectional", new() { ["index"] = 0, ["length"] = 20_000 })).GetProperty("same").GetBoolean());
    }
}
