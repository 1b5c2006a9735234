namespace IrohRpc.Quic.Cryptography;

/// <summary>The four sets of keys that a connection goes through (RFC 9001, section 2.1).</summary>
internal enum EncryptionLevel
{
    /// <summary>Keys that anybody on the path can derive from the first connection id.</summary>
    Initial,

    /// <summary>Keys of a resumed session, for data that the client sends before it has an answer.</summary>
    ZeroRtt,

    /// <summary>Keys of the key exchange, before the peer is authenticated.</summary>
    Handshake,

    /// <summary>Keys of the finished handshake.</summary>
    OneRtt,
}
