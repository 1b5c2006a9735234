using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace IrohRpc.Extensions.Hosting.Internal.Health;

/// <summary>Whether an endpoint of the host takes calls.</summary>
internal sealed class EndpointHealthCheck(HostedPeerEndpoint endpoint) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        HealthStatus failure = context.Registration.FailureStatus;
        HostedEndpointState state = endpoint.State;
        if (state is HostedEndpointState.NotStarted or HostedEndpointState.Stopped)
        {
            return Task.FromResult(new HealthCheckResult(failure, $"{endpoint} is {(state == HostedEndpointState.Stopped ? "closed" : "not bound")}."));
        }

        PeerEndpoint bound = endpoint.Endpoint;
        var data = new Dictionary<string, object>
        {
            ["id"] = bound.Id.ToString(),
            ["state"] = state.ToString(),
            ["addresses"] = string.Join(", ", bound.Address.Addresses),
            ["peers"] = endpoint.GetConnectedPeers().Count,
        };
        foreach (UnavailableTransport transport in bound.UnavailableTransports)
        {
            data[$"unavailable: {transport.Name}"] = transport.Reason;
        }

        if (bound.HomeRelay is { } relay)
        {
            data["home relay"] = relay.Url?.ToString() ?? "none has answered";
            data["home relay connected"] = relay.IsConnected;
        }

        return Task.FromResult(state switch
        {
            HostedEndpointState.Bound => new HealthCheckResult(failure, $"{endpoint} is bound and turns callers away until the host has started.", data: data),
            HostedEndpointState.Draining => new HealthCheckResult(failure, $"{endpoint} drains: the host is stopping.", data: data),
            _ when bound.UnavailableTransports.Count > 0 => new HealthCheckResult(
                HealthStatus.Degraded, $"{endpoint} takes calls, but not over {string.Join(", ", bound.UnavailableTransports.Select(transport => transport.Name))}.", data: data),
            _ when bound.HomeRelay is { IsConnected: false } away => new HealthCheckResult(
                HealthStatus.Degraded,
                $"{endpoint} takes calls, but not through a relay: {(away.Url is null ? "none of its relays has answered" : $"{away.Url} is not connected")}. Peers that need one do not reach it.",
                data: data),
            _ => new HealthCheckResult(HealthStatus.Healthy, $"{endpoint} takes calls.", data: data),
        });
    }
}
