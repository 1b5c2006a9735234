namespace IrohRpc.Reach.Relay.Protocol;

/// <summary>The versions of the relay protocol, which client and relay agree on as a WebSocket subprotocol.</summary>
internal enum RelayProtocolVersion
{
    /// <summary><c>iroh-relay-v1</c>.</summary>
    V1 = 1,

    /// <summary><c>iroh-relay-v2</c>: <see cref="RelayFrameType.Status"/> in the place of <see cref="RelayFrameType.Health"/>.</summary>
    V2 = 2,
}
