using IrohRpc.Quic.Tls.Alerts;

namespace IrohRpc.Quic.Tls.Messages;

/// <summary>Certificate (RFC 8446, section 4.4.2): here always with exactly one entry and no extensions.</summary>
internal static class CertificateMessage
{
    /// <summary>Reads the message.</summary>
    /// <param name="message">The message with its header.</param>
    /// <param name="offered">What the message offered that this one answers.</param>
    /// <param name="isFromClient">Whether a client sent it: a client without a certificate sends an empty list.</param>
    /// <returns>The certificate or public key; any bytes.</returns>
    public static ReadOnlySpan<byte> Read(ReadOnlySpan<byte> message, OfferedExtensions offered, bool isFromClient)
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

        ReadOnlySpan<byte> certificate = list.ReadVector24();
        var extensions = new ExtensionReader(list.ReadVector16());
        if (extensions.Read())
        {
            throw offered.Refuse(extensions.Type, "Certificate message");
        }

        if (certificate.IsEmpty)
        {
            throw TlsAlertException.Malformed("The certificate is empty.");
        }

        return list.IsAtEnd
            ? certificate
            : throw new TlsAlertException(AlertDescription.BadCertificate, "The peer showed more than one certificate.");
    }

    /// <summary>Writes the message.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="certificate">The certificate or public key.</param>
    public static void Write(MessageWriter writer, ReadOnlySpan<byte> certificate)
    {
        int message = writer.BeginMessage(HandshakeType.Certificate);
        writer.WriteVector8([]);
        int list = writer.BeginVector(3);
        int entry = writer.BeginVector(3);
        writer.WriteBytes(certificate);
        writer.EndVector(entry, 3);
        writer.WriteVector16([]);
        writer.EndVector(list, 3);
        writer.EndMessage(message);
    }
}
