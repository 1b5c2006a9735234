namespace IrohRpc.Payloads;

/// <summary>What one payload may cost its reader.</summary>
/// <param name="MaxDepth">How many values may stand within each other.</param>
/// <param name="MaxExpansion">How many bytes of memory each byte of a payload may become.</param>
/// <param name="MaxCollisions">How many pairs of its keys may have one hash.</param>
internal readonly record struct PayloadLimits(int MaxDepth, int MaxExpansion, int MaxCollisions)
{
    /// <summary>What the options say unless they are set.</summary>
    public static PayloadLimits Default { get; } = new(256, 32, 1_000_000);

    /// <summary>What every payload may become, however short it is.</summary>
    private const int FreeMemory = 64 * 1024;

    /// <summary>The memory that a payload of so many bytes may become.</summary>
    public long MemoryFor(int length) => FreeMemory + ((long)MaxExpansion * length);
}
