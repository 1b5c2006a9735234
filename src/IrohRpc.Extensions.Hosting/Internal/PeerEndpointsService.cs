using IrohRpc.Extensions.Hosting.Internal.Validation;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace IrohRpc.Extensions.Hosting.Internal;

/// <summary>
/// Runs the endpoints with the host: bound before anything else of the host starts and accepting after it has, drained before anything else stops and closed after it has.
/// </summary>
internal sealed class PeerEndpointsService(EndpointRegistry registry, IServiceProvider services) : IHostedLifecycleService
{
    private readonly HostedPeerEndpoint[] _endpoints =
        [.. registry.Endpoints.Select(endpoint => services.GetRequiredKeyedService<HostedPeerEndpoint>(endpoint.Name))];

    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        StartCheck.Run(registry, services);
        foreach (HostedPeerEndpoint endpoint in _endpoints)
        {
            await endpoint.BindAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task StartedAsync(CancellationToken cancellationToken)
    {
        foreach (HostedPeerEndpoint endpoint in _endpoints)
        {
            await endpoint.AcceptAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    public Task StoppingAsync(CancellationToken cancellationToken)
        => Task.WhenAll(_endpoints.Select(endpoint => endpoint.DrainAsync(cancellationToken)));

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken)
        => Task.WhenAll(_endpoints.Select(endpoint => endpoint.DisposeAsync().AsTask().WaitAsync(cancellationToken)));
}
