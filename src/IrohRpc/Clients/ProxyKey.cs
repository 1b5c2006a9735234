namespace IrohRpc.Internal;

/// <summary>What those have in common who share a proxy of one endpoint's: whom they call, as what, and how.</summary>
internal sealed class ProxyKey(EndpointId peer, Type contract, ClientOptions options) : IEquatable<ProxyKey>
{
    public EndpointId Peer => peer;

    public Type Contract => contract;

    public ClientOptions Options => options;

    public bool Equals(ProxyKey? other)
        => other is not null && peer == other.Peer && contract == other.Contract && options.HasSameValues(other.Options);

    public override bool Equals(object? obj) => Equals(obj as ProxyKey);

    // Few ask for the same with other options.
    public override int GetHashCode() => HashCode.Combine(peer, contract);
}
