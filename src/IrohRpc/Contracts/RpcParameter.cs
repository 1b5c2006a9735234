namespace IrohRpc;

/// <summary>A parameter of a contract's method that travels: no cancellation token and no <see cref="CallContext"/>.</summary>
public sealed class RpcParameter
{
    internal RpcParameter(string name, IReadOnlyList<object> metadata)
    {
        Name = name;
        Metadata = metadata;
    }

    /// <summary>The name in C#.</summary>
    public string Name { get; }

    /// <summary>The attributes that derive from <see cref="RpcMetadataAttribute"/>.</summary>
    public IReadOnlyList<object> Metadata { get; }

    /// <summary>The name.</summary>
    public override string ToString() => Name;
}
