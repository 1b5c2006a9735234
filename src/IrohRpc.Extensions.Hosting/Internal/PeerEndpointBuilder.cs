using Microsoft.Extensions.DependencyInjection;

namespace IrohRpc.Internal;

internal sealed class PeerEndpointBuilder(EndpointRegistration registration, IServiceCollection services) : IPeerEndpointBuilder
{
    public string Name => registration.Name;

    public IServiceCollection Services => services;

    public EndpointRegistration Registration => registration;
}
