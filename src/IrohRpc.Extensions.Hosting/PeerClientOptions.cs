namespace IrohRpc;

/// <summary>Which peer a client of the container calls, and from which endpoint. The values are read when the client is first asked for.</summary>
public sealed class PeerClientOptions
{
    /// <summary>Whom to call, and where it may be: an address, a ticket, or an id alone where the endpoint finds the peer by it. Required.</summary>
    public EndpointAddress? Peer { get; set; }

    /// <summary>The name of the endpoint that dials. Default the one without a name.</summary>
    public string EndpointName { get; set => field = value ?? throw new ArgumentNullException(nameof(value)); } = "";

    /// <summary>The path of the section that the options are read from, for messages; null where there is none.</summary>
    internal string? Section { get; set; }
}
