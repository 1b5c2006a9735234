using Microsoft.Extensions.Logging;

namespace IrohRpc.Gossip.Net;

internal static partial class GossipLog
{
    [LoggerMessage(1, LogLevel.Debug, "Peer {Peer} could not be reached.")]
    public static partial void DialFailed(ILogger logger, EndpointId peer, Exception failure);

    [LoggerMessage(2, LogLevel.Warning, "Peer {Peer} is dropped: {Problem}.")]
    public static partial void PeerDropped(ILogger logger, EndpointId peer, string problem);

    [LoggerMessage(3, LogLevel.Debug, "The connection to {Peer} ended.")]
    public static partial void ConnectionEnded(ILogger logger, EndpointId peer, Exception failure);

    [LoggerMessage(4, LogLevel.Trace, "To {Peer}: {Message}")]
    public static partial void Sending(ILogger logger, EndpointId peer, Messages.GossipMessage message);

    [LoggerMessage(5, LogLevel.Trace, "From {Peer}: {Message}")]
    public static partial void Receiving(ILogger logger, EndpointId peer, Messages.GossipMessage message);

    [LoggerMessage(6, LogLevel.Debug, "{Peer} is a neighbour: {IsUp}")]
    public static partial void Neighbor(ILogger logger, EndpointId peer, bool isUp);

    [LoggerMessage(7, LogLevel.Debug, "A call of {Contract} over a topic did not run: {Problem}.")]
    public static partial void CallRefused(ILogger logger, string contract, string problem);

    [LoggerMessage(8, LogLevel.Error, "A call of {Contract} over a topic failed.")]
    public static partial void CallFailed(ILogger logger, string contract, Exception exception);
}
