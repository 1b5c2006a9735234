using Microsoft.Extensions.DependencyInjection;

namespace IrohRpc.Internal;

internal sealed class PeerClientBuilder(string name, IServiceCollection services) : IPeerClientBuilder
{
    public string Name => name;

    public IServiceCollection Services => services;
}
