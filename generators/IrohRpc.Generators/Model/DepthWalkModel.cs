using IrohRpc.Generators.Internal;

namespace IrohRpc.Generators.Model;

/// <summary>A generated method that looks at a value before it is written.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">The type of the value, as a parameter has it.</param>
/// <param name="CountsDepth">Whether it has a parameter that counts how deep the value is nested.</param>
/// <param name="Lines">Its statements.</param>
internal sealed record DepthWalkModel(string Name, string Type, bool CountsDepth, EquatableArray<string> Lines);
