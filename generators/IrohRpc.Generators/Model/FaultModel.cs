namespace IrohRpc.Generators.Model;

/// <summary>A typed fault that a method declares.</summary>
/// <param name="Name">Its simple name.</param>
/// <param name="Value">The fault's type.</param>
/// <param name="SignatureId">The id of its form on the wire.</param>
internal sealed record FaultModel(string Name, ValueModel Value, ulong SignatureId);
