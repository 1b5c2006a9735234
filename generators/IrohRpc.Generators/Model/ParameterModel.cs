using IrohRpc.Generators.Internal;

namespace IrohRpc.Generators.Model;

/// <summary>One parameter of a remote method.</summary>
/// <param name="Name">The name, escaped where it is a keyword.</param>
/// <param name="Type">The type as code writes it, nullable annotations included.</param>
/// <param name="Kind">How it travels.</param>
/// <param name="Value">The value, or the items or reports; null for other kinds.</param>
/// <param name="Contract">The contract as code writes it, without nullable annotation; null for other kinds.</param>
/// <param name="IsNullable">Whether a contract may be null.</param>
/// <param name="WireIndex">Its place among the parameters that travel, or -1 where it does not.</param>
internal sealed record ParameterModel(
    string Name, string Type, ParameterKind Kind, ValueModel? Value, string? Contract, bool IsNullable, int WireIndex)
{
    /// <summary>The attributes for interceptors, as code makes them.</summary>
    public EquatableArray<string> Metadata { get; init; }
}
