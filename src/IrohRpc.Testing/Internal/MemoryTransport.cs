using IrohRpc.Transports;

namespace IrohRpc.Testing.Internal;

/// <summary>The transport of one <see cref="MemoryNetwork"/>.</summary>
internal sealed class MemoryTransport(MemoryNetwork network) : ITransport
{
    public const string TransportName = "memory";

    public string Name => TransportName;

    public string? UnsupportedReason => null;

    public bool CanDial(TransportAddress address)
    {
        ArgumentNullException.ThrowIfNull(address);
        return network.Owns(address);
    }

    public ValueTask<PeerConnection> DialAsync(TransportAddress address, DialRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (!CanDial(address))
        {
            return ValueTask.FromException<PeerConnection>(new PeerException(
                PeerErrorKind.TransportUnsupported,
                $"{address} is no address of this memory network; peers meet in memory only on one and the same network."));
        }

        return cancellationToken.IsCancellationRequested
            ? ValueTask.FromCanceled<PeerConnection>(cancellationToken)
            : network.DialAsync(address, request, cancellationToken);
    }

    public ValueTask<ITransportListener> ListenAsync(ListenRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        return cancellationToken.IsCancellationRequested
            ? ValueTask.FromCanceled<ITransportListener>(cancellationToken)
            : new ValueTask<ITransportListener>(network.Listen(request));
    }
}
