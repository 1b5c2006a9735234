using Microsoft.CodeAnalysis;

namespace IrohRpc.Generators.Wire;

/// <summary>A type that cannot be sent.</summary>
/// <param name="Type">The type.</param>
/// <param name="Path">The members through which it is reached; empty for the type itself.</param>
/// <param name="Reason">What keeps it from being sent.</param>
internal sealed record UnserializableType(ITypeSymbol Type, string Path, UnserializableReason Reason)
{
    /// <summary>Whether it contains ever larger types of its own making.</summary>
    public bool IsEndless => Reason == UnserializableReason.Endless;
}
