using System.Net;
using System.Net.Sockets;
using IrohRpc.Quic.AddressDiscovery;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace IrohRpc.Relay.Internal;

/// <summary>Tells endpoints at which address the relay sees them, where the options name a port for it.</summary>
internal sealed partial class AddressDiscoveryService(IOptions<RelayOptions> options, ILogger<AddressDiscoveryService> logger) : IHostedService
{
    private readonly List<AddressObserver> _observers = [];

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (options.Value.AddressDiscoveryPort is { } port)
        {
            Observe(new IPEndPoint(IPAddress.Any, port));
            Observe(new IPEndPoint(IPAddress.IPv6Any, port));
        }

        return Task.CompletedTask;
    }

    private void Observe(IPEndPoint endPoint)
    {
        try
        {
            _observers.Add(AddressObserver.Start(endPoint, options.Value.AddressDiscoveryCertificate, TimeProvider.System, logger));
        }
        catch (SocketException exception) when (exception.SocketErrorCode is SocketError.AddressFamilyNotSupported or SocketError.ProtocolFamilyNotSupported)
        {
            // This machine lacks the family.
        }
        catch (SocketException exception)
        {
            // The relay relays all the same; its clients find fewer direct paths.
            LogNotBound(logger, endPoint, exception);
        }
    }

    [LoggerMessage(61, LogLevel.Error, "Endpoints cannot be told how this relay sees them: {EndPoint} cannot be bound.")]
    private static partial void LogNotBound(ILogger logger, IPEndPoint endPoint, Exception exception);

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
