using Microsoft.Extensions.Logging;

namespace IrohRpc.Transports.Internal;

/// <summary>What every transport logs of handshakes. Whatever a stranger can cause is at debug level. The logger's category names the transport.</summary>
internal static partial class HandshakeLog
{
    [LoggerMessage(21, LogLevel.Debug, "The handshake of {Remote} at {Local} failed: {Reason}")]
    public static partial void Failed(ILogger logger, string remote, string local, string reason, Exception? exception);

    [LoggerMessage(22, LogLevel.Debug, "Refused {Remote} at {Local} before its handshake: {Reason}")]
    public static partial void Refused(ILogger logger, string remote, string local, string reason);

    [LoggerMessage(24, LogLevel.Error, "Handshake admission at {Local} threw; the connection is refused")]
    public static partial void AdmissionThrew(ILogger logger, string local, Exception exception);

    [LoggerMessage(23, LogLevel.Warning, "Accepting at {Local} failed; trying again in {Delay}")]
    public static partial void AcceptFailed(ILogger logger, string local, TimeSpan delay, Exception exception);
}
