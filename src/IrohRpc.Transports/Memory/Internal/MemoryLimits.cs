using IrohRpc.Transports.Internal;

namespace IrohRpc.Transports.Memory.Internal;

/// <summary>What one end allows the other: the part of <see cref="TransportSettings"/> that crosses in the handshake.</summary>
internal sealed record MemoryLimits(
    int BidirectionalStreams,
    int UnidirectionalStreams,
    int StreamWindow,
    int ConnectionWindow,
    TimeSpan IdleTimeout)
{
    public static MemoryLimits Of(TransportSettings settings) => new(
        settings.MaxInboundBidirectionalStreams,
        settings.MaxInboundUnidirectionalStreams,
        settings.StreamReceiveWindow,
        settings.ConnectionReceiveWindow,
        settings.IdleTimeout);
}
