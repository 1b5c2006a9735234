using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace IrohRpc.Reach.Laboratory;

/// <summary>Real iroh on a host of the laboratory.</summary>
internal sealed class IrohHost
{
    private static readonly TimeSpan Observed = TimeSpan.FromSeconds(4);

    private readonly Programs.Running _program;

    private IrohHost(Programs.Running program) => _program = program;

    /// <summary>Starts it, and waits until it is at its relay.</summary>
    public static async Task<(IrohHost Host, EndpointId Id)> StartAsync(NetworkSpace space, Programs programs, string script, string relay)
    {
        using var key = SecretKey.Generate();
        var settings = new JsonObject { ["alpn"] = Peers.Alpn, ["secretKey"] = key.ExportText(), ["relay"] = relay, ["any"] = true };
        var host = new IrohHost(programs.Add(space.Start("node", "--no-deprecation", script, settings.ToJsonString())));
        await host.AnswerAsync(static line => line["event"]?.GetValue<string>() == "ready");
        return (host, key.Id);
    }

    /// <summary>Calls a peer for some seconds.</summary>
    public async Task<Experiment.Outcome> CallAsync(EndpointId id, string relay)
    {
        long start = Stopwatch.GetTimestamp();
        await DoAsync(new JsonObject { ["do"] = "connect", ["id"] = id.ToString(), ["relay"] = relay });
        TimeSpan? first = null;
        TimeSpan? direct = null;
        bool isDirect = false;
        int lost = 0;
        TimeSpan longest = TimeSpan.Zero;
        while (first is null || Stopwatch.GetElapsedTime(start) - first < Observed)
        {
            long asked = Stopwatch.GetTimestamp();
            JsonNode echo = await DoAsync(new JsonObject { ["do"] = "bidirectional", ["index"] = 0, ["length"] = 1000 });
            TimeSpan took = Stopwatch.GetElapsedTime(asked);
            longest = took > longest ? took : longest;
            lost += echo["same"]?.GetValue<bool>() == true ? 0 : 1;
            first ??= Stopwatch.GetElapsedTime(start);
            JsonNode paths = await DoAsync(new JsonObject { ["do"] = "paths", ["index"] = 0 });
            isDirect = paths["paths"]!.AsArray().Any(static path => path!["selected"]!.GetValue<bool>() && !path["relay"]!.GetValue<bool>());
            direct ??= isDirect ? Stopwatch.GetElapsedTime(start) : null;
        }

        return new Experiment.Outcome(isDirect, (int)first.Value.TotalMilliseconds, (int?)direct?.TotalMilliseconds, lost, (int)longest.TotalMilliseconds);
    }

    private async Task<JsonNode> DoAsync(JsonObject command)
    {
        command["tag"] = 1;
        await _program.SayAsync(command.ToJsonString());
        JsonNode answer = await AnswerAsync(static line => line["tag"] is not null);
        return answer["error"] is { } error ? throw new InvalidOperationException($"iroh: {error}") : answer;
    }

    private async Task<JsonNode> AnswerAsync(Predicate<JsonNode> condition)
    {
        while (true)
        {
            string line = await _program.LineAsync();
            if (line.StartsWith('{') && JsonNode.Parse(line) is { } message && condition(message))
            {
                return message;
            }
        }
    }
}
