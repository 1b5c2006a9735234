using System.Net;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace IrohRpc.Reach.Lookup.Mdns;

/// <summary>Finds endpoints in the local network, and lets itself be found there, by multicast DNS in iroh's form.</summary>
/// <remarks>
/// Everybody in the network learns the id and the addresses, and anybody may answer for another: whoever is dialled still has to prove its id, so that a
/// lie costs a dial that fails.
/// </remarks>
public sealed partial class MdnsAddressLookup : IAddressLookup, IAsyncDisposable
{
    private readonly EndpointId _id;
    private readonly MdnsAddressLookupOptions _options;
    private readonly ILogger _logger;
    private readonly MulticastSockets _sockets;
    private readonly CancellationTokenSource _closing = new();
    private readonly Lock _gate = new();
    private readonly Dictionary<EndpointId, List<ChannelWriter<EndpointData>>> _waiting = [];
    private readonly Task _running;
    private byte[]? _answer;
    private long? _answeredAt;

    /// <summary>Joins the network.</summary>
    /// <param name="id">This endpoint's id.</param>
    /// <param name="options">How to ask and answer; null for the defaults.</param>
    public MdnsAddressLookup(EndpointId id, MdnsAddressLookupOptions? options = null)
    {
        _id = id;
        _options = options ?? new MdnsAddressLookupOptions();
        _logger = (_options.LoggerFactory ?? NullLoggerFactory.Instance).CreateLogger("IrohRpc.Reach.Mdns");
        _sockets = MulticastSockets.Open(_options.Interfaces, _options.Port);
        if (_sockets.All.Count == 0)
        {
            LogNoInterface(_logger, _options.Port);
        }

        _running = Task.WhenAll(_sockets.All.Select(ReceiveAllAsync));
    }

    /// <inheritdoc/>
    public string Name => "mdns";

    /// <inheritdoc/>
    public async IAsyncEnumerable<EndpointData> ResolveAsync(EndpointId id, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        Channel<EndpointData> answers = Channel.CreateBounded<EndpointData>(new BoundedChannelOptions(8) { FullMode = BoundedChannelFullMode.DropOldest });
        Register(id, answers.Writer);
        using var patience = new CancellationTokenSource(_options.Patience, _options.TimeProvider);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, patience.Token, _closing.Token);
        Task asking = AskAsync(ending.Token);
        EndpointData? last = null;
        try
        {
            while (await WaitAsync(answers.Reader, ending.Token).ConfigureAwait(false))
            {
                while (answers.Reader.TryRead(out EndpointData? answer))
                {
                    // The same answer comes with each query.
                    if (last is null || !answer.ToAttributes().SequenceEqual(last.ToAttributes()))
                    {
                        last = answer;
                        yield return answer;
                    }
                }
            }

            cancellationToken.ThrowIfCancellationRequested();
        }
        finally
        {
            Unregister(id, answers.Writer);
            await ending.CancelAsync().ConfigureAwait(false);
            await asking.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <inheritdoc/>
    public void Publish(EndpointData data)
    {
        ArgumentNullException.ThrowIfNull(data);
        lock (_gate)
        {
            _answer = MdnsMessage.Answer(_id, data);
        }
    }

    /// <summary>Leaves the network.</summary>
    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync().ConfigureAwait(false);
        _sockets.Dispose();
        await _running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private static async ValueTask<bool> WaitAsync(ChannelReader<EndpointData> reader, CancellationToken cancellationToken)
    {
        try
        {
            return await reader.WaitToReadAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private async Task AskAsync(CancellationToken cancellationToken)
    {
        byte[] query = MdnsMessage.Query();
        while (true)
        {
            await _sockets.SendAsync(query, cancellationToken).ConfigureAwait(false);
            await Task.Delay(_options.QueryInterval, _options.TimeProvider, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task ReceiveAllAsync(Socket socket)
    {
        var buffer = new byte[9000];
        EndPoint anybody = new IPEndPoint(socket.AddressFamily == AddressFamily.InterNetwork ? IPAddress.Any : IPAddress.IPv6Any, 0);
        while (!_closing.IsCancellationRequested)
        {
            try
            {
                SocketReceiveFromResult received = await socket.ReceiveFromAsync(
                    buffer, SocketFlags.None, anybody, _closing.Token).ConfigureAwait(false);
                await HandleAsync(buffer.AsMemory(0, received.ReceivedBytes)).ConfigureAwait(false);
            }
            catch (SocketException exception) when (!_closing.IsCancellationRequested)
            {
                // An interface that comes and goes; a pause keeps a broken one from taking the processor.
                LogReceiveFailed(_logger, exception);
                await Task.Delay(TimeSpan.FromSeconds(1), _options.TimeProvider, _closing.Token).ConfigureAwait(false);
            }
            catch (Exception) when (_closing.IsCancellationRequested)
            {
                return;
            }
        }
    }

    private async Task HandleAsync(ReadOnlyMemory<byte> message)
    {
        if (MdnsMessage.IsQuery(message.Span))
        {
            byte[]? answer;
            lock (_gate)
            {
                bool isTooSoon = _answeredAt is { } at && _options.TimeProvider.GetElapsedTime(at) < _options.AnswerInterval;
                answer = isTooSoon ? null : _answer;
                if (answer is not null)
                {
                    _answeredAt = _options.TimeProvider.GetTimestamp();
                }
            }

            if (answer is not null)
            {
                await _sockets.SendAsync(answer, _closing.Token).ConfigureAwait(false);
            }

            return;
        }

        foreach ((EndpointId id, EndpointData data) in MdnsMessage.ReadAnswers(message.Span))
        {
            lock (_gate)
            {
                if (_waiting.TryGetValue(id, out List<ChannelWriter<EndpointData>>? writers))
                {
                    foreach (ChannelWriter<EndpointData> writer in writers)
                    {
                        writer.TryWrite(data);
                    }
                }
            }
        }
    }

    private void Register(EndpointId id, ChannelWriter<EndpointData> writer)
    {
        lock (_gate)
        {
            if (!_waiting.TryGetValue(id, out List<ChannelWriter<EndpointData>>? writers))
            {
                _waiting.Add(id, writers = []);
            }

            writers.Add(writer);
        }
    }

    private void Unregister(EndpointId id, ChannelWriter<EndpointData> writer)
    {
        lock (_gate)
        {
            List<ChannelWriter<EndpointData>> writers = _waiting[id];
            writers.Remove(writer);
            if (writers.Count == 0)
            {
                _waiting.Remove(id);
            }
        }
    }

    [LoggerMessage(21, LogLevel.Warning, "No interface of this machine takes part in multicast DNS on port {Port}; nothing is found in the local network.")]
    private static partial void LogNoInterface(ILogger logger, int port);

    [LoggerMessage(22, LogLevel.Debug, "Receiving multicast DNS failed.")]
    private static partial void LogReceiveFailed(ILogger logger, Exception exception);
}
