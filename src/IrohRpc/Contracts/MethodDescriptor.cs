using System.ComponentModel;

namespace IrohRpc.CompilerServices;

/// <summary>All that the runtime knows of one method of a contract. Immutable; one instance for the life of the program.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class MethodDescriptor
{
    private readonly PayloadPart[] _arguments = [];
    private PayloadPlan? _argumentPlan;
    private bool? _argumentsHaveGaps;
    private ContractDescriptor? _contract;

    /// <summary>Its place in <see cref="ContractDescriptor.Methods"/>, by which dispatchers switch.</summary>
    public required int Index { get; init; }

    /// <summary>The name in C#, for messages and traces.</summary>
    public required string Name { get; init; }

    /// <summary>The name that <see cref="NameId"/> is made from.</summary>
    public required string WireName { get; init; }

    /// <summary>The signature text of docs/protocol.md.</summary>
    public required string Signature { get; init; }

    /// <summary>The first four bytes of the name's SHA-256.</summary>
    public required uint NameId { get; init; }

    /// <summary>The first eight bytes of the signature's SHA-256.</summary>
    public required ulong SignatureId { get; init; }

    /// <summary>What the result is.</summary>
    public required ResultKind Result { get; init; }

    /// <summary>The parameters that travel, in order; a parameter's index here is its index on the wire. Default none.</summary>
    public IReadOnlyList<ParameterDescriptor> Parameters { get; init; } = [];

    /// <summary>What values and contracts among the arguments look like; empty where they need no check, as any bytes of their size are right.</summary>
    public IReadOnlyList<PayloadPart> Arguments { get => _arguments; init => _arguments = [.. value]; }

    /// <summary>The oldest ALPN that has the method, or null where all have it.</summary>
    public string? Since { get; init; }

    /// <summary>Whether the type of a resulting value or contract says that there is no null.</summary>
    public bool RefusesNullResult { get; init; }

    /// <summary>Whether it may be sent again after a loss.</summary>
    public bool IsIdempotent { get; init; }

    /// <summary>The largest message in bytes, or null for what the options say.</summary>
    public int? MessageLimit { get; init; }

    /// <summary>The attributes that derive from <see cref="RpcMetadataAttribute"/>, the contract's before the method's. Default none.</summary>
    public IReadOnlyList<object> Metadata { get; init; } = [];

    /// <summary>The method as interceptors see it.</summary>
    internal RpcMethod Method => field ??= new RpcMethod(this);

    /// <summary>The typed faults that it declares. Default none.</summary>
    public IReadOnlyList<FaultDescriptor> Faults { get; init; } = [];

    internal ReadOnlySpan<PayloadPart> ArgumentParts => _arguments;

    internal bool ArgumentsHaveGaps => _argumentsHaveGaps ??= Array.Exists(_arguments, part => part.Shape.HasGaps);

    internal PayloadPlan ArgumentPlan => _argumentPlan ??= PayloadPlan.ForPayload(_arguments);

    /// <summary>The index on the wire of the parameter behind an argument; -1 for none.</summary>
    internal int ParameterOfArgument(int argument)
    {
        for (int i = 0; i < Parameters.Count; i++)
        {
            if (Parameters[i].Kind is ParameterKind.Value or ParameterKind.Contract && argument-- == 0)
            {
                return i;
            }
        }

        return -1;
    }

    /// <summary>The contract that the method belongs to.</summary>
    /// <exception cref="InvalidOperationException">The method is not part of a contract yet.</exception>
    public ContractDescriptor Contract
    {
        get => _contract ?? throw new InvalidOperationException($"{Name} is not part of a contract.");
        internal set => _contract = value;
    }

    /// <summary>The name for messages: <c>IGreeter.HelloAsync</c>.</summary>
    public override string ToString() => _contract is null ? Name : $"{_contract.Name}.{Name}";
}
