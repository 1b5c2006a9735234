using IrohRpc.Quic.Connections;
using IrohRpc.Quic.Tls;

namespace IrohRpc.Quic.Endpoints;

/// <summary>Who takes over a connection that comes in.</summary>
internal interface IIncomingConnection : IConnectionOwner
{
    /// <summary>The limits of the connection.</summary>
    QuicConnectionOptions Options { get; }

    /// <summary>Makes the handshake.</summary>
    /// <param name="sink">Takes what it produces.</param>
    /// <param name="parameters">The transport parameters.</param>
    TlsHandshake CreateHandshake(ITlsHandshakeSink sink, ReadOnlyMemory<byte> parameters);

    /// <summary>The connection has been made; nothing has been received yet.</summary>
    /// <param name="connection">The connection.</param>
    void Start(EndpointConnection connection);
}
