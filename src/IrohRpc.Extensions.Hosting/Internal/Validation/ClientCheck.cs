using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace IrohRpc.Extensions.Hosting.Internal.Validation;

/// <summary>Reads the options of a client as the host starts, since it may be asked for much later.</summary>
internal static class ClientCheck
{
    public static void Find(string client, IServiceProvider services, List<string> mistakes)
    {
        try
        {
            PeerClientOptions options = services.GetRequiredService<IOptionsMonitor<PeerClientOptions>>().Get(client);
            _ = services.GetRequiredService<IOptionsMonitor<PeerChannelOptions>>().Get(client);
            if (WhatIsMissing(client, options, services) is { } missing)
            {
                mistakes.Add(missing);
            }
        }
        catch (FormatException exception)
        {
            mistakes.Add(exception.Message);
        }
    }

    /// <summary>What keeps a client from being made; null where nothing does.</summary>
    public static string? WhatIsMissing(string client, PeerClientOptions options, IServiceProvider services)
    {
        if (options.Peer is null)
        {
            return options.Section is { } section
                ? $"The configuration key '{section}:{nameof(PeerClientOptions.Peer)}' is missing: the ticket or the id of the peer that {client} calls."
                : $"The client {client} has no peer to call: {nameof(PeerClientOptions)}.{nameof(PeerClientOptions.Peer)} is not set.";
        }

        return services.GetRequiredService<EndpointRegistry>().Endpoints.Any(endpoint => endpoint.Name == options.EndpointName) ? null
            : options.EndpointName.Length == 0 ? $"The client {client} has no endpoint to call from: services.AddPeerEndpoint() adds one."
            : $"The client {client} calls from the endpoint \"{options.EndpointName}\", which was not added.";
    }
}
