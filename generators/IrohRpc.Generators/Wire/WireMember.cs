using Microsoft.CodeAnalysis;

namespace IrohRpc.Generators.Wire;

/// <summary>A member that MemoryPack writes; one with a formatter of its own has a form that only that formatter knows.</summary>
/// <param name="Name">The name that the signature text has for it.</param>
/// <param name="Type">Its type.</param>
/// <param name="Formatter">What the signature text says of its own formatter; null where it has none.</param>
/// <param name="Number">Its tag in a type that tolerates versions, its place in any other.</param>
internal sealed record WireMember(string Name, ITypeSymbol Type, string? Formatter, int Number)
{
    /// <summary>Whether it has a formatter of its own.</summary>
    public bool CustomFormatter => Formatter is not null;

    /// <summary>Where a member is declared that a compiled project does not show: how many bases up, and whether it is a field.</summary>
    public (int Level, bool IsField)? Unseen { get; init; }
}
