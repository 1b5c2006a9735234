using System.Net;
using System.Net.Sockets;
using IrohRpc.Quic.AddressDiscovery;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace IrohRpc.Relay.Internal;

/// <summary>Tells endpoints at which address the relay sees them, where the options name a port for it.</summary>
internal sealed class AddressDiscoveryService(IOptions<RelayOptions> options, ILogger<AddressDiscoveryService> logger) : IHostedService
{
    private readonly List<AddressObserver> _observers = [];

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (options.Value.AddressDiscoveryPort is { } port)
        {
            _observers.Add(AddressObserver.Start(new IPEndPoint(IPAddress.Any, port), TimeProvider.System, logger));
            try
            {
                _observers.Add(AddressObserver.Start(new IPEndPoint(IPAddress.IPv6Any, port), TimeProvider.System, logger));
            }
            catch (SocketException exception) when (exception.SocketErrorCode is SocketError.AddressFamilyNotSupported or SocketError.ProtocolFamilyNotSupported)
            {
                // This machine has no IPv6.
            }
        }

        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        foreach (AddressObserver observer in _observers)
        {
            await observer.DisposeAsync().ConfigureAwait(false);
        }

        _observers.Clear();
    }
}
