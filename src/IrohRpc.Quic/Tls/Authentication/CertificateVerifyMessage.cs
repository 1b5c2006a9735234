using IrohRpc.Quic.Tls.Messages;

namespace IrohRpc.Quic.Tls.Authentication;

/// <summary>CertificateVerify and what it signs (RFC 8446, section 4.4.3).</summary>
internal static class CertificateVerifyMessage
{
    private const int PaddingLength = 64;

    /// <summary>What is signed.</summary>
    /// <param name="isServer">Whether the server signs.</param>
    /// <param name="transcript">The hash of the messages up to and including Certificate.</param>
    public static byte[] SignedContent(bool isServer, ReadOnlySpan<byte> transcript)
    {
        ReadOnlySpan<byte> context = isServer ? "TLS 1.3, server CertificateVerify\0"u8 : "TLS 1.3, client CertificateVerify\0"u8;
        byte[] content = new byte[PaddingLength + context.Length + transcript.Length];
        content.AsSpan(0, PaddingLength).Fill(0x20);
        context.CopyTo(content.AsSpan(PaddingLength));
        transcript.CopyTo(content.AsSpan(PaddingLength + context.Length));
        return content;
    }

    /// <summary>Reads the message.</summary>
    /// <param name="message">The message with its header.</param>
    /// <param name="scheme">The scheme, which may be any number.</param>
    /// <returns>The signature.</returns>
    public static ReadOnlySpan<byte> Read(ReadOnlySpan<byte> message, out SignatureScheme scheme)
    {
        var reader = new MessageReader(message[4..]);
        scheme = (SignatureScheme)reader.ReadUInt16();
        ReadOnlySpan<byte> signature = reader.ReadVector16();
        reader.EnsureEnd();
        return signature;
    }

    /// <summary>Writes the message.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="scheme">The scheme.</param>
    /// <param name="signature">The signature.</param>
    public static void Write(MessageWriter writer, SignatureScheme scheme, ReadOnlySpan<byte> signature)
    {
        int message = writer.BeginMessage(HandshakeType.CertificateVerify);
        writer.WriteUInt16((ushort)scheme);
        writer.WriteVector16(signature);
        writer.EndMessage(message);
    }
}
