using System.Diagnostics.Metrics;
using System.Reflection;
using System.Text.Json;
using System.Text.RegularExpressions;
using IrohRpc.Reach.Relay;
using IrohRpc.Relay;

namespace IrohRpc.Telemetry.Tests;

/// <summary>docs/grafana-dashboard.json and docs/telemetry.md speak of the instruments that there are, and of all of them.</summary>
[Collection("telemetry")]
public sealed partial class DashboardTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_metric_of_the_dashboard_is_an_instrument_of_ours_as_Prometheus_names_it()
    {
        HashSet<string> known = [.. (await FindInstrumentsAsync()).SelectMany(NamesAtPrometheus)];
        using JsonDocument dashboard = JsonDocument.Parse(await ReadAsync("grafana-dashboard.json"));
        string[] used =
        [
            .. dashboard.RootElement.GetProperty("panels").EnumerateArray()
                .SelectMany(static panel => panel.GetProperty("targets").EnumerateArray())
                .SelectMany(static target => Metric().Matches(Labels().Replace(target.GetProperty("expr").GetString()!, "")).Select(static match => match.Value))
                .Distinct(),
        ];
        Assert.True(used.Length > 10, string.Join(", ", used));
        Assert.All(used, name => Assert.Contains(name, known));
    }

    [Fact]
    public async Task The_page_names_every_instrument_with_its_unit_and_no_other()
    {
        IReadOnlyList<Instrument> instruments = await FindInstrumentsAsync();
        string[] rows = [.. (await ReadAsync("telemetry.md")).Split('\n').Where(static line => line.StartsWith("| `", StringComparison.Ordinal) && line.Count(static c => c == '|') == 5)];
        var documented = new Dictionary<string, string>();
        foreach (string row in rows)
        {
            string[] cells = row.Split('|');
            string[] units = cells[3].Split(',');
            int number = 0;
            foreach (Match name in Quoted().Matches(cells[1]))
            {
                documented.Add(name.Groups[1].Value, units[Math.Min(number++, units.Length - 1)].Trim());
            }
        }

        Assert.Equal(
            instruments.Select(static instrument => $"{instrument.Name} {instrument.Unit}").Distinct().Order(StringComparer.Ordinal),
            documented.Select(static pair => $"{pair.Key} {pair.Value}").Order(StringComparer.Ordinal));
    }

    // What a call through a relay creates is all that there is.
    private static async Task<IReadOnlyList<Instrument>> FindInstrumentsAsync()
    {
        var found = new List<Instrument>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, _) =>
            {
                if (instrument.Meter.Name is RpcTelemetry.MeterName or RpcTelemetry.RelayMeterName)
                {
                    lock (found)
                    {
                        found.Add(instrument);
                    }
                }
            },
        };
        listener.Start();
        await using RelayServer relay = await RelayServer.StartAsync(cancellationToken: Token);
        var options = new PeerEndpointOptions { Relays = [new RelayConfig(relay.Url)] };
        await using PeerEndpoint server = await PeerEndpoint.BindAsync(options, Token);
        await using Router router = await server.Route().Map<IProbe>(new Probe()).StartAsync(Token);
        await using PeerEndpoint client = await PeerEndpoint.BindAsync(options, Token);
        await client.Connect<IProbe>(server.Ticket).EchoAsync("x", Token);
        await server.WaitOnlineAsync(Token);
        return found;
    }

    private static IEnumerable<string> NamesAtPrometheus(Instrument instrument)
    {
        // A unit that stands in the name already is not added again.
        string name = instrument.Name.Replace('.', '_');
        string unit = instrument.Unit switch
        {
            "s" => "seconds",
            "By" => "bytes",
            _ => "",
        };
        name = unit.Length == 0 || name.Split('_').Contains(unit) ? name : $"{name}_{unit}";
        Type kind = instrument.GetType().GetGenericTypeDefinition();
        return kind == typeof(Histogram<>) ? [name + "_bucket", name + "_count", name + "_sum"]
            : kind == typeof(Counter<>) ? [name + "_total"]
            : [name];
    }

    private static Task<string> ReadAsync(string file)
    {
        string repository = typeof(DashboardTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(static one => one.Key == "Repository").Value!;
        return File.ReadAllTextAsync(Path.Combine(repository, "docs", file), Token);
    }

    [GeneratedRegex(@"\b(rpc|irohrpc)_[a-z_]+(?=[\[\s){]|$)")]
    private static partial Regex Metric();

    // What a query groups by, and filters by, are labels.
    [GeneratedRegex(@"by \([^)]*\)|\{[^}]*\}")]
    private static partial Regex Labels();

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex Quoted();
}
