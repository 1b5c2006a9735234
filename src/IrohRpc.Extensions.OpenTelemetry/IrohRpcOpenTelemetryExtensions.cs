using IrohRpc;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace OpenTelemetry;

/// <summary>Adds what IrohRpc tells of its calls and connections.</summary>
public static class IrohRpcOpenTelemetryExtensions
{
    /// <summary>Adds traces and metrics: <c>services.AddOpenTelemetry().AddIrohRpc()</c>.</summary>
    /// <param name="builder">The builder.</param>
    /// <returns><paramref name="builder"/>.</returns>
    public static IOpenTelemetryBuilder AddIrohRpc(this IOpenTelemetryBuilder builder)
        => builder.WithTracing(static tracing => tracing.AddIrohRpcInstrumentation()).WithMetrics(static metrics => metrics.AddIrohRpcInstrumentation());

    /// <summary>Adds the spans of calls.</summary>
    /// <param name="builder">The builder.</param>
    /// <returns><paramref name="builder"/>.</returns>
    public static TracerProviderBuilder AddIrohRpcInstrumentation(this TracerProviderBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.AddSource(RpcTelemetry.ActivitySourceName);
    }

    /// <summary>Adds the metrics of calls, connections and relays; those of a relay that this program runs (<c>IrohRpc.Relay</c>) too.</summary>
    /// <param name="builder">The builder.</param>
    /// <returns><paramref name="builder"/>.</returns>
    public static MeterProviderBuilder AddIrohRpcInstrumentation(this MeterProviderBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.AddMeter(RpcTelemetry.MeterName, RpcTelemetry.RelayMeterName);
    }
}
