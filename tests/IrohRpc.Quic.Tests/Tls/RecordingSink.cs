using IrohRpc.Quic.Cryptography;
using IrohRpc.Quic.Tls;
using IrohRpc.Quic.Tls.Resumption;

namespace IrohRpc.Quic.Tests.Tls;

/// <summary>Keeps what a handshake produces.</summary>
internal sealed class RecordingSink : ITlsHandshakeSink
{
    public Queue<(EncryptionLevel Level, byte[] Data)> Output { get; } = [];

    public List<(EncryptionLevel Level, SecretDirection Direction, CipherSuite Suite, string Secret)> Secrets { get; } = [];

    public List<TlsSession> Sessions { get; } = [];

    public void OnCryptoData(EncryptionLevel level, ReadOnlySpan<byte> data) => Output.Enqueue((level, data.ToArray()));

    public void OnSecret(EncryptionLevel level, SecretDirection direction, CipherSuite suite, ReadOnlySpan<byte> secret)
        => Secrets.Add((level, direction, suite, Convert.ToHexStringLower(secret)));

    public void OnSession(TlsSession session) => Sessions.Add(session);

    public string Secret(EncryptionLevel level, SecretDirection direction)
        => Assert.Single(Secrets, secret => secret.Level == level && secret.Direction == direction).Secret;
}
