using System.Net;

namespace IrohRpc.Reach.PortMapping;

/// <summary>What a router is asked for.</summary>
/// <param name="InternalPort">The UDP port of this machine.</param>
/// <param name="Suggested">The outside address and port that would be liked best, as those of the mapping before; null for none.</param>
/// <param name="Lifetime">For how long.</param>
internal sealed record PortMappingRequest(int InternalPort, IPEndPoint? Suggested, TimeSpan Lifetime)
{
    /// <summary>The outside port to ask for: the one before, or the one that peers know already.</summary>
    public int SuggestedPort => Suggested?.Port ?? InternalPort;
}
