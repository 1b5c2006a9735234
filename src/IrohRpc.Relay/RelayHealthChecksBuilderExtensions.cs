using IrohRpc.Relay.Internal;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace IrohRpc.Relay;

/// <summary>Health checks of a relay.</summary>
public static class RelayHealthChecksBuilderExtensions
{
    private static readonly string[] Ready = ["ready"];

    /// <summary>Checks the relay of the application: unhealthy while it has as many clients as it may have. <c>/healthz</c> says the same to whoever asks over HTTP.</summary>
    /// <param name="builder">The health checks.</param>
    /// <param name="name">The name of the check.</param>
    /// <param name="failureStatus">What is reported while it is full; null for unhealthy.</param>
    /// <param name="tags">The tags of the check; null for <c>ready</c>.</param>
    /// <returns><paramref name="builder"/>.</returns>
    public static IHealthChecksBuilder AddRelay(
        this IHealthChecksBuilder builder, string name = "relay", HealthStatus? failureStatus = null, IEnumerable<string>? tags = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.Add(new HealthCheckRegistration(name, static services => new RelayHealthCheck(services.GetRequiredService<RelayHub>()), failureStatus, tags ?? Ready));
    }
}
