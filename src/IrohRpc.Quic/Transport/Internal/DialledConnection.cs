using IrohRpc.Quic.Connections;
using IrohRpc.Quic.Endpoints;
using IrohRpc.Transports;

namespace IrohRpc.Quic.Transport.Internal;

/// <summary>A connection that this side dialled.</summary>
internal sealed class DialledConnection : QuicPeerConnection
{
    private readonly EndpointId _peerId;

    // Null once the peer has proved who it is; how the connection ended where it did not come to that.
    private readonly TaskCompletionSource<ConnectionClose?> _handshake = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Prepares a connection.</summary>
    public DialledConnection(QuicNode node, TransportSettings settings, TransportAddress remoteAddress, EndpointId peerId)
        : base(node, settings, remoteAddress) => _peerId = peerId;

    /// <inheritdoc/>
    public override EndpointId PeerId => _peerId;

    /// <summary>Completes when the handshake is over: with null where it succeeded.</summary>
    public Task<ConnectionClose?> Handshake => _handshake.Task;

    /// <summary>Takes over what drives the connection, and sends the first datagram.</summary>
    public void Start(EndpointConnection io)
    {
        Attach(io);
        bool mustSend;
        lock (Gate)
        {
            mustSend = io.TryClaimSending();
        }

        if (mustSend)
        {
            io.SendNow();
        }
    }

    /// <inheritdoc/>
    public override void HandleUnreachable() => _handshake.TrySetResult(
        new ConnectionClose(ConnectionCloseKind.ClosedLocally, false, 0, 0, "", new EndpointUnreachableException()));

    private protected override void HandleHandshakeCompleted() => _handshake.TrySetResult(null);

    private protected override void HandleEnded(ConnectionClose close) => _handshake.TrySetResult(close);
}
