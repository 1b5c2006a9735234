using IrohRpc.Reach.Relay.Protocol;
using IrohRpc.Transports;
using Microsoft.Extensions.Logging;

namespace IrohRpc.Reach.Relay;

/// <summary>
/// The relays of an endpoint: a lasting session with its home, the nearest of those that it was given, and passing ones with those at which its peers are.
/// </summary>
internal sealed partial class RelayNetwork : IDatagramRelay, IAsyncDisposable
{
    private readonly Lock _lock = new();
    private readonly IReadOnlyList<RelayConfig> _relays;
    private readonly SecretKey _key;
    private readonly RelayNetworkOptions _options;
    private readonly RelayProbe _probe;
    private readonly HomeRelayChoice _choice = new();
    private readonly Dictionary<string, RelayUse> _uses = [];
    private readonly HashSet<Task> _endings = [];
    private readonly CancellationTokenSource _closing = new();
    private readonly SemaphoreSlim _probeNow = new(0);
    private TaskCompletionSource _online = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task _running = Task.CompletedTask;
    private string? _announced;
    private volatile IRelayedDatagramReceiver? _receiver;

    /// <summary>Prepares; <see cref="Start"/> begins.</summary>
    /// <param name="relays">The relays of which one is to be the home.</param>
    /// <param name="key">The endpoint's key, which outlives this object.</param>
    /// <param name="options">How they are used.</param>
    public RelayNetwork(IReadOnlyList<RelayConfig> relays, SecretKey key, RelayNetworkOptions options)
    {
        _relays = relays;
        _key = key;
        _options = options;
        _probe = new RelayProbe(options);
    }

    /// <summary>The home has changed, or been reached for the first time. Called outside of any lock.</summary>
    public Action? HomeChanged { get; set; }

    /// <summary>The URL of the home relay, where it has been reached.</summary>
    public string? Home
    {
        get
        {
            lock (_lock)
            {
                return _announced;
            }
        }
    }

    /// <inheritdoc/>
    public IRelayedDatagramReceiver? Receiver
    {
        get => _receiver;
        set => _receiver = value;
    }

    /// <summary>Chooses a home and connects to it.</summary>
    public void Start() => _running = Task.WhenAll(ChooseAsync(), SweepAsync());

    /// <summary>Measures the relays anew at once, and sees whether the sessions live: the machine has come into another network.</summary>
    public void HandleNetworkChanged()
    {
        if (_closing.IsCancellationRequested)
        {
            return;
        }

        RelayUse[] uses;
        lock (_lock)
        {
            uses = [.. _uses.Values];
        }

        foreach (RelayUse use in uses)
        {
            use.Session.CheckNow();
        }

        _probeNow.Release();
    }

    /// <summary>Waits until there is a connection to the home relay.</summary>
    public Task WaitOnlineAsync(CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return _online.Task.WaitAsync(cancellationToken);
        }
    }

    /// <inheritdoc/>
    public void Send(string relayUrl, EndpointId peer, ReadOnlySpan<byte> datagrams, int segmentLength, byte ecn)
    {
        if (Use(relayUrl) is { } use)
        {
            RelaySessionMetrics.Sent(datagrams.Length, use.Session.TrySend(new RelayDatagrams(peer, (RelayEcn)(ecn & 3), segmentLength, datagrams)));
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync().ConfigureAwait(false);
        await _running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        RelayUse[] uses;
        Task[] endings;
        lock (_lock)
        {
            uses = [.. _uses.Values];
            _uses.Clear();
            endings = [.. _endings];
            _online.TrySetException(new ObjectDisposedException(nameof(RelayNetwork), "The endpoint closes."));
            _ = _online.Task.Exception;
        }

        foreach (RelayUse use in uses)
        {
            RelaySessionMetrics.Remove(use);
            await use.Session.DisposeAsync().ConfigureAwait(false);
        }

        await Task.WhenAll(endings).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _probe.Dispose();
        _probeNow.Dispose();
        _closing.Dispose();
    }

    /// <summary>Datagrams came through a relay.</summary>
    internal void HandleDatagrams(RelayUse use, RelayDatagrams datagrams)
    {
        use.LastUsed = _options.TimeProvider.GetTimestamp();
        RelaySessionMetrics.Received(datagrams.Bytes.Length);
        _receiver?.Receive(use.Url, datagrams.Peer, datagrams.Bytes, datagrams.SegmentSize, (byte)datagrams.Ecn);
    }

    /// <summary>A session was connected, lost, or told of a problem.</summary>
    internal void HandleState(RelayUse use, RelaySessionState state, string? problem)
    {
        if (state == RelaySessionState.Connected)
        {
            RelaySessionMetrics.Connected(use);
        }

        if (problem is not null)
        {
            RelaySessionMetrics.Failed(use);
            LogProblem(_options.Logger, use.Url, problem);
        }

        bool isAnnounced = false;
        lock (_lock)
        {
            if (use.Url != _choice.Home)
            {
                return;
            }

            if (state is RelaySessionState.Connected or RelaySessionState.Superseded)
            {
                _online.TrySetResult();
                isAnnounced = _announced != use.Url;
                _announced = use.Url;
            }
            else if (_online.Task.IsCompleted)
            {
                _online = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            }
        }

        if (isAnnounced)
        {
            LogHome(_options.Logger, use.Url);
            HomeChanged?.Invoke();
        }
    }

    /// <summary>Whether a relay is the home.</summary>
    internal bool IsHome(RelayUse use)
    {
        lock (_lock)
        {
            return use.Url == _choice.Home;
        }
    }

    /// <summary>The home relay that was chosen, where one was, and whether it is connected.</summary>
    internal (string? Url, bool IsConnected) GetHome()
    {
        lock (_lock)
        {
            return (_choice.Home, _online.Task.IsCompletedSuccessfully);
        }
    }

    private RelayUse? Use(string url)
    {
        lock (_lock)
        {
            if (_closing.IsCancellationRequested)
            {
                return null;
            }

            if (!_uses.TryGetValue(url, out RelayUse? use))
            {
                if (_uses.Count >= _options.MaxSessions)
                {
                    End(_uses.Values.Where(other => other.Url != _choice.Home).MinBy(other => other.LastUsed));
                }

                use = new RelayUse(this, url, _key, SessionOptions(url));
                _uses.Add(url, use);
                RelaySessionMetrics.Add(use);
            }

            use.LastUsed = _options.TimeProvider.GetTimestamp();
            return use;
        }
    }

    // Within the lock.
    private void End(RelayUse? use)
    {
        if (use is not null && _uses.Remove(use.Url))
        {
            RelaySessionMetrics.Remove(use);
            Task ending = use.Session.DisposeAsync().AsTask();
            _endings.RemoveWhere(static ended => ended.IsCompleted);
            _endings.Add(ending);
        }
    }

    private RelaySessionOptions SessionOptions(string url) => new()
    {
        AccessToken = _relays.FirstOrDefault(relay => relay.Url.AbsoluteUri == url)?.AccessToken,
        TimeProvider = _options.TimeProvider,
        Logger = _options.Logger,
        HttpInvoker = _options.HttpInvoker,
    };

    private async Task ChooseAsync()
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        CancellationToken closing = _closing.Token;
        Uri[] urls = [.. _relays.Select(relay => relay.Url)];
        while (true)
        {
            // Of one relay there is nothing to choose.
            IReadOnlyList<(string, TimeSpan?)> measured = urls.Length == 1
                ? [(urls[0].AbsoluteUri, TimeSpan.Zero)]
                : await _probe.MeasureAsync(urls, closing).ConfigureAwait(false);
            Choose(measured);
            using var interval = new CancellationTokenSource(_choice.Home is null ? TimeSpan.FromSeconds(1) : _options.ProbeInterval, _options.TimeProvider);
            using var linked = CancellationTokenSource.CreateLinkedTokenSource(closing, interval.Token);
            await _probeNow.WaitAsync(linked.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            closing.ThrowIfCancellationRequested();
        }
    }

    private void Choose(IReadOnlyList<(string Url, TimeSpan? Latency)> measured)
    {
        lock (_lock)
        {
            if (!_choice.Add(measured))
            {
                return;
            }

            if (_online.Task.IsCompleted)
            {
                _online = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            }
        }

        RelayUse? use = Use(_choice.Home!);
        if (use?.Session.State is RelaySessionState.Connected or RelaySessionState.Superseded)
        {
            HandleState(use, RelaySessionState.Connected, null);
        }
    }

    private async Task SweepAsync()
    {
        while (true)
        {
            await Task.Delay(_options.IdleTimeout / 4, _options.TimeProvider, _closing.Token).ConfigureAwait(false);
            lock (_lock)
            {
                foreach (RelayUse use in _uses.Values.ToArray())
                {
                    if (use.Url != _choice.Home && _options.TimeProvider.GetElapsedTime(use.LastUsed) > _options.IdleTimeout)
                    {
                        End(use);
                    }
                }
            }
        }
    }

    [LoggerMessage(51, LogLevel.Information, "The home relay is {Url}.")]
    private static partial void LogHome(ILogger logger, string url);

    [LoggerMessage(52, LogLevel.Warning, "Relay {Url}: {Problem}")]
    private static partial void LogProblem(ILogger logger, string url, string problem);
}
