using Microsoft.CodeAnalysis;

namespace IrohRpc.Generators.Wire;

/// <summary>A member that MemoryPack writes; one with a formatter of its own has a form that only that formatter knows.</summary>
internal sealed record WireMember(string Name, ITypeSymbol Type, bool CustomFormatter);
