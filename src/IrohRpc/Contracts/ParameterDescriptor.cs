using System.ComponentModel;

namespace IrohRpc.CompilerServices;

/// <summary>One parameter that travels.</summary>
/// <param name="Name">Its name in C#, for messages.</param>
/// <param name="Kind">How it travels.</param>
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly record struct ParameterDescriptor(string Name, ParameterKind Kind);
