using Microsoft.Extensions.Options;

namespace IrohRpc.Extensions.Hosting.Internal.Validation;

/// <summary>Looks at all that was registered before anything is bound, so that a host with a mistake does not start.</summary>
internal static class StartCheck
{
    /// <exception cref="OptionsValidationException">Something is wrong; the message lists every mistake.</exception>
    public static void Run(EndpointRegistry registry, IServiceProvider services)
    {
        var mistakes = new List<string>();
        foreach (EndpointRegistration endpoint in registry.Endpoints)
        {
            mistakes.AddRange(new LifetimeCheck(registry.Services, services).Find(endpoint.Services, endpoint.Interceptors));
        }

        foreach (string client in registry.Clients)
        {
            ClientCheck.Find(client, services, mistakes);
        }

        if (mistakes.Count > 0)
        {
            throw new OptionsValidationException(Options.DefaultName, typeof(PeerEndpointOptions), mistakes.Distinct());
        }
    }
}
