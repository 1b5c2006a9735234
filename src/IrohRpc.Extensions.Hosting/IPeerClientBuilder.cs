using Microsoft.Extensions.DependencyInjection;

namespace IrohRpc;

/// <summary>Configures a client of the container; comes from <c>services.AddPeerClient()</c>. The methods are extensions, so that packages can add theirs.</summary>
public interface IPeerClientBuilder
{
    /// <summary>The name of the client's options, of <see cref="PeerChannelOptions"/> and <see cref="PeerClientOptions"/>.</summary>
    string Name { get; }

    /// <summary>Where services are registered.</summary>
    IServiceCollection Services { get; }
}
