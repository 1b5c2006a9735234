using IrohRpc.Quic.Tls.Alerts;

namespace IrohRpc.Quic.Tls.Messages;

/// <summary>CertificateRequest (RFC 8446, section 4.3.2).</summary>
internal static class CertificateRequestMessage
{
    /// <summary>Reads the message.</summary>
    /// <param name="message">The message with its header.</param>
    /// <returns>The signature schemes that the server can verify, two bytes each.</returns>
    public static ReadOnlySpan<byte> Read(ReadOnlySpan<byte> message)
    {
        var reader = new MessageReader(message[4..]);
        ReadOnlySpan<byte> context = reader.ReadVector8();
        var extensions = new ExtensionReader(reader.ReadVector16(2));
        reader.EnsureEnd();
        ReadOnlySpan<byte> schemes = default;
        while (extensions.Read())
        {
            // Unknown extensions are ignored here, unlike in the server's answers to extensions of the client.
            switch (extensions.Type)
            {
                case ExtensionType.SignatureAlgorithms:
                    var content = new MessageReader(extensions.Content);
                    schemes = content.ReadVector16(2);
                    content.EnsureEnd();
                    if (schemes.Length % 2 != 0)
                    {
                        throw TlsAlertException.Malformed("The list of signature schemes has an odd length.");
                    }

                    break;
                case ExtensionType.ServerName or ExtensionType.SupportedVersions or ExtensionType.SupportedGroups or ExtensionType.KeyShare
                    or ExtensionType.ApplicationLayerProtocolNegotiation or ExtensionType.ClientCertificateType
                    or ExtensionType.ServerCertificateType or ExtensionType.QuicTransportParameters or ExtensionType.PskKeyExchangeModes
                    or ExtensionType.PreSharedKey or ExtensionType.EarlyData or ExtensionType.Cookie:
                    throw TlsAlertException.Illegal($"Extension {(ushort)extensions.Type} is not allowed in a CertificateRequest.");
                default:
                    break;
            }
        }

        if (!context.IsEmpty)
        {
            throw TlsAlertException.Illegal("The CertificateRequest of a handshake has a context.");
        }

        return schemes.IsEmpty ? throw TlsAlertException.Missing("The CertificateRequest has no signature_algorithms.") : schemes;
    }

    /// <summary>Writes the message.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="schemes">The signature schemes that are accepted.</param>
    public static void Write(MessageWriter writer, ReadOnlySpan<SignatureScheme> schemes)
    {
        int message = writer.BeginMessage(HandshakeType.CertificateRequest);
        writer.WriteVector8([]);
        int extensions = writer.BeginVector(2);
        WriteSchemes(writer, schemes);
        writer.EndVector(extensions, 2);
        writer.EndMessage(message);
    }

    /// <summary>Writes the signature_algorithms extension.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="schemes">The signature schemes that are accepted.</param>
    public static void WriteSchemes(MessageWriter writer, ReadOnlySpan<SignatureScheme> schemes)
    {
        int extension = writer.BeginExtension(ExtensionType.SignatureAlgorithms);
        int list = writer.BeginVector(2);
        foreach (SignatureScheme scheme in schemes)
        {
            writer.WriteUInt16((ushort)scheme);
        }

        writer.EndVector(list, 2);
        writer.EndExtension(extension);
    }
}
