namespace IrohRpc.Payloads;

/// <summary>How far a payload may go while it is written.</summary>
/// <param name="MaxBytes">How many bytes what is enumerated may become, because it may have no end.</param>
/// <param name="MaxDepth">How many objects may stand within each other.</param>
internal readonly record struct WriteBounds(int MaxBytes, int MaxDepth)
{
    /// <summary>The bounds where no options are at hand.</summary>
    public static WriteBounds Default { get; } = new(64 * 1024 * 1024, PayloadLimits.Default.MaxDepth);
}
