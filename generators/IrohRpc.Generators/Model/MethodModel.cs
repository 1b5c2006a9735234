using IrohRpc.Generators.Internal;

namespace IrohRpc.Generators.Model;

/// <summary>One remote method.</summary>
/// <param name="Name">The C# name, escaped where it is a keyword.</param>
/// <param name="Identifier">What is generated for it is called so: the C# name, or another where overloads share that.</param>
/// <param name="DeclaringInterface">The interface that declares it, as code writes it.</param>
/// <param name="AlsoDeclaredBy">Further interfaces with a method of the same signature: one method to the peer.</param>
/// <param name="WireName">The name that its id is made from.</param>
/// <param name="Signature">The signature text of docs/protocol.md.</param>
/// <param name="NameId">The first half of its id.</param>
/// <param name="SignatureId">The second half of its id.</param>
/// <param name="ReturnType">The return type as code writes it.</param>
/// <param name="ReturnShape">What wraps the result.</param>
/// <param name="ResultKind">What the result is.</param>
/// <param name="ResultValue">The result's value or items; null for other kinds.</param>
/// <param name="ResultContract">The result's contract as code writes it, without nullable annotation; null for other kinds.</param>
/// <param name="ResultIsNullable">Whether a resulting contract may be null.</param>
/// <param name="Parameters">The parameters in order, those that do not travel included.</param>
/// <param name="Since">The oldest ALPN that has it, or null for all.</param>
/// <param name="IsIdempotent">Whether it may be sent again after a loss.</param>
/// <param name="MessageLimit">The largest message in bytes, or null for the service's default.</param>
/// <param name="Faults">The typed faults that it declares.</param>
internal sealed record MethodModel(
    string Name,
    string Identifier,
    string DeclaringInterface,
    EquatableArray<string> AlsoDeclaredBy,
    string WireName,
    string Signature,
    uint NameId,
    ulong SignatureId,
    string ReturnType,
    ReturnShape ReturnShape,
    ResultKind ResultKind,
    ValueModel? ResultValue,
    string? ResultContract,
    bool ResultIsNullable,
    EquatableArray<ParameterModel> Parameters,
    string? Since,
    bool IsIdempotent,
    int? MessageLimit,
    EquatableArray<FaultModel> Faults)
{
    /// <summary>Whether the type of a resulting value or contract says that there is no null.</summary>
    public bool RefusesNullResult { get; init; }

    /// <summary>The attributes for interceptors, as code makes them; the contract's before the method's.</summary>
    public EquatableArray<string> Metadata { get; init; }
}
