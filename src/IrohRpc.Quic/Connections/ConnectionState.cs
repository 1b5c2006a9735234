namespace IrohRpc.Quic.Connections;

/// <summary>The stages of a connection (RFC 9000, section 10).</summary>
internal enum ConnectionState
{
    /// <summary>The handshake is under way.</summary>
    Handshaking,

    /// <summary>The handshake is complete on this side.</summary>
    Open,

    /// <summary>This side has closed: it answers what still comes with its CONNECTION_CLOSE, ever more rarely.</summary>
    Closing,

    /// <summary>The peer has closed: nothing is sent any more; packets that are still under way find somebody who ignores them.</summary>
    Draining,

    /// <summary>Nothing is left: the owner may forget the connection.</summary>
    Closed,
}
