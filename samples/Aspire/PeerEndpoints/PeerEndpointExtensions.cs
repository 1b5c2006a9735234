using System.Globalization;
using System.Net;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using IrohRpc;

namespace AppHost.PeerEndpoints;

/// <summary>Peer endpoints in the model of an application.</summary>
public static class PeerEndpointExtensions
{
    /// <summary>Adds an endpoint. Its key is kept beside the application host, so that its ticket stays the same from run to run.</summary>
    /// <param name="builder">The application.</param>
    /// <param name="name">The name of the resource, and of the connection string.</param>
    /// <param name="port">Where it listens, on this machine.</param>
    public static IResourceBuilder<PeerEndpointResource> AddPeerEndpoint(this IDistributedApplicationBuilder builder, string name, int port)
    {
        ArgumentNullException.ThrowIfNull(builder);
        string file = Path.Combine(builder.AppHostDirectory, ".peers", $"{name}.key");
        using SecretKey key = new SecretKeyFile(file) { CreateIfMissing = true }.Read();
        var address = new EndpointAddress(key.Id, TransportAddress.Ip(new IPEndPoint(IPAddress.Loopback, port)));
        return builder.AddResource(new PeerEndpointResource(name, file, port, new EndpointTicket(address))).WithInitialState(new CustomResourceSnapshot
        {
            ResourceType = "Peer endpoint",
            State = KnownResourceStates.Running,
            Properties = [new ResourcePropertySnapshot("id", key.Id.ToString()), new ResourcePropertySnapshot("ticket", new EndpointTicket(address).ToString())],
        });
    }

    /// <summary>Makes a program the one that has the endpoint: it gets the key and the port as the settings that <c>AddPeerEndpoint(section)</c> reads.</summary>
    /// <typeparam name="T">The kind of program.</typeparam>
    /// <param name="program">The program.</param>
    /// <param name="endpoint">The endpoint.</param>
    /// <param name="section">The section of its configuration.</param>
    public static IResourceBuilder<T> WithPeerEndpoint<T>(this IResourceBuilder<T> program, IResourceBuilder<PeerEndpointResource> endpoint, string section = "Peer")
        where T : IResourceWithEnvironment
    {
        ArgumentNullException.ThrowIfNull(program);
        ArgumentNullException.ThrowIfNull(endpoint);
        return program
            .WithEnvironment($"{section}__SecretKeyFile", endpoint.Resource.SecretKeyFile)
            .WithEnvironment($"{section}__ListenOn", string.Create(CultureInfo.InvariantCulture, $"loopback:{endpoint.Resource.Port}"));
    }
}
