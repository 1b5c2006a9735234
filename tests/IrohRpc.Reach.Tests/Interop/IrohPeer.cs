using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using IrohRpc.Transports.Tests.Quic.Interop;

namespace IrohRpc.Reach.Tests.Interop;

/// <summary>A real iroh endpoint in a process of its own, inside a namespace.</summary>
internal sealed class IrohPeer : IAsyncDisposable
{
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

    public static async Task<IrohPeer> StartAsync(IrohInstallation installation, NetworkNamespace network, string alpn, Uri? relay, string? nameServer = null)
    {
        var key = SecretKey.Generate();
        var settings = new JsonObject { ["alpn"] = alpn, ["secretKey"] = key.ExportText(), ["relay"] = relay?.AbsoluteUri, ["dns"] = nameServer is not null };
        string[] program = ["node", "--no-deprecation", installation.Script, settings.ToJsonString()];
        ProcessStartInfo start = nameServer is null
            ? network.Command(program[0], program[1..])
            : network.Command("unshare", ["-m", "sh", "-c", "mount --bind \"$0\" /etc/resolv.conf && exec \"$@\"", installation.WriteResolverSettings(nameServer), .. program]);
        start.RedirectStandardInput = true;
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        var peer = new IrohPeer(Process.Start(start)!, key);
        await peer.EventAsync("ready");
        return peer;
    }

    /// <summary>Has the peer do something.</summary>
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
        JsonElement result = await answer.Task.Soon();
        Assert.False(result.TryGetProperty("error", out JsonElement error), error.ToString());
        return result;
    }

    /// <summary>The next event of a sort; others are passed over.</summary>
    public async Task<JsonElement> EventAsync(string name)
    {
        while (true)
        {
            JsonElement next = await _events.Reader.ReadAsync().AsTask().Soon();
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
