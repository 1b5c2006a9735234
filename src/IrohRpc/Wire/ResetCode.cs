namespace IrohRpc.Wire;

/// <summary>The codes with which directions of streams are reset; see docs/protocol.md.</summary>
internal static class ResetCode
{
    public const long Cancelled = 0x10;
    public const long IncompatibleVersion = 0x11;
    public const long UnknownStreamKind = 0x12;
    public const long BrokenFrame = 0x13;
    public const long LimitExceeded = 0x14;
    public const long UnknownCall = 0x15;
}
