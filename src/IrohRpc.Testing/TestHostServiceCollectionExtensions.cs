using IrohRpc.Transports;
using Microsoft.Extensions.DependencyInjection;

namespace IrohRpc.Testing;

/// <summary>Puts a network in memory below the peer endpoints of a host.</summary>
public static class TestHostServiceCollectionExtensions
{
    /// <summary>Has every peer endpoint of the host use a network in memory, whatever its options say otherwise. For hosts that <see cref="TestHost"/> does not start.</summary>
    /// <param name="services">The host's services.</param>
    /// <param name="network">The network.</param>
    /// <returns><paramref name="services"/>.</returns>
    public static IServiceCollection UseMemoryNetwork(this IServiceCollection services, MemoryNetwork network)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(network);
        return services.UseTransport(network.Transport);
    }

    internal static IServiceCollection UseTransport(this IServiceCollection services, ITransport transport)
        => services.PostConfigureAll<PeerEndpointOptions>(options => options.Transports = [transport]);
}
