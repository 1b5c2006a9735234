namespace IrohRpc.Quic.Protection;

/// <summary>
/// Which packet numbers of one path the current keys have protected. Key updates are the connection's, packet numbers are the path's, and a phase bit is
/// understood by both.
/// </summary>
/// <param name="pathId">The path.</param>
internal sealed class PathKeyPhase(uint pathId)
{
    /// <summary>No number yet.</summary>
    public const long None = long.MaxValue;

    private int _keyPhase;

    /// <summary>The path's id, which is part of the nonce.</summary>
    public uint PathId { get; } = pathId;

    /// <summary>The lowest number that was sealed with the current key.</summary>
    public long FirstSealed { get; set; } = None;

    /// <summary>The lowest number that was opened with the current key: a packet with the other phase bit is older below it, newer above.</summary>
    public long FirstOpened { get; set; } = None;

    /// <summary>Starts anew where keys were updated since the last time.</summary>
    public PathKeyPhase At(int keyPhase)
    {
        if (_keyPhase != keyPhase)
        {
            _keyPhase = keyPhase;
            FirstSealed = None;
            FirstOpened = None;
        }

        return this;
    }
}
