namespace IrohRpc.Quic.Tls.Messages;

/// <summary>The handshake messages of TLS 1.3 (RFC 8446, section 4).</summary>
internal enum HandshakeType : byte
{
    ClientHello = 1,
    ServerHello = 2,
    NewSessionTicket = 4,
    EndOfEarlyData = 5,
    EncryptedExtensions = 8,
    Certificate = 11,
    CertificateRequest = 13,
    CertificateVerify = 15,
    Finished = 20,
    KeyUpdate = 24,

    /// <summary>Stands for the first ClientHello in the transcript after a HelloRetryRequest (RFC 8446, section 4.4.1).</summary>
    MessageHash = 254,
}
