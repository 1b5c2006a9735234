using IrohRpc;
using IrohRpc.Gossip;

namespace Chat;

/// <summary>Who this member is, and what it talks through.</summary>
internal sealed record Me(SecretKey Key, string Nickname, PeerEndpoint Endpoint, Gossip Gossip);
