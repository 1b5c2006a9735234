using IrohRpc.CompilerServices;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace IrohRpc.Extensions.Hosting.Internal.Health;

/// <summary>Whether a peer that is injected can be reached: by the connection that there is, or by a dial.</summary>
internal sealed class PeerHealthCheck<T>(T proxy) : IHealthCheck
    where T : class, IContract<T>
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        if (PeerChannel.Of(proxy) is not { } channel)
        {
            return HealthCheckResult.Healthy($"{T.Descriptor.Name} is not a peer's: it was replaced in the container.");
        }

        var data = new Dictionary<string, object>
        {
            ["peer"] = channel.PeerId.ToString(), ["state"] = channel.State.ToString(), ["connections so far"] = channel.Generation,
        };
        try
        {
            RpcConnection connection = await channel.ConnectAsync<T>(null, cancellationToken).ConfigureAwait(false);
            data["transport"] = connection.Connection.Transport;
            data["alpn"] = connection.Alpn;
            return HealthCheckResult.Healthy($"{T.Descriptor.Name} at {channel.PeerId.ToShortString()} is connected.", data);
        }
        catch (Exception exception) when (exception is PeerException or ObjectDisposedException)
        {
            return new HealthCheckResult(context.Registration.FailureStatus, exception.Message, exception, data);
        }
    }
}
