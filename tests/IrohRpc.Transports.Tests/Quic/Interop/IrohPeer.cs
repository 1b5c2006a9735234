using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Threading.Channels;

namespace IrohRpc.Transports.Tests.Quic.Interop;

/// <summary>A real iroh endpoint in a process of its own, inside a namespace.</summary>
internal sealed class IrohPeer : IAsyncDisposable
{
    public const string Alpn = "irohrpc-interop/1";
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly SecretKey _key = SecretKey.Generate();
    private readonly ConcurrentDictionary<int, TaskCompletionSource<JsonElement>> _answers = new();
    private readonly Channel<JsonElement> _events = Channel.CreateUnbounded<JsonElement>();
    private readonly Process _process;
    private readonly Task _reading;
    private int _tag;

    private IrohPeer(Process process, SecretKey key)
    {
        _process = process;
        _key = key;
        _reading = ReadAsync();
    }

    public EndpointId Id => _key.Id;

    public IPEndPoint Address { get; private set; } = null!;

    public static async Task<IrohPeer> StartAsync(IrohInstallation installation, NetworkNamespace network, string version, bool retry = false)
    {
        var key = SecretKey.Generate();
        ProcessStartInfo start = network.Command(
            "node",
            "--no-deprecation",
            installation.ScriptOf(version),
            new JsonObject { ["alpn"] = Alpn, ["secretKey"] = key.ExportText(), ["retry"] = retry }.ToJsonString());
        start.RedirectStandardInput = true;
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        var peer = new IrohPeer(Process.Start(start)!, key);
        JsonElement ready = await peer.EventAsync("ready");
        peer.Address = ready.GetProperty("addresses").EnumerateArray().Select(address => IPEndPoint.Parse(address.GetString()!))
            .First(address => address.Address.Equals(IPAddress.Loopback));
        return peer;
    }

    /// <summary>Has the peer do something.</summary>
    /// <exception cref="IrohException">It could not.</exception>
    public async Task<JsonElement> DoAsync(string what, JsonObject? arguments = null)
    {
        int tag = Interlocked.Increment(ref _tag);
        var answer = new TaskCompletionSource<JsonElement>(TaskCreationOptions.RunContinuationsAsynchronously);
        _answers[tag] = answer;
        JsonObject command = arguments ?? [];
        command["do"] = what;
        command["tag"] = tag;
        await _process.StandardInput.WriteLineAsync(command.ToJsonString());
        await _process.StandardInput.FlushAsync();
        JsonElement result = await answer.Task.WaitAsync(Patience * 2);
        return result.TryGetProperty("error", out JsonElement error) ? throw new IrohException(error.GetString()!) : result;
    }

    /// <summary>The next event of a sort; others are passed over.</summary>
    public async Task<JsonElement> EventAsync(string name)
    {
        using var limit = new CancellationTokenSource(Patience);
        while (true)
        {
            JsonElement next = await _events.Reader.ReadAsync(limit.Token);
            if (next.GetProperty("event").GetString() == name)
            {
                return next;
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        await _process.WaitForExitAsync();
        await _reading;
        _process.Dispose();
        _key.Dispose();
    }

    private async Task ReadAsync()
    {
        Task<string> errors = _process.StandardError.ReadToEndAsync();
        while (await _process.StandardOutput.ReadLineAsync() is { } line)
        {
            if (!line.StartsWith('{'))
            {
                continue;
            }

            JsonElement message = JsonDocument.Parse(line).RootElement;
            if (message.TryGetProperty("tag", out JsonElement tag))
            {
                _answers.TryRemove(tag.GetInt32(), out TaskCompletionSource<JsonElement>? answer);
                answer?.SetResult(message);
            }
            else
            {
                _events.Writer.TryWrite(message);
            }
        }

        _events.Writer.TryComplete(new InvalidOperationException($"iroh's process has ended. {await errors}"));
    }
}

/// <summary>What iroh says went wrong.</summary>
internal sealed class IrohException(string message) : Exception(message);
