using Microsoft.Extensions.Logging;

namespace IrohRpc.Testing.Internal;

/// <summary>The log lines of the memory transport.</summary>
internal static partial class MemoryLog
{
    [LoggerMessage(Level = LogLevel.Debug, Message = "A handshake from {RemoteAddress} at {LocalAddress} failed: {Reason}.")]
    public static partial void HandshakeFailed(ILogger logger, TransportAddress remoteAddress, TransportAddress localAddress, string reason);
}
