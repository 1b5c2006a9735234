using Microsoft.Extensions.Logging;

namespace IrohRpc.Transports.MsQuic.Internal;

/// <summary>What the MsQuic transport logs beside handshakes. Whatever a stranger can cause is at debug level.</summary>
internal static partial class MsQuicLog
{
    public const string Category = "IrohRpc.Transports.MsQuic";

    [LoggerMessage(4, LogLevel.Debug, "{Waiting} opens of a {Type} stream to {Peer} wait: the peer allows no more streams at present")]
    public static partial void OpensWait(ILogger logger, int waiting, string type, string peer);

    [LoggerMessage(5, LogLevel.Debug, "Peer {Peer} broke the rules of the control stream: {Violation}")]
    public static partial void ControlStreamViolated(ILogger logger, string peer, string violation);

    [LoggerMessage(6, LogLevel.Debug, "Peer {Peer} did not confirm the close of its connection in time")]
    public static partial void CloseUnconfirmed(ILogger logger, string peer);

    [LoggerMessage(7, LogLevel.Warning, "Releasing what belongs to the connection to {Peer} failed")]
    public static partial void ReleaseFailed(ILogger logger, string peer, Exception exception);
}
