using IrohRpc.Internal;
using Microsoft.Extensions.DependencyInjection;

namespace IrohRpc.Extensions.Hosting.Internal;

internal sealed class PeerClientBuilder(string name, IServiceCollection services) : IPeerClientBuilder
{
    public string Name => name;

    public IServiceCollection Services => services;
}
