namespace IrohRpc.Extensions.Policies;

/// <summary>Who is on a list, as configuration says it.</summary>
public sealed class PeerAllowListOptions
{
    /// <summary>Endpoint ids as text, hexadecimal or base32.</summary>
    public IList<string> Peers { get; } = [];
}
