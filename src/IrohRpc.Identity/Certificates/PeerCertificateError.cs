namespace IrohRpc.Identity;

/// <summary>Why <see cref="PeerCertificate"/> refused a certificate.</summary>
public enum PeerCertificateError
{
    /// <summary>The bytes are not one DER certificate of X.509 version 3, or hold what such a certificate must not.</summary>
    Malformed,

    /// <summary>The peer showed no certificate.</summary>
    Missing,

    /// <summary>The peer showed more than one certificate.</summary>
    MoreThanOne,

    /// <summary>The certificate becomes valid later. The clock of one side may be wrong.</summary>
    NotYetValid,

    /// <summary>The certificate is no longer valid. The clock of one side may be wrong.</summary>
    Expired,

    /// <summary>The certificate's own key is of a kind, or on a curve, that is not accepted here.</summary>
    UnsupportedKey,

    /// <summary>The curve of the certificate's own key is not given by name, which would let the peer choose its parameters.</summary>
    UnnamedCurve,

    /// <summary>The certificate is signed over a hash of less than 256 bits, such as MD5 or SHA-1.</summary>
    WeakHash,

    /// <summary>The certificate is signed with an algorithm that is not accepted here.</summary>
    UnsupportedSignature,

    /// <summary>The certificate is not signed by its own key.</summary>
    SelfSignature,

    /// <summary>A critical extension is not understood here.</summary>
    UnknownCriticalExtension,

    /// <summary>The libp2p public key extension is absent.</summary>
    NoIdentity,

    /// <summary>The libp2p public key extension is there more than once, or is not what the specification says.</summary>
    MalformedIdentity,

    /// <summary>The identity is a key of another type than Ed25519.</summary>
    UnsupportedIdentity,

    /// <summary>The identity's signature over the certificate's key is wrong: the peer does not hold the key that it claims.</summary>
    IdentitySignature,
}
