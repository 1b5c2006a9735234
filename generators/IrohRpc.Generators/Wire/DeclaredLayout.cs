namespace IrohRpc.Generators.Wire;

/// <summary>What the declaration of a struct says about its layout in memory.</summary>
/// <param name="IsAuto">Whether the runtime orders the fields.</param>
/// <param name="Pack">The largest alignment of a field, or 0 for the natural one.</param>
/// <param name="Size">The least size in bytes, or 0 for the natural one.</param>
internal sealed record DeclaredLayout(bool IsAuto, int Pack, int Size);
