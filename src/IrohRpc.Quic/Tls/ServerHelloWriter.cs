using IrohRpc.Quic.Cryptography;
using IrohRpc.Quic.Tls.Keys;
using IrohRpc.Quic.Tls.Messages;

namespace IrohRpc.Quic.Tls;

/// <summary>Writes ServerHello and HelloRetryRequest (RFC 8446, sections 4.1.3 and 4.1.4).</summary>
internal static class ServerHelloWriter
{
    private const ushort Tls12 = 0x0303;
    private const ushort Tls13 = 0x0304;

    /// <summary>Writes a ServerHello.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="suite">The suite that is chosen.</param>
    /// <param name="random">The random value.</param>
    /// <param name="share">The server's key.</param>
    /// <param name="usesPsk">Whether the first PSK is taken.</param>
    public static void Write(MessageWriter writer, CipherSuite suite, ReadOnlySpan<byte> random, KeyShare share, bool usesPsk)
    {
        int message = Begin(writer, suite, random, out int extensions);
        int extension = writer.BeginExtension(ExtensionType.KeyShare);
        writer.WriteUInt16((ushort)share.Group);
        writer.WriteVector16(share.PublicKey);
        writer.EndExtension(extension);
        if (usesPsk)
        {
            writer.WriteExtension(ExtensionType.PreSharedKey, [0, 0]);
        }

        writer.EndVector(extensions, 2);
        writer.EndMessage(message);
    }

    /// <summary>Writes a HelloRetryRequest.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="suite">The suite that is chosen.</param>
    /// <param name="group">The group that is asked for.</param>
    public static void WriteRetry(MessageWriter writer, CipherSuite suite, NamedGroup group)
    {
        int message = Begin(writer, suite, ServerHello.RetryRandom, out int extensions);
        int extension = writer.BeginExtension(ExtensionType.KeyShare);
        writer.WriteUInt16((ushort)group);
        writer.EndExtension(extension);
        writer.EndVector(extensions, 2);
        writer.EndMessage(message);
    }

    private static int Begin(MessageWriter writer, CipherSuite suite, ReadOnlySpan<byte> random, out int extensions)
    {
        int message = writer.BeginMessage(HandshakeType.ServerHello);
        writer.WriteUInt16(Tls12);
        writer.WriteBytes(random);
        writer.WriteVector8([]);
        writer.WriteUInt16(suite.Code);
        writer.WriteUInt8(0); // no compression
        extensions = writer.BeginVector(2);
        int extension = writer.BeginExtension(ExtensionType.SupportedVersions);
        writer.WriteUInt16(Tls13);
        writer.EndExtension(extension);
        return message;
    }
}
