namespace IrohRpc.Gossip;

/// <summary>The names of iroh's gossip protocol, and how a router serves it.</summary>
public static class GossipProtocol
{
    /// <summary>The ALPN of iroh 0.90 and later: a stream for each topic and direction.</summary>
    public const string Alpn = "/iroh-gossip/1";

    /// <summary>The ALPN of iroh 0.35: one stream for everything.</summary>
    public const string OldAlpn = "/iroh-gossip/0";

    /// <summary>Serves gossip, both versions of it.</summary>
    /// <param name="builder">The router.</param>
    /// <param name="gossip">The gossip of the router's endpoint.</param>
    /// <returns>The builder.</returns>
    public static RouterBuilder MapGossip(this RouterBuilder builder, Gossip gossip)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.Map(Alpn, gossip).Map(OldAlpn, gossip);
    }
}
