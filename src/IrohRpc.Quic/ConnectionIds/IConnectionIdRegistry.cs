using IrohRpc.Quic.Packets;
using IrohRpc.Quic.Protection;

namespace IrohRpc.Quic.ConnectionIds;

/// <summary>
/// Where a connection's own ids come from: the endpoint, which then brings datagrams with such an id to the connection. Calls come from inside
/// the connection's methods and must not call back.
/// </summary>
internal interface IConnectionIdRegistry
{
    /// <summary>Makes an id of the endpoint's length and has it lead to the connection.</summary>
    /// <param name="token">The token with which the endpoint would disown the id (RFC 9000, section 10.3).</param>
    ConnectionId Issue(out StatelessResetToken token);

    /// <summary>The peer does not use the id any more; datagrams with it are no longer the connection's.</summary>
    void Retire(in ConnectionId id);
}
