using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Threading.Channels;

namespace IrohRpc.Tests.Shared.Iroh;

/// <summary>A real iroh endpoint in a process of its own, inside a network namespace. The scripts' headers list what it can be told to do.</summary>
internal sealed class IrohPeer : IAsyncDisposable
{
    /// <summary>The ALPN that a peer accepts unless its settings name another.</summary>
    public const string Alpn = "irohrpc-interop/1";

    /// <summary>A bound on waits that end at once where all is well.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly SecretKey _key;
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

    /// <summary>Its socket on IPv4's loopback.</summary>
    public IPEndPoint Address { get; private set; } = null!;

    public static async Task<IrohPeer> StartAsync(IrohInstallation installation, NetworkNamespace network, IrohPeerSettings? settings = null)
    {
        settings ??= new();
        var key = SecretKey.Generate();
        string arguments = new JsonObject
        {
            ["alpn"] = settings.Alpn,
            ["secretKey"] = key.ExportText(),
            ["relay"] = settings.Relay?.AbsoluteUri,
            ["retry"] = settings.Retry,
            ["dns"] = settings.NameServer is not null,
        }.ToJsonString();
        string[] program = ["node", "--no-deprecation", installation.ScriptOf(settings.Version), arguments];
        ProcessStartInfo start = settings.NameServer is { } nameServer
            ? network.Command("unshare", ["-m", "sh", "-c", "mount --bind \"$0\" /etc/resolv.conf && exec \"$@\"", installation.WriteResolverSettings(nameServer), .. program])
            : network.Command(program[0], program[1..]);
        start.RedirectStandardInput = true;
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        var peer = new IrohPeer(Process.Start(start)!, key);
        JsonElement ready = await peer.EventAsync("ready").ConfigureAwait(false);
        peer.Address = ready.GetProperty("addresses").EnumerateArray().Select(static address => IPEndPoint.Parse(address.GetString()!))
            .First(static address => address.Address.Equals(IPAddress.Loopback));
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
        await _process.StandardInput.WriteLineAsync(command.ToJsonString()).ConfigureAwait(false);
        await _process.StandardInput.FlushAsync().ConfigureAwait(false);
        JsonElement result = await answer.Task.WaitAsync(Patience * 2).ConfigureAwait(false);
        return result.TryGetProperty("error", out JsonElement error) ? throw new IrohException(error.GetString()!) : result;
    }

    /// <summary>The next event of a sort; others are passed over.</summary>
    public async Task<JsonElement> EventAsync(string name)
    {
        using var limit = new CancellationTokenSource(Patience);
        while (true)
        {
            JsonElement next = await _events.Reader.ReadAsync(limit.Token).ConfigureAwait(false);
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

        await _process.WaitForExitAsync().ConfigureAwait(false);
        await _reading.ConfigureAwait(false);
        _process.Dispose();
        _key.Dispose();
    }

    private async Task ReadAsync()
    {
        Task<string> errors = _process.StandardError.ReadToEndAsync();
        while (await _process.StandardOutput.ReadLineAsync().ConfigureAwait(false) is { } line)
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

        var ended = new InvalidOperationException($"iroh's process has ended. {await errors.ConfigureAwait(false)}");
        _events.Writer.TryComplete(ended);
        foreach (TaskCompletionSource<JsonElement> answer in _answers.Values)
        {
            answer.TrySetException(ended);
        }
    }
}
