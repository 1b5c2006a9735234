using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace IrohRpc.Relay.Internal;

/// <summary>Whether a relay takes clients.</summary>
internal sealed class RelayHealthCheck(RelayHub hub) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var data = new Dictionary<string, object> { ["clients"] = hub.Clients };
        return Task.FromResult(hub.IsFull
            ? new HealthCheckResult(context.Registration.FailureStatus, $"The relay has {hub.Clients} clients and takes no more.", data: data)
            : new HealthCheckResult(HealthStatus.Healthy, $"The relay has {hub.Clients} clients.", data: data));
    }
}
