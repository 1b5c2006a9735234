namespace IrohRpc.Quic.Tls.Alerts;

/// <summary>The alerts of TLS 1.3 (RFC 8446, section 6). QUIC sends them as error code 0x100 plus the alert (RFC 9001, section 4.8).</summary>
internal enum AlertDescription : byte
{
    /// <summary>close_notify.</summary>
    CloseNotify = 0,

    /// <summary>A message that is not allowed in this state.</summary>
    UnexpectedMessage = 10,

    /// <summary>No acceptable set of parameters.</summary>
    HandshakeFailure = 40,

    /// <summary>A certificate that does not verify.</summary>
    BadCertificate = 42,

    /// <summary>A certificate of a type or with a key that is not accepted.</summary>
    UnsupportedCertificate = 43,

    /// <summary>A certificate that is not valid at this time.</summary>
    CertificateExpired = 45,

    /// <summary>A field that is out of range or inconsistent with others.</summary>
    IllegalParameter = 47,

    /// <summary>A certificate that names somebody else than expected.</summary>
    UnknownCa = 48,

    /// <summary>The identity is valid but not admitted.</summary>
    AccessDenied = 49,

    /// <summary>A message that does not parse.</summary>
    DecodeError = 50,

    /// <summary>A signature, Finished or PSK binder that does not verify.</summary>
    DecryptError = 51,

    /// <summary>No common version of TLS.</summary>
    ProtocolVersion = 70,

    /// <summary>A failure that is not the peer's fault.</summary>
    InternalError = 80,

    /// <summary>A required extension is absent.</summary>
    MissingExtension = 109,

    /// <summary>An extension that was not offered.</summary>
    UnsupportedExtension = 110,

    /// <summary>The client showed no certificate.</summary>
    CertificateRequired = 116,

    /// <summary>No common application protocol (RFC 7301).</summary>
    NoApplicationProtocol = 120,
}
