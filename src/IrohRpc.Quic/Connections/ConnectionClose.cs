namespace IrohRpc.Quic.Connections;

/// <summary>How and why a connection ended: what a user gets to see.</summary>
/// <param name="Kind">Who ended it and how.</param>
/// <param name="IsApplication">Whether <paramref name="ErrorCode"/> is the application's; otherwise it is QUIC's (RFC 9000, section 20.1).</param>
/// <param name="ErrorCode">The code that was said or is said to the peer; zero where nobody says anything.</param>
/// <param name="FrameType">The type of the frame at fault; zero where none is known.</param>
/// <param name="Reason">For people.</param>
/// <param name="Exception">What made this side close; null where nothing was thrown.</param>
internal sealed record ConnectionClose(
    ConnectionCloseKind Kind, bool IsApplication, long ErrorCode, long FrameType, string Reason, Exception? Exception = null)
{
    /// <summary>The TLS alert that <see cref="ErrorCode"/> carries; null where it carries none.</summary>
    public byte? TlsAlert => !IsApplication && ErrorCode is >= 0x100 and <= 0x1ff ? (byte)ErrorCode : null;
}
