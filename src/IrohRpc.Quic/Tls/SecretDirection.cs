namespace IrohRpc.Quic.Tls;

/// <summary>Which packets a secret protects.</summary>
internal enum SecretDirection
{
    /// <summary>Packets that the peer sends.</summary>
    Read,

    /// <summary>Packets that this side sends.</summary>
    Write,
}
