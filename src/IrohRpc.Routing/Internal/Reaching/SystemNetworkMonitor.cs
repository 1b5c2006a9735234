using System.Net;
using System.Net.NetworkInformation;

namespace IrohRpc.Routing.Internal.Reaching;

/// <summary>Watches the machine's interfaces by the system's own notifications, and its sleep by the clock.</summary>
/// <param name="time">The clock.</param>
internal sealed class SystemNetworkMonitor(TimeProvider time) : INetworkMonitor
{
    // One change of networks brings several notifications: an address goes, an interface comes, an address comes.
    private static readonly TimeSpan Quiet = TimeSpan.FromMilliseconds(100);

    private readonly Lock _lock = new();
    private Action? _changed;
    private SleepDetector? _sleep;
    private ITimer? _timer;

    /// <inheritdoc/>
    public IReadOnlySet<IPAddress> Addresses
        => NetworkInterface.GetAllNetworkInterfaces()
            .Where(static nic => nic.OperationalStatus is OperationalStatus.Up or OperationalStatus.Unknown)
            .SelectMany(static nic => nic.GetIPProperties().UnicastAddresses)
            .Select(static unicast => new IPAddress(unicast.Address.GetAddressBytes()))
            .ToHashSet();

    /// <inheritdoc/>
    public void Start(Action changed)
    {
        lock (_lock)
        {
            _changed = changed;
            _timer = time.CreateTimer(static monitor => ((SystemNetworkMonitor)monitor!).Tell(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }

        NetworkChange.NetworkAddressChanged += HandleAddressChanged;
        NetworkChange.NetworkAvailabilityChanged += HandleAvailabilityChanged;
        _sleep = new SleepDetector(time, Note);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        NetworkChange.NetworkAddressChanged -= HandleAddressChanged;
        NetworkChange.NetworkAvailabilityChanged -= HandleAvailabilityChanged;
        _sleep?.Dispose();
        lock (_lock)
        {
            _changed = null;
            _timer?.Dispose();
            _timer = null;
        }
    }

    private void HandleAddressChanged(object? sender, EventArgs e) => Note();

    private void HandleAvailabilityChanged(object? sender, NetworkAvailabilityEventArgs e) => Note();

    private void Note()
    {
        lock (_lock)
        {
            _timer?.Change(Quiet, Timeout.InfiniteTimeSpan);
        }
    }

    private void Tell()
    {
        Action? changed;
        lock (_lock)
        {
            changed = _changed;
        }

        changed?.Invoke();
    }
}
