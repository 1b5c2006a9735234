namespace IrohRpc.Reach.Relay.Protocol;

/// <summary>The constants of the relay protocol.</summary>
internal static class RelayProtocol
{
    /// <summary>The path of the WebSocket.</summary>
    public const string Path = "/relay";

    /// <summary>The subprotocol of version 1.</summary>
    public const string V1Name = "iroh-relay-v1";

    /// <summary>The subprotocol of version 2.</summary>
    public const string V2Name = "iroh-relay-v2";

    /// <summary>What may follow the type of a frame, in bytes.</summary>
    public const int MaxBodyLength = 65_536;

    /// <summary>The longest message, in bytes.</summary>
    public const int MaxMessageLength = 1 + MaxBodyLength;

    /// <summary>The bytes before a single datagram: type, id, ECN.</summary>
    public const int DatagramHeaderLength = 1 + EndpointId.Size + 1;

    /// <summary>The bytes before a batch of datagrams: type, id, ECN, segment size.</summary>
    public const int BatchHeaderLength = DatagramHeaderLength + 2;

    /// <summary>The length of a challenge and of what the client signs it with, in bytes.</summary>
    public const int ChallengeLength = 16;

    /// <summary>The length of a ping's payload, in bytes.</summary>
    public const int PingLength = 8;

    /// <summary>The highest version among the subprotocols that the other side offers; null where it offers none of ours.</summary>
    public static RelayProtocolVersion? Choose(IEnumerable<string> offered)
    {
        RelayProtocolVersion? chosen = null;
        foreach (string name in offered)
        {
            if (Parse(name) is { } version && (chosen is null || version > chosen))
            {
                chosen = version;
            }
        }

        return chosen;
    }

    /// <summary>The version that a subprotocol names; null where it is none.</summary>
    public static RelayProtocolVersion? Parse(string? name) => name switch
    {
        V1Name => RelayProtocolVersion.V1,
        V2Name => RelayProtocolVersion.V2,
        _ => null,
    };

    /// <summary>The subprotocol of a version.</summary>
    public static string NameOf(RelayProtocolVersion version) => version == RelayProtocolVersion.V1 ? V1Name : V2Name;
}
