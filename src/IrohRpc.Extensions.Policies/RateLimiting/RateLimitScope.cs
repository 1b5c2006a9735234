namespace IrohRpc.Extensions.Policies;

/// <summary>Whose calls share a limiter.</summary>
[Flags]
public enum RateLimitScope
{
    /// <summary>All calls that the limit is for.</summary>
    All = 0,

    /// <summary>Those of one peer.</summary>
    Peer = 1,

    /// <summary>Those of one method.</summary>
    Method = 2,

    /// <summary>Those of one peer to one method.</summary>
    PeerAndMethod = Peer | Method,
}
