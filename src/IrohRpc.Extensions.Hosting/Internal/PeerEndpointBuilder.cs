using IrohRpc.Internal;
using Microsoft.Extensions.DependencyInjection;

namespace IrohRpc.Extensions.Hosting.Internal;

internal sealed class PeerEndpointBuilder(EndpointRegistration registration, IServiceCollection services) : IPeerEndpointBuilder
{
    public string Name => registration.Name;

    public IServiceCollection Services => services;

    public EndpointRegistration Registration => registration;
}
