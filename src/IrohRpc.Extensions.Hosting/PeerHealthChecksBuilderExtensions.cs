using IrohRpc;
using IrohRpc.CompilerServices;
using IrohRpc.Extensions.Hosting.Internal.Health;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Health checks of endpoints and of the peers that a program calls.</summary>
public static class PeerHealthChecksBuilderExtensions
{
    private static readonly string[] Ready = ["ready"];

    /// <summary>
    /// Checks an endpoint of the host, as readiness: unhealthy until it takes calls and from the moment that it drains, degraded where a transport that it was given does not work
    /// on this machine, or its home relay is not connected.
    /// </summary>
    /// <param name="builder">The health checks.</param>
    /// <param name="name">The name of the check.</param>
    /// <param name="endpointName">The name of the endpoint; empty for the one without.</param>
    /// <param name="failureStatus">What is reported where it does not take calls; null for unhealthy.</param>
    /// <param name="tags">The tags of the check; null for <c>ready</c>.</param>
    /// <returns><paramref name="builder"/>.</returns>
    public static IHealthChecksBuilder AddPeerEndpoint(
        this IHealthChecksBuilder builder, string name = "peer endpoint", string endpointName = "", HealthStatus? failureStatus = null, IEnumerable<string>? tags = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(endpointName);
        return builder.Add(new HealthCheckRegistration(
            name, services => new EndpointHealthCheck(services.GetRequiredKeyedService<HostedPeerEndpoint>(endpointName)), failureStatus, tags ?? Ready));
    }

    /// <summary>
    /// Checks a peer that was added with <c>AddPeerClient</c>: healthy where there is a connection or one can be made. It dials as a call does, so that the peer needs to be up for it; a service that
    /// can work without the peer reports <see cref="HealthStatus.Degraded"/>.
    /// </summary>
    /// <typeparam name="T">The contract.</typeparam>
    /// <param name="builder">The health checks.</param>
    /// <param name="name">The name of the check.</param>
    /// <param name="key">The key of the client; null for the one without.</param>
    /// <param name="failureStatus">What is reported where the peer cannot be reached; null for unhealthy.</param>
    /// <param name="tags">The tags of the check; null for none.</param>
    /// <param name="timeout">How long the check may take; null for as long as a dial may.</param>
    /// <returns><paramref name="builder"/>.</returns>
    public static IHealthChecksBuilder AddPeer<T>(
        this IHealthChecksBuilder builder, string name, object? key = null, HealthStatus? failureStatus = null, IEnumerable<string>? tags = null, TimeSpan? timeout = null)
        where T : class, IContract<T>
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.Add(new HealthCheckRegistration(
            name,
            services => new PeerHealthCheck<T>(key is null ? services.GetRequiredService<T>() : services.GetRequiredKeyedService<T>(key)),
            failureStatus,
            tags,
            timeout));
    }
}
