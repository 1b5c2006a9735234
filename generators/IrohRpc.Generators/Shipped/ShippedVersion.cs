namespace IrohRpc.Generators.Shipped;

/// <summary>What one ALPN stands for on the wire: a block of the shipped file.</summary>
/// <param name="Alpn">The ALPN.</param>
/// <param name="IsRetired">Whether nobody serves it any more.</param>
/// <param name="Comments">What the team wrote above the block, each line with its <c>#</c>.</param>
/// <param name="Methods">Its methods by wire name.</param>
/// <param name="Types">The types that they reach, by name.</param>
internal sealed record ShippedVersion(
    string Alpn,
    bool IsRetired,
    IReadOnlyList<string> Comments,
    IReadOnlyDictionary<string, ShippedMethod> Methods,
    IReadOnlyDictionary<string, ShippedType> Types);
