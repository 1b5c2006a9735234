using System.ComponentModel;

namespace IrohRpc.CompilerServices;

/// <summary>One parameter that travels.</summary>
/// <param name="Name">Its name in C#, for messages.</param>
/// <param name="Kind">How it travels.</param>
/// <param name="Metadata">The attributes that derive from <see cref="RpcMetadataAttribute"/>; null for none.</param>
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly record struct ParameterDescriptor(string Name, ParameterKind Kind, IReadOnlyList<object>? Metadata = null);
