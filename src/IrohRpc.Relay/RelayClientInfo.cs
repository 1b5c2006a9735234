using System.Net;

namespace IrohRpc.Relay;

/// <summary>A client of a relay, as <see cref="RelayOptions.Admit"/> sees it.</summary>
public sealed class RelayClientInfo
{
    internal RelayClientInfo(EndpointId id, IPAddress? address)
    {
        Id = id;
        Address = address;
    }

    /// <summary>The id that the client has proved.</summary>
    public EndpointId Id { get; }

    /// <summary>Where its connection comes from, where that is known.</summary>
    public IPAddress? Address { get; }
}
