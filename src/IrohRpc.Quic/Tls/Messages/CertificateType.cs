namespace IrohRpc.Quic.Tls.Messages;

/// <summary>What a Certificate message holds (RFC 7250, section 3).</summary>
internal enum CertificateType : byte
{
    /// <summary>An X.509 certificate; what a peer means that negotiates no type.</summary>
    X509 = 0,

    /// <summary>A bare SubjectPublicKeyInfo.</summary>
    RawPublicKey = 2,
}
