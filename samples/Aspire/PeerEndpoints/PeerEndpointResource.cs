using Aspire.Hosting.ApplicationModel;
using IrohRpc;

namespace AppHost.PeerEndpoints;

/// <summary>A peer endpoint in the model of an application: its connection string is its ticket.</summary>
/// <param name="name">The name of the resource, and of the connection string.</param>
/// <param name="secretKeyFile">Where its key is.</param>
/// <param name="port">Where it listens, on this machine.</param>
/// <param name="ticket">What others need to call it.</param>
public sealed class PeerEndpointResource(string name, string secretKeyFile, int port, EndpointTicket ticket) : Resource(name), IResourceWithConnectionString
{
    /// <summary>The file that keeps the secret key.</summary>
    public string SecretKeyFile => secretKeyFile;

    /// <summary>The port, of UDP and TCP.</summary>
    public int Port => port;

    /// <summary>The ticket.</summary>
    public EndpointTicket Ticket => ticket;

    /// <inheritdoc/>
    public ReferenceExpression ConnectionStringExpression => ReferenceExpression.Create($"{Ticket.ToString()}");
}
