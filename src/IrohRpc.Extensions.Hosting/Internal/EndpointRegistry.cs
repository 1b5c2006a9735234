using IrohRpc.Internal;
using Microsoft.Extensions.DependencyInjection;

namespace IrohRpc.Extensions.Hosting.Internal;

/// <summary>The endpoints and clients of a service collection: one object that lies in it while services are registered.</summary>
internal sealed class EndpointRegistry(IServiceCollection services)
{
    private readonly Dictionary<string, EndpointRegistration> _endpoints = new(StringComparer.Ordinal);
    private int _clients;

    /// <summary>All that is registered, to find mistakes in it.</summary>
    public IServiceCollection Services => services;

    public IEnumerable<EndpointRegistration> Endpoints => _endpoints.Values;

    /// <summary>The options names of the clients.</summary>
    public List<string> Clients { get; } = [];

    public static EndpointRegistry Of(IServiceCollection services)
    {
        foreach (ServiceDescriptor descriptor in services)
        {
            if (!descriptor.IsKeyedService && descriptor.ImplementationInstance is EndpointRegistry found)
            {
                return found;
            }
        }

        var registry = new EndpointRegistry(services);
        services.AddSingleton(registry);
        return registry;
    }

    /// <summary>Adds an endpoint, or finds the one of that name.</summary>
    public bool TryAdd(string name, out EndpointRegistration registration)
    {
        if (_endpoints.TryGetValue(name, out registration!))
        {
            return false;
        }

        registration = new EndpointRegistration(name);
        _endpoints.Add(name, registration);
        return true;
    }

    /// <summary>A name for a client that was given none.</summary>
    public string NextClientName(string contract) => $"{contract}#{++_clients}";
}
