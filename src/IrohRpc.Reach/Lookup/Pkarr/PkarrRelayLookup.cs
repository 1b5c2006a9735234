using System.Net;
using System.Net.Http.Headers;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace IrohRpc.Reach.Lookup.Pkarr;

/// <summary>
/// Publishes and resolves signed packets at a pkarr relay: an HTTP server that keeps them, by <c>PUT</c> and <c>GET</c> of
/// <c>&lt;relay&gt;/&lt;id in z-base-32&gt;</c>.
/// </summary>
/// <remarks>
/// The relay can hold answers back. It can't forge any, since each is signed by the endpoint that it is about, nor give one that is older than
/// <see cref="PkarrRelayOptions.MaxAge"/> or than one that this object has resolved before.
/// </remarks>
public sealed partial class PkarrRelayLookup : IAddressLookup, IAsyncDisposable
{
    private static readonly MediaTypeHeaderValue ContentType = new("application/x-pkarr-signed-packet");

    private readonly HttpClient _http;
    private readonly Uri _relay;
    private readonly SecretKey? _key;
    private readonly PkarrRelayOptions _options;
    private readonly ILogger _logger;
    private readonly PacketFreshness _freshness;
    private readonly CancellationTokenSource _closing = new();
    private readonly SemaphoreSlim _changed = new(0);
    private readonly Lock _gate = new();
    private readonly Task _publishing;
    private EndpointData? _published;
    private ulong _lastTimestamp;

    /// <summary>Starts to use a relay.</summary>
    /// <param name="relay">The relay's URL, to which an id is appended.</param>
    /// <param name="key">The key to publish with; null for resolving only. It must not be disposed before this object is.</param>
    /// <param name="options">How to publish; null for the defaults.</param>
    public PkarrRelayLookup(Uri relay, SecretKey? key = null, PkarrRelayOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(relay);
        _relay = relay.AbsoluteUri.EndsWith('/') ? relay : new Uri(relay.AbsoluteUri + "/");
        _key = key;
        _options = options ?? new PkarrRelayOptions();
        _freshness = new PacketFreshness(_options.MaxAge, _options.TimeProvider);
        _logger = (_options.LoggerFactory ?? NullLoggerFactory.Instance).CreateLogger("IrohRpc.Reach.Pkarr");
        _http = new HttpClient(new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.FromMinutes(2) }) { Timeout = _options.Timeout };
        _publishing = key is null ? Task.CompletedTask : PublishAllAsync();
    }

    /// <inheritdoc/>
    public string Name => "pkarr";

    /// <inheritdoc/>
    public async IAsyncEnumerable<EndpointData> ResolveAsync(EndpointId id, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using HttpResponseMessage response = await _http.GetAsync(
            UrlOf(id), HttpCompletionOption.ResponseHeadersRead, cancellationToken).ConfigureAwait(false);
        if (response.StatusCode == HttpStatusCode.NotFound)
        {
            yield break;
        }

        response.EnsureSuccessStatusCode();
        byte[] body = await ReadAsync(response.Content, cancellationToken).ConfigureAwait(false);
        if (!SignedPacket.TryParse(id, body, out SignedPacket? packet, out string? problem) || !_freshness.TryTake(packet, out problem))
        {
            throw new InvalidDataException($"The pkarr relay {_relay} answered with a packet that is refused: {problem}.");
        }

        yield return packet.Data;
    }

    /// <inheritdoc/>
    public void Publish(EndpointData data)
    {
        ArgumentNullException.ThrowIfNull(data);
        lock (_gate)
        {
            _published = _options.PublishDirectAddresses ? data : data.RelayOnly();
        }

        _changed.Release();
    }

    /// <summary>Stops to publish. What was published stays at the relay until it forgets it.</summary>
    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync().ConfigureAwait(false);
        await _publishing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _http.Dispose();
        _changed.Dispose();
    }

    // A relay has no reason to send more than a packet has.
    private static async Task<byte[]> ReadAsync(HttpContent content, CancellationToken cancellationToken)
    {
        using Stream stream = await content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        var buffer = new byte[SignedPacket.MaxLength + 1];
        int length = await stream.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false);
        return buffer[..length];
    }

    private async Task PublishAllAsync()
    {
        CancellationToken closing = _closing.Token;
        await _changed.WaitAsync(closing).ConfigureAwait(false);
        int failures = 0;
        while (true)
        {
            EndpointData data;
            lock (_gate)
            {
                data = _published!;
            }

            TimeSpan wait;
            try
            {
                await PutAsync(data, closing).ConfigureAwait(false);
                failures = 0;
                wait = _options.RepublishInterval;
            }
            catch (Exception exception) when (!closing.IsCancellationRequested)
            {
                // Whatever the HTTP stack throws: the next attempt is the answer.
                failures++;
                wait = TimeSpan.FromSeconds(Math.Min(failures, _options.RepublishInterval.TotalSeconds));
                LogPublishFailed(_logger, _relay, exception);
            }

            await WaitForChangeAsync(wait, closing).ConfigureAwait(false);
        }
    }

    private async Task PutAsync(EndpointData data, CancellationToken cancellationToken)
    {
        // Strictly increasing, also where the clock was set back or two changes fall into one microsecond.
        ulong now = (ulong)Math.Max(0, (_options.TimeProvider.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond);
        _lastTimestamp = Math.Max(_lastTimestamp + 1, now);
        SignedPacket packet = SignedPacket.Create(_key!, data, _lastTimestamp);
        using var content = new ReadOnlyMemoryContent(packet.Bytes) { Headers = { ContentType = ContentType } };
        using HttpResponseMessage response = await _http.PutAsync(UrlOf(_key!.Id), content, cancellationToken).ConfigureAwait(false);
        response.EnsureSuccessStatusCode();
        LogPublished(_logger, _relay);
    }

    private async Task WaitForChangeAsync(TimeSpan atMost, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(atMost, _options.TimeProvider);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        await _changed.WaitAsync(linked.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        cancellationToken.ThrowIfCancellationRequested();
        while (_changed.Wait(0, CancellationToken.None))
        {
        }
    }

    private Uri UrlOf(EndpointId id) => new(_relay, ZBase32.Encode(id));

    [LoggerMessage(31, LogLevel.Debug, "Published this endpoint at the pkarr relay {Relay}.")]
    private static partial void LogPublished(ILogger logger, Uri relay);

    [LoggerMessage(32, LogLevel.Warning, "Publishing at the pkarr relay {Relay} failed; it is tried again.")]
    private static partial void LogPublishFailed(ILogger logger, Uri relay, Exception exception);
}
