using Microsoft.Extensions.Logging;

namespace IrohRpc.Channels;

/// <summary>What channels log.</summary>
internal static partial class ChannelLog
{
    public static void HandlerThrew(ILoggerFactory loggerFactory, EndpointId peer, Exception exception)
        => HandlerThrew(loggerFactory.CreateLogger<PeerChannel>(), peer.ToShortString(), exception);

    [LoggerMessage(21, LogLevel.Error, "A handler of Changed of the channel to {Peer} threw")]
    private static partial void HandlerThrew(ILogger logger, string peer, Exception exception);
}
