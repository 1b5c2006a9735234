using Microsoft.Extensions.DependencyInjection;

namespace IrohRpc;

/// <summary>Configures an endpoint of the host; comes from <c>services.AddPeerEndpoint()</c>. The methods are extensions, so that packages can add theirs.</summary>
public interface IPeerEndpointBuilder
{
    /// <summary>The name of the endpoint, and of its options; empty for the one that was added without a name.</summary>
    string Name { get; }

    /// <summary>Where services are registered.</summary>
    IServiceCollection Services { get; }
}
