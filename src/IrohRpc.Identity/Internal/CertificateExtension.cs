namespace IrohRpc.Identity.Internal;

/// <summary>An extension of a certificate (RFC 5280, section 4.2).</summary>
internal readonly record struct CertificateExtension(string Oid, bool Critical, ReadOnlyMemory<byte> Value);
