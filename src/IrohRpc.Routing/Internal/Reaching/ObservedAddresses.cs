using System.Net;
using System.Net.Sockets;
using IrohRpc.Quic.AddressDiscovery;
using IrohRpc.Quic.Transport.Internal;
using IrohRpc.Reach.Relay;
using Microsoft.Extensions.Logging;

namespace IrohRpc.Routing.Internal.Reaching;

/// <summary>Where relays see this endpoint's sockets: behind a NAT, what peers outside have to send to.</summary>
internal sealed class ObservedAddresses : IAsyncDisposable
{
    // Two tell whether they agree; more would tell nothing new.
    private const int MaxRelays = 2;

    private static readonly TimeSpan FirstRetry = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestRetry = TimeSpan.FromSeconds(60);

    private readonly QuicNode _node;
    private readonly IReadOnlyList<RelayConfig> _relays;
    private readonly TimeProvider _time;
    private readonly Action _changed;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _closing = new();
    private readonly Lock _lock = new();
    private readonly Dictionary<(Uri, AddressFamily), IPEndPoint> _observed = [];
    private TaskCompletionSource _again = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task _running = Task.CompletedTask;

    /// <param name="node">The endpoint's sockets.</param>
    /// <param name="relays">The relays that are asked.</param>
    /// <param name="time">The clock.</param>
    /// <param name="changed">Called when an address is another one.</param>
    /// <param name="logger">Where log lines go.</param>
    public ObservedAddresses(QuicNode node, IReadOnlyList<RelayConfig> relays, TimeProvider time, Action changed, ILogger logger)
    {
        _node = node;
        _relays = [.. relays.Where(static relay => relay.AddressDiscoveryPort > 0).Take(MaxRelays)];
        _time = time;
        _changed = changed;
        _logger = logger;
    }

    /// <summary>The addresses.</summary>
    public IReadOnlyList<IPEndPoint> Current
    {
        get
        {
            lock (_lock)
            {
                return [.. _observed.Values.Distinct()];
            }
        }
    }

    /// <summary>Starts to ask.</summary>
    public void Start() => _running = Task.WhenAll(
        from relay in _relays
        from family in (AddressFamily[])[AddressFamily.InterNetwork, AddressFamily.InterNetworkV6]
        select AskAsync(relay, family));

    /// <summary>Asks again at once: the network has changed.</summary>
    public void AskAgain()
    {
        lock (_lock)
        {
            _again.SetResult();
            _again = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }

    /// <summary>Asks no more.</summary>
    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync().ConfigureAwait(false);
        await _running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _closing.Dispose();
    }

    private async Task AskAsync(RelayConfig relay, AddressFamily family)
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        CancellationToken closing = _closing.Token;
        TimeSpan retry = FirstRetry;
        while (!closing.IsCancellationRequested)
        {
            Task again;
            lock (_lock)
            {
                again = _again.Task;
            }

            try
            {
                if (await ResolveAsync(relay, family, closing).ConfigureAwait(false) is not { } server)
                {
                    await again.WaitAsync(LongestRetry, _time, closing).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                    continue;
                }

                AddressQuery query = AddressQuery.Start(_node, server, ServerName(relay), _time, address => Set(relay.Url, family, address));
                await using (query.ConfigureAwait(false))
                {
                    Task over = Task.WhenAny(query.Ended, again);
                    await over.WaitAsync(closing).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                }
            }
            catch (Exception exception) when (!closing.IsCancellationRequested)
            {
                // The network, the name server and the sockets may fail in any way; asking again is the answer to all of them.
                RoutingLog.AddressNotObserved(_logger, relay.Url, exception);
            }

            bool wasKnown = Forget(relay.Url, family);
            retry = wasKnown || again.IsCompleted ? FirstRetry : retry + retry > LongestRetry ? LongestRetry : retry + retry;
            if (!again.IsCompleted)
            {
                await again.WaitAsync(retry, _time, closing).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private static async Task<IPEndPoint?> ResolveAsync(RelayConfig relay, AddressFamily family, CancellationToken cancellationToken)
    {
        IPAddress[] addresses = IPAddress.TryParse(relay.Url.DnsSafeHost, out IPAddress? literal)
            ? [literal]
            : await Dns.GetHostAddressesAsync(relay.Url.DnsSafeHost, cancellationToken).ConfigureAwait(false);
        return Array.Find(addresses, address => address.AddressFamily == family) is { } found ? new IPEndPoint(found, relay.AddressDiscoveryPort) : null;
    }

    // An address is no name (RFC 6066, section 3).
    private static string ServerName(RelayConfig relay) => relay.Url.HostNameType == UriHostNameType.Dns ? relay.Url.IdnHost : "";

    private void Set(Uri relay, AddressFamily family, IPEndPoint address)
    {
        lock (_lock)
        {
            if (_closing.IsCancellationRequested || (_observed.TryGetValue((relay, family), out IPEndPoint? known) && known.Equals(address)))
            {
                return;
            }

            _observed[(relay, family)] = address;
        }

        RoutingLog.AddressObserved(_logger, relay, address);
        _changed();
    }

    private bool Forget(Uri relay, AddressFamily family)
    {
        bool wasKnown;
        lock (_lock)
        {
            wasKnown = _observed.Remove((relay, family));
        }

        if (wasKnown)
        {
            _changed();
        }

        return wasKnown;
    }
}
