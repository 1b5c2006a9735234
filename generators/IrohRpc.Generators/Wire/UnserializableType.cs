using Microsoft.CodeAnalysis;

namespace IrohRpc.Generators.Wire;

/// <summary>A type that MemoryPack cannot serialize.</summary>
/// <param name="Type">The type.</param>
/// <param name="Path">The members through which it is reached; empty for the type itself.</param>
/// <param name="IsEndless">Whether the fault is that it contains ever larger types of its own making.</param>
internal sealed record UnserializableType(ITypeSymbol Type, string Path, bool IsEndless);
