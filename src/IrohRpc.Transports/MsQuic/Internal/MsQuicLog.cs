using Microsoft.Extensions.Logging;

namespace IrohRpc.Transports.MsQuic.Internal;

/// <summary>What the QUIC transport logs. Whatever a stranger can cause is at debug level.</summary>
internal static partial class MsQuicLog
{
    public const string Category = "IrohRpc.Transports.MsQuic";

    [LoggerMessage(1, LogLevel.Debug, "The handshake of {Remote} at {Local} failed: {Reason}")]
    public static partial void HandshakeFailed(ILogger logger, string remote, string local, string reason, Exception? exception);

    [LoggerMessage(2, LogLevel.Debug, "Refused {Remote} at {Local} before its handshake: {Reason}")]
    public static partial void Refused(ILogger logger, string remote, string local, string reason);

    [LoggerMessage(3, LogLevel.Error, "Handshake admission at {Local} threw; the connection is refused")]
    public static partial void AdmissionThrew(ILogger logger, string local, Exception exception);

    [LoggerMessage(4, LogLevel.Debug, "{Waiting} opens of a {Type} stream to {Peer} wait: the peer allows no more streams at present")]
    public static partial void OpensWait(ILogger logger, int waiting, string type, string peer);

    [LoggerMessage(5, LogLevel.Debug, "Peer {Peer} broke the rules of the control stream: {Violation}")]
    public static partial void ControlStreamViolated(ILogger logger, string peer, string violation);

    [LoggerMessage(6, LogLevel.Debug, "Peer {Peer} did not confirm the close of its connection in time")]
    public static partial void CloseUnconfirmed(ILogger logger, string peer);

    [LoggerMessage(7, LogLevel.Warning, "Releasing what belongs to the connection to {Peer} failed")]
    public static partial void ReleaseFailed(ILogger logger, string peer, Exception exception);
}
