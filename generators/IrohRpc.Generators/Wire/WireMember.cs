using Microsoft.CodeAnalysis;

namespace IrohRpc.Generators.Wire;

/// <summary>A member that MemoryPack writes; one with a formatter of its own has a form that only that formatter knows.</summary>
/// <param name="Name">The name that the signature text has for it.</param>
/// <param name="Type">Its type.</param>
/// <param name="CustomFormatter">Whether it has a formatter of its own.</param>
/// <param name="Number">Its tag in a type that tolerates versions, its place in any other.</param>
internal sealed record WireMember(string Name, ITypeSymbol Type, bool CustomFormatter, int Number);
