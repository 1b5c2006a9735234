using IrohRpc.Quic.Tls.Alerts;

namespace IrohRpc.Quic.Tls.Messages;

/// <summary>Certificate (RFC 8446, section 4.4.2): of a peer always with exactly one entry, of a server of the web with its chain, and without extensions.</summary>
internal static class CertificateMessage
{
    /// <summary>Reads the message.</summary>
    /// <param name="message">The message with its header.</param>
    /// <param name="offered">What the message offered that this one answers.</param>
    /// <param name="isFromClient">Whether a client sent it: a client without a certificate sends an empty list.</param>
    /// <param name="takesChain">Whether the certificates of its issuers may follow.</param>
    /// <returns>The certificate or public key; any bytes.</returns>
    public static ReadOnlySpan<byte> Read(ReadOnlySpan<byte> message, OfferedExtensions offered, bool isFromClient, bool takesChain = false)
    {
        var reader = new MessageReader(message[4..]);
        ReadOnlySpan<byte> context = reader.ReadVector8();
        var list = new MessageReader(reader.ReadVector24());
        reader.EnsureEnd();
        if (!context.IsEmpty)
        {
            throw TlsAlertException.Illegal("The Certificate message of a handshake has a context.");
        }

        if (list.IsAtEnd)
        {
            throw isFromClient
                ? new TlsAlertException(AlertDescription.CertificateRequired, "The client showed no certificate.")
                : TlsAlertException.Malformed("The server showed no certificate.");
        }

        ReadOnlySpan<byte> certificate = ReadEntry(ref list, offered);
        while (takesChain && !list.IsAtEnd)
        {
            ReadEntry(ref list, offered);
        }

        return list.IsAtEnd
            ? certificate
            : throw new TlsAlertException(AlertDescription.BadCertificate, "The peer showed more than one certificate.");
    }

    /// <summary>Writes the message.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="certificate">The certificate or public key.</param>
    /// <param name="issuers">The certificates of its issuers.</param>
    public static void Write(MessageWriter writer, ReadOnlySpan<byte> certificate, IReadOnlyList<ReadOnlyMemory<byte>>? issuers = null)
    {
        int message = writer.BeginMessage(HandshakeType.Certificate);
        writer.WriteVector8([]);
        int list = writer.BeginVector(3);
        WriteEntry(writer, certificate);
        foreach (ReadOnlyMemory<byte> issuer in issuers ?? [])
        {
            WriteEntry(writer, issuer.Span);
        }

        writer.EndVector(list, 3);
        writer.EndMessage(message);
    }

    private static ReadOnlySpan<byte> ReadEntry(scoped ref MessageReader list, OfferedExtensions offered)
    {
        ReadOnlySpan<byte> certificate = list.ReadVector24();
        var extensions = new ExtensionReader(list.ReadVector16());
        if (extensions.Read())
        {
            throw offered.Refuse(extensions.Type, "Certificate message");
        }

        return certificate.IsEmpty ? throw TlsAlertException.Malformed("The certificate is empty.") : certificate;
    }

    private static void WriteEntry(MessageWriter writer, ReadOnlySpan<byte> certificate)
    {
        int entry = writer.BeginVector(3);
        writer.WriteBytes(certificate);
        writer.EndVector(entry, 3);
        writer.WriteVector16([]);
    }
}
