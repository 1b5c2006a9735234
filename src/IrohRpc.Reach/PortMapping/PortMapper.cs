using System.Net;
using Microsoft.Extensions.Logging;

namespace IrohRpc.Reach.PortMapping;

/// <summary>
/// Keeps a port of this machine mapped at its router: by PCP, NAT-PMP or UPnP, whichever the router speaks. It asks again after half of the mapping's lifetime, so that a
/// router that was restarted has the mapping back by then, and when the network has changed.
/// </summary>
internal sealed partial class PortMapper : IAsyncDisposable
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(20);
    private static readonly TimeSpan ShortestInterval = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan LongestInterval = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan UnmapLimit = TimeSpan.FromSeconds(1);

    private readonly Func<Gateway?> _findGateway;
    private readonly Func<Gateway, IReadOnlyList<IPortMappingProtocol>> _createProtocols;
    private readonly int _internalPort;
    private readonly TimeProvider _time;
    private readonly Action _changed;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _closing = new();
    private readonly Lock _lock = new();
    private TaskCompletionSource _again = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task _running = Task.CompletedTask;
    private Gateway? _gateway;
    private IReadOnlyList<IPortMappingProtocol> _protocols = [];
    private IPortMappingProtocol? _speaking;
    private MappedPort? _mapping;
    private long _mappedAt;
    private Task? _disposing;

    /// <summary>Prepares; <see cref="Start"/> begins.</summary>
    /// <param name="internalEndPoint">Where the port is bound.</param>
    /// <param name="time">The clock.</param>
    /// <param name="changed">Called when <see cref="Current"/> is another one, by any thread.</param>
    /// <param name="logger">Where log lines go.</param>
    public PortMapper(IPEndPoint internalEndPoint, TimeProvider time, Action changed, ILogger logger)
        : this(() => Gateway.Find(internalEndPoint.Address), gateway => PortMappingProtocols.For(gateway, time), internalEndPoint.Port, time, changed, logger)
    {
    }

    internal PortMapper(
        Func<Gateway?> findGateway,
        Func<Gateway, IReadOnlyList<IPortMappingProtocol>> createProtocols,
        int internalPort,
        TimeProvider time,
        Action changed,
        ILogger logger)
    {
        _findGateway = findGateway;
        _createProtocols = createProtocols;
        _internalPort = internalPort;
        _time = time;
        _changed = changed;
        _logger = logger;
    }

    /// <summary>The address outside of the router at which the port is reached; null while there is none.</summary>
    public IPEndPoint? Current
    {
        get
        {
            lock (_lock)
            {
                return _mapping?.External;
            }
        }
    }

    /// <summary>Starts to ask.</summary>
    public void Start() => _running = RunAsync();

    /// <summary>Asks at once: the network has changed.</summary>
    public void AskAgain()
    {
        lock (_lock)
        {
            _again.TrySetResult();
        }
    }

    /// <summary>Gives the mapping back to the router, which has a second for it.</summary>
    public ValueTask DisposeAsync()
    {
        lock (_lock)
        {
            return new ValueTask(_disposing ??= DisposeCoreAsync());
        }
    }

    private async Task DisposeCoreAsync()
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        await _closing.CancelAsync().ConfigureAwait(false);
        await _running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (_mapping is { } mapping && _speaking is { } speaking)
        {
            using var limit = new CancellationTokenSource(UnmapLimit, _time);
            try
            {
                await speaking.UnmapAsync(mapping, _internalPort, limit.Token).ConfigureAwait(false);
            }
            catch (Exception exception) when (exception is PortMappingException or OperationCanceledException)
            {
                // It lapses by itself.
                LogNotUnmapped(_logger, mapping.External, exception);
            }
        }

        Forget();
        _closing.Dispose();
    }

    private async Task RunAsync()
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        CancellationToken closing = _closing.Token;
        TimeSpan interval = ShortestInterval;
        while (true)
        {
            Task again;
            lock (_lock)
            {
                if (_again.Task.IsCompleted)
                {
                    _again = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                    interval = ShortestInterval;
                }

                again = _again.Task;
            }

            MappedPort? mapping = await AskAsync(closing).ConfigureAwait(false);
            if (mapping is not null || !HoldsMapping)
            {
                Set(mapping);
            }

            TimeSpan wait = mapping is null ? interval : Clamp(mapping.Lifetime / 2);
            interval = mapping is null ? Clamp(2 * interval) : ShortestInterval;
            await again.WaitAsync(wait, _time, closing).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            closing.ThrowIfCancellationRequested();
        }
    }

    // A renewal that got lost does not end what the router has promised.
    private bool HoldsMapping => _speaking is not null && _mapping is { } mapping && _time.GetElapsedTime(_mappedAt) < mapping.Lifetime;

    private static TimeSpan Clamp(TimeSpan interval)
        => interval < ShortestInterval ? ShortestInterval : interval > LongestInterval ? LongestInterval : interval;

    private async Task<MappedPort?> AskAsync(CancellationToken cancellationToken)
    {
        Gateway? gateway = FindGateway();
        if (gateway != _gateway)
        {
            Forget();
            _gateway = gateway;
            _protocols = gateway is null ? [] : _createProtocols(gateway);
        }

        var request = new PortMappingRequest(_internalPort, _mapping?.External, Lifetime);
        foreach (IPortMappingProtocol protocol in _speaking is { } last ? [last, .. _protocols.Where(other => other != last)] : _protocols)
        {
            try
            {
                MappedPort mapping = await protocol.MapAsync(request, cancellationToken).ConfigureAwait(false);
                _speaking = protocol;
                _mappedAt = _time.GetTimestamp();
                return mapping;
            }
            catch (PortMappingException exception)
            {
                LogNotMapped(_logger, protocol.Name, gateway!.Router, exception);
            }
        }

        return null;
    }

    private Gateway? FindGateway()
    {
        try
        {
            return _findGateway();
        }
        catch (System.Net.NetworkInformation.NetworkInformationException)
        {
            // The interfaces are changing at this moment; they are looked at again.
            return null;
        }
    }

    private void Set(MappedPort? mapping)
    {
        bool isChanged;
        lock (_lock)
        {
            isChanged = !Equals(_mapping?.External, mapping?.External);
            _mapping = mapping;
        }

        if (isChanged)
        {
            if (mapping is not null)
            {
                LogMapped(_logger, _gateway!.Router, _speaking!.Name, mapping.External);
            }

            _changed();
        }
    }

    // The router that the mapping was with cannot be asked any more.
    private void Forget()
    {
        foreach (IPortMappingProtocol protocol in _protocols)
        {
            protocol.Dispose();
        }

        _protocols = [];
        _speaking = null;
    }

    [LoggerMessage(71, LogLevel.Information, "The router {Router} maps {External} to this endpoint, by {Protocol}.")]
    private static partial void LogMapped(ILogger logger, IPAddress router, string protocol, IPEndPoint external);

    [LoggerMessage(72, LogLevel.Debug, "{Protocol}: the router {Router} maps no port.")]
    private static partial void LogNotMapped(ILogger logger, string protocol, IPAddress router, Exception exception);

    [LoggerMessage(73, LogLevel.Debug, "The mapping of {External} could not be given back; it lapses.")]
    private static partial void LogNotUnmapped(ILogger logger, IPEndPoint external, Exception exception);
}
