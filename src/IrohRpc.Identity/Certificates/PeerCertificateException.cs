using System.Security.Cryptography;

namespace IrohRpc.Identity;

/// <summary>A peer's certificate does not prove an identity. The peer is at fault; nothing is wrong with this side.</summary>
public sealed class PeerCertificateException : CryptographicException
{
    /// <summary>Makes the exception.</summary>
    /// <param name="error">Why the certificate was refused.</param>
    /// <param name="message">What was seen, for a person.</param>
    /// <param name="innerException">The exception behind it, if any.</param>
    public PeerCertificateException(PeerCertificateError error, string message, Exception? innerException = null)
        : base(message, innerException) => Error = error;

    /// <summary>Why the certificate was refused.</summary>
    public PeerCertificateError Error { get; }
}
