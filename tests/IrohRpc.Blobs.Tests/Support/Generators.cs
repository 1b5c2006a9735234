using CsCheck;

namespace IrohRpc.Blobs.Tests.Support;

internal static class Generators
{
    /// <summary>Ranges within and beyond a blob of some hundred chunks.</summary>
    public static Gen<ChunkRanges> Ranges { get; } = Gen.Select(Gen.Int[0, 1100], Gen.Int[0, 40], Gen.Int[0, 9])
        .Select(static (start, width, open) => ChunkRanges.Of((ulong)start, open == 0 ? null : (ulong)(start + width)))
        .List[0, 5]
        .Select(static parts => parts.Aggregate(ChunkRanges.None, static (all, next) => all.Union(next)));
}
