namespace IrohRpc.Identity.Internal;

/// <summary>Object identifiers in messages.</summary>
internal static class ObjectIdentifierText
{
    private const int MaxLength = 64;

    /// <summary>The identifier, cut where a peer made it long to fill somebody's log.</summary>
    public static string Shorten(string oid) => oid.Length <= MaxLength ? oid : $"{oid.AsSpan(0, MaxLength)}…";
}
