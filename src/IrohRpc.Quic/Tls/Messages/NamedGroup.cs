namespace IrohRpc.Quic.Tls.Messages;

/// <summary>The groups for key exchange that are supported (RFC 8446, section 4.2.7).</summary>
internal enum NamedGroup : ushort
{
    Secp256r1 = 0x0017,
    X25519 = 0x001d,
}
