using IrohRpc.CompilerServices;

namespace IrohRpc;

/// <summary>A method of a contract, as interceptors see it. Immutable; one instance for the life of the program.</summary>
public sealed class RpcMethod
{
    internal RpcMethod(MethodDescriptor descriptor)
    {
        ContractName = descriptor.Contract.Name;
        Name = descriptor.Name;
        WireName = descriptor.WireName;
        FullName = $"{ContractName}/{WireName}";
        IsIdempotent = descriptor.IsIdempotent;
        Kind = KindOf(descriptor);
        Parameters = [.. descriptor.Parameters.Select(static parameter => new RpcParameter(parameter.Name, parameter.Metadata ?? []))];
        Metadata = descriptor.Metadata;
        StreamsArguments = descriptor.Parameters.Any(static parameter => parameter.Kind is ParameterKind.Items or ParameterKind.Bytes or ParameterKind.BytesBack);
    }

    /// <summary>The contract's name in C#: <c>IGreeter</c>.</summary>
    public string ContractName { get; }

    /// <summary>The method's name in C#: <c>HelloAsync</c>.</summary>
    public string Name { get; }

    /// <summary>The method's name to peers: <c>Hello</c>.</summary>
    public string WireName { get; }

    /// <summary>Contract and name to peers, as traces and metrics show it: <c>IGreeter/Hello</c>.</summary>
    public string FullName { get; }

    /// <summary>Whether the method bears <see cref="IdempotentAttribute"/>.</summary>
    public bool IsIdempotent { get; }

    /// <summary>Which way it streams.</summary>
    public RpcMethodKind Kind { get; }

    /// <summary>The parameters that travel, in order.</summary>
    public IReadOnlyList<RpcParameter> Parameters { get; }

    /// <summary>The attributes that derive from <see cref="RpcMetadataAttribute"/>: the contract's before the method's.</summary>
    public IReadOnlyList<object> Metadata { get; }

    /// <summary>Whether an argument streams, so that the call cannot be made twice.</summary>
    internal bool StreamsArguments { get; }

    /// <summary>The most specific attribute of a type: the method's before the contract's; null for none.</summary>
    /// <typeparam name="T">The attribute's type, or one that it derives from or implements.</typeparam>
    public T? GetMetadata<T>()
        where T : class
    {
        for (int i = Metadata.Count - 1; i >= 0; i--)
        {
            if (Metadata[i] is T found)
            {
                return found;
            }
        }

        return null;
    }

    /// <summary>The name for messages: <c>IGreeter.HelloAsync</c>.</summary>
    public override string ToString() => $"{ContractName}.{Name}";

    private static RpcMethodKind KindOf(MethodDescriptor descriptor)
    {
        if (descriptor.Result == ResultKind.OneWay)
        {
            return RpcMethodKind.OneWay;
        }

        bool up = descriptor.Result == ResultKind.BytesBack;
        bool down = descriptor.Result is ResultKind.Items or ResultKind.Bytes;
        foreach (ParameterDescriptor parameter in descriptor.Parameters)
        {
            up |= parameter.Kind is ParameterKind.Items or ParameterKind.Bytes;
            down |= parameter.Kind == ParameterKind.BytesBack;
        }

        return (up, down) switch
        {
            (true, true) => RpcMethodKind.DuplexStreaming,
            (true, false) => RpcMethodKind.ClientStreaming,
            (false, true) => RpcMethodKind.ServerStreaming,
            _ => RpcMethodKind.Unary,
        };
    }
}
