using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using System.Threading.Channels;

namespace IrohRpc.Iroh035;

/// <summary>A node of real iroh 0.35.0 in a process of its own.</summary>
internal sealed class RealPeer : IAsyncDisposable
{
    private readonly Process _process;
    private readonly ConcurrentDictionary<int, TaskCompletionSource<JsonObject>> _answers = new();
    private readonly TaskCompletionSource<JsonObject> _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Channel<JsonObject> _events = Channel.CreateUnbounded<JsonObject>();
    private readonly Task _reading;
    private int _tag;

    private RealPeer(Process process)
    {
        _process = process;
        _reading = ReadAsync();
    }

    public EndpointAddress Address { get; private set; } = null!;

    public ChannelReader<JsonObject> Events => _events.Reader;

    /// <param name="folder">Where the script and its package are installed.</param>
    /// <param name="store">Where it keeps its blobs; null for memory.</param>
    public static async Task<RealPeer> StartAsync(string folder, string? store = null)
    {
        var start = new ProcessStartInfo("node", ["--no-deprecation", "peer.js"])
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        if (store is not null)
        {
            start.Environment["IROH_STORE"] = store;
        }

        var process = Process.Start(start)!;
        var peer = new RealPeer(process);
        JsonObject ready = await peer._ready.Task.WaitAsync(TimeSpan.FromSeconds(30));
        peer.Address = new EndpointAddress(
            EndpointId.Parse((string)ready["id"]!),
            ready["addresses"]!.AsArray().Select(static address => TransportAddress.Ip(IPEndPoint.Parse((string)address!))));
        return peer;
    }

    public async Task<JsonObject> AskAsync(string command, JsonObject? arguments = null, TimeSpan? patience = null)
    {
        int tag = Interlocked.Increment(ref _tag);
        var answer = new TaskCompletionSource<JsonObject>(TaskCreationOptions.RunContinuationsAsynchronously);
        _answers[tag] = answer;
        JsonObject line = arguments ?? [];
        line["command"] = command;
        line["tag"] = tag;
        await _process.StandardInput.WriteLineAsync(line.ToJsonString());
        await _process.StandardInput.FlushAsync();
        JsonObject result = await answer.Task.WaitAsync(patience ?? TimeSpan.FromSeconds(60));
        return result["problem"] is { } problem ? throw new RealPeerException((string)problem!) : result;
    }

    /// <summary>Tells it where one of ours is: otherwise it drops packets from there.</summary>
    public Task KnowAsync(EndpointAddress address) => AskAsync("know", Describe(address));

    public static JsonObject Describe(EndpointAddress address) => new()
    {
        ["id"] = address.Id.ToString(),
        ["addresses"] = new JsonArray([
            .. address.Addresses.Select(static next => next.ToEndPoint()).OfType<IPEndPoint>()
                .Select(static at => (JsonNode)at.ToString())]),
    };

    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            await KillAsync();
        }

        await _reading;
        _process.Dispose();
    }

    private async Task ReadAsync()
    {
        while (await _process.StandardOutput.ReadLineAsync() is { } line)
        {
            if (!line.StartsWith('{') || JsonNode.Parse(line) is not JsonObject message)
            {
                // What it logs, where IROH_LOG (Debug, Trace) asks it to.
                await Console.Error.WriteLineAsync(line);
                continue;
            }

            switch ((string?)message["event"])
            {
                case "ready":
                    _ready.SetResult(message);
                    break;
                case "fatal":
                    _ready.TrySetException(new RealPeerException((string)message["problem"]!));
                    break;
                case "answer":
                    _answers[int.Parse(message["tag"]!.ToString(), CultureInfo.InvariantCulture)].SetResult(message);
                    break;
                default:
                    _events.Writer.TryWrite(message);
                    break;
            }
        }

        _ready.TrySetException(new RealPeerException("The node ended before it was ready."));
    }
}

internal sealed class RealPeerException(string message) : Exception(message);
