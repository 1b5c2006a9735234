namespace IrohRpc.Quic.Tls.Keys;

/// <summary>Fills a buffer with random bytes. Tests put a source of their own here to replay published traces.</summary>
/// <param name="destination">What to fill.</param>
internal delegate void RandomFill(Span<byte> destination);
