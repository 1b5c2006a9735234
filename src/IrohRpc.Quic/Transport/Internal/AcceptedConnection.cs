using IrohRpc.Quic.Connections;
using IrohRpc.Quic.Endpoints;
using IrohRpc.Quic.Tls;
using IrohRpc.Transports;

namespace IrohRpc.Quic.Transport.Internal;

/// <summary>A connection that came in at a listener.</summary>
internal sealed class AcceptedConnection : QuicPeerConnection, IIncomingConnection, IPendingHandshake
{
    private readonly QuicPeerListener _listener;
    private readonly IHandshakeLease? _lease;
    private volatile bool _hasShakenHands;

    /// <summary>Prepares a connection.</summary>
    public AcceptedConnection(QuicPeerListener listener, TransportAddress remoteAddress, IHandshakeLease? lease)
        : base(listener.Node, listener.Settings, remoteAddress)
    {
        _listener = listener;
        _lease = lease;
    }

    /// <inheritdoc/>
    public QuicConnectionOptions Options => _listener.ConnectionOptions;

    /// <inheritdoc/>
    public int Progress => Io.Pending is { HasAnswered: true } ? 1 : 0;

    /// <inheritdoc/>
    public bool IsWaitingForDialler => !_hasShakenHands;

    /// <inheritdoc/>
    public void GiveUp()
    {
        lock (Gate)
        {
            if (!_hasShakenHands)
            {
                Io.Abandon();
            }
        }
    }

    /// <inheritdoc/>
    public TlsHandshake CreateHandshake(ITlsHandshakeSink sink, ReadOnlyMemory<byte> parameters) => _listener.CreateHandshake(sink, parameters);

    /// <inheritdoc/>
    public void Start(EndpointConnection connection)
    {
        Attach(connection);
        _lease?.Begin(this);
    }

    private protected override void HandleHandshakeCompleted()
    {
        if (_hasShakenHands)
        {
            return;
        }

        _hasShakenHands = true;
        _listener.HandshakeCompleted(this, _lease);
    }

    private protected override void HandleEnded(ConnectionClose close) => _listener.ConnectionEnded(this, _lease, _hasShakenHands);
}
