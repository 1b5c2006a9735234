using IrohRpc.Quic.Tls.Alerts;

namespace IrohRpc.Quic.Tls.Messages;

/// <summary>EncryptedExtensions as they arrived (RFC 8446, section 4.3.1).</summary>
/// <remarks>Its spans are parts of the message.</remarks>
internal ref struct EncryptedExtensions
{
    private const string MessageName = "EncryptedExtensions message";

    /// <summary>The application protocol that the server chose; empty where it chose none.</summary>
    public ReadOnlySpan<byte> Alpn { get; private set; }

    /// <summary>The type of the certificate that the client is to show.</summary>
    public CertificateType? ClientCertificateType { get; private set; }

    /// <summary>The type of the certificate that the server shows.</summary>
    public CertificateType? ServerCertificateType { get; private set; }

    /// <summary>The server's transport parameters.</summary>
    public ReadOnlySpan<byte> TransportParameters { get; private set; }

    /// <summary>Whether the server takes 0-RTT data.</summary>
    public bool AcceptsEarlyData { get; private set; }

    private bool HasTransportParameters { get; set; }

    /// <summary>Reads the message.</summary>
    /// <param name="message">The message with its header.</param>
    /// <param name="offered">What the ClientHello offered.</param>
    public static EncryptedExtensions Read(ReadOnlySpan<byte> message, OfferedExtensions offered)
    {
        EncryptedExtensions result = default;
        var reader = new MessageReader(message[4..]);
        var extensions = new ExtensionReader(reader.ReadVector16());
        reader.EnsureEnd();
        while (extensions.Read())
        {
            if (!offered.Contains(extensions.Type))
            {
                throw offered.Refuse(extensions.Type, MessageName);
            }

            var content = new MessageReader(extensions.Content);
            switch (extensions.Type)
            {
                case ExtensionType.ServerName:
                    break;
                case ExtensionType.SupportedGroups:
                    if (content.ReadVector16(2).Length % 2 != 0)
                    {
                        throw TlsAlertException.Malformed("The list of groups has an odd length.");
                    }

                    break;
                case ExtensionType.ApplicationLayerProtocolNegotiation:
                    var names = new MessageReader(content.ReadVector16(2));
                    result.Alpn = names.ReadVector8(1);
                    names.EnsureEnd();
                    break;
                case ExtensionType.ClientCertificateType:
                    result.ClientCertificateType = (CertificateType)content.ReadUInt8();
                    break;
                case ExtensionType.ServerCertificateType:
                    result.ServerCertificateType = (CertificateType)content.ReadUInt8();
                    break;
                case ExtensionType.QuicTransportParameters:
                    result.TransportParameters = content.ReadBytes(extensions.Content.Length);
                    result.HasTransportParameters = true;
                    break;
                case ExtensionType.EarlyData:
                    result.AcceptsEarlyData = true;
                    break;
                default:
                    throw offered.Refuse(extensions.Type, MessageName);
            }

            content.EnsureEnd();
        }

        return result.HasTransportParameters
            ? result
            : throw TlsAlertException.Missing("The server sent no QUIC transport parameters.");
    }
}
