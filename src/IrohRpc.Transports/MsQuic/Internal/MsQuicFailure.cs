using System.Net.Quic;
using System.Runtime.Versioning;
using System.Security.Authentication;
using IrohRpc.Transports.Internal;

namespace IrohRpc.Transports.MsQuic.Internal;

/// <summary>Reads what System.Net.Quic throws.</summary>
[SupportedOSPlatform("linux")]
[SupportedOSPlatform("macos")]
[SupportedOSPlatform("windows")]
internal static class MsQuicFailure
{
    // A QUIC error of 0x100 to 0x1ff is a TLS alert (RFC 9001, section 4.8), whose number is in the lower byte.
    private const long FirstAlertError = 0x100;
    private const long LastAlertError = 0x1ff;
    private const long FirstViolationError = 0x3;
    private const long LastViolationError = 0xe;
    private const long ApplicationError = 0xc;

    // MsQuic's status codes, which AuthenticationException carries as its HResult: alert n is the first plus n, but for two.
    private static readonly int FirstAlertStatus = OperatingSystem.IsWindows() ? unchecked((int)0x80410100) : 200_000_000 + 256;
    private static readonly int AlpnStatus =
        OperatingSystem.IsWindows() ? unchecked((int)0x80410007) : OperatingSystem.IsMacOS() ? 42 : 92;

    private static readonly int UserCanceledStatus =
        OperatingSystem.IsWindows() ? unchecked((int)0x80410002) : OperatingSystem.IsMacOS() ? 105 : 130;

    /// <summary>The number of <c>user_canceled</c>, which MsQuic sends when it is told to close in the middle of a handshake.</summary>
    public const int UserCanceledAlert = 90;

    /// <summary>The TLS alert that ended the connection, or null where none did.</summary>
    public static int? FindAlert(Exception exception)
    {
        switch (exception)
        {
            case AuthenticationException when exception.HResult == AlpnStatus:
                return TlsAlert.NoApplicationProtocol;
            case AuthenticationException when exception.HResult == UserCanceledStatus:
                return UserCanceledAlert;
            case AuthenticationException when exception.HResult >= FirstAlertStatus && exception.HResult <= FirstAlertStatus + byte.MaxValue:
                return exception.HResult - FirstAlertStatus;
            case QuicException { TransportErrorCode: >= FirstAlertError and <= LastAlertError } quic:
                return (int)(quic.TransportErrorCode.Value - FirstAlertError);
            default:
                return null;
        }
    }

    /// <summary>How a connection ended that was established.</summary>
    /// <param name="exception">What a pending accept of streams, or an operation on a stream, threw.</param>
    public static ConnectionEnd ToConnectionEnd(Exception exception) => exception switch
    {
        QuicException { QuicError: QuicError.ConnectionAborted, ApplicationErrorCode: { } code } => ClosedByPeer(code, "", exception),
        QuicException { QuicError: QuicError.ConnectionIdle } => new(PeerErrorKind.IdleTimeout, null, "", exception),
        QuicException { TransportErrorCode: >= FirstViolationError and <= LastViolationError and not ApplicationError and { } code }
            => new(PeerErrorKind.ProtocolViolation, code, exception.Message, exception),
        _ => new(PeerErrorKind.ConnectionLost, null, "", exception),
    };

    /// <summary>The peer closed with a code.</summary>
    public static ConnectionEnd ClosedByPeer(long code, string reason, Exception? exception = null)
        => code == MsQuicTransport.ControlStreamErrorCode
            ? new(PeerErrorKind.ProtocolViolation, code, "the peer did not understand this side's control stream", exception)
            : new(PeerErrorKind.ClosedByPeer, code, reason, exception);
}
