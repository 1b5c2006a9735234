namespace IrohRpc.Channels;

/// <summary>What those have in common who share a proxy of one channel: what they call, and how.</summary>
internal sealed class ProxyKey(Type contract, ClientOptions options) : IEquatable<ProxyKey>
{
    public Type Contract => contract;

    public ClientOptions Options => options;

    public bool Equals(ProxyKey? other) => other is not null && contract == other.Contract && options.HasSameValues(other.Options);

    public override bool Equals(object? obj) => Equals(obj as ProxyKey);

    // Few ask for the same with other options.
    public override int GetHashCode() => contract.GetHashCode();
}
