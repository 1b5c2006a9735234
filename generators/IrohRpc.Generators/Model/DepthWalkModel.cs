using IrohRpc.Generators.Internal;

namespace IrohRpc.Generators.Model;

/// <summary>A generated method that looks how deep a value is nested before it is written.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">The type of the value, as a parameter has it.</param>
/// <param name="Lines">Its statements.</param>
internal sealed record DepthWalkModel(string Name, string Type, EquatableArray<string> Lines);
