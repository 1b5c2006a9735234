using IrohRpc.Quic.Connections;
using IrohRpc.Quic.Endpoints;
using IrohRpc.Transports;

namespace IrohRpc.Quic.Transport.Internal;

/// <summary>A connection that this side dialled.</summary>
internal sealed class DialledConnection : QuicPeerConnection
{
    private readonly EndpointId _peerId;
    private readonly string? _earlyAlpn;

    // Null once the peer has proved who it is; how the connection ended where it did not come to that.
    private readonly TaskCompletionSource<ConnectionClose?> _handshake = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Prepares a connection.</summary>
    /// <param name="node">Whose it is.</param>
    /// <param name="settings">Limits and times.</param>
    /// <param name="remoteAddress">Where the peer is dialled.</param>
    /// <param name="peerId">Who must answer.</param>
    /// <param name="earlyAlpn">The ALPN under which early data is sent; null to wait for the handshake.</param>
    public DialledConnection(QuicNode node, TransportSettings settings, TransportAddress remoteAddress, EndpointId peerId, string? earlyAlpn)
        : base(node, settings, remoteAddress)
    {
        _peerId = peerId;
        _earlyAlpn = earlyAlpn;
    }

    /// <inheritdoc/>
    public override EndpointId PeerId => _peerId;

    /// <inheritdoc/>
    public override string Alpn => Core.Tls.Alpn ?? _earlyAlpn ?? base.Alpn;

    /// <summary>Completes when the handshake is over: with null where it succeeded.</summary>
    public Task<ConnectionClose?> Handshake => _handshake.Task;

    /// <summary>Whether the connection is handed out before its handshake is over.</summary>
    public bool IsEarly => _earlyAlpn is not null;

    /// <summary>Takes over what drives the connection, and sends the first datagram.</summary>
    public void Start(EndpointConnection io)
    {
        if (IsEarly)
        {
            ExpectHandshake();
        }

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

    private protected override void HandleEnded(ConnectionClose close)
    {
        if (_handshake.TrySetResult(close) && IsEarly)
        {
            // Sooner a round trip more than the same once again.
            Node.Peers.Forget(_peerId);
        }
    }
}
