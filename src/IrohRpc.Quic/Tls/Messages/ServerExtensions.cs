namespace IrohRpc.Quic.Tls.Messages;

/// <summary>What a server says in EncryptedExtensions (RFC 8446, section 4.3.1).</summary>
internal readonly struct ServerExtensions
{
    /// <summary>Whether the server made use of the name that the client sent.</summary>
    public required bool AcknowledgesServerName { get; init; }

    /// <summary>The application protocol.</summary>
    public required ReadOnlyMemory<byte> Alpn { get; init; }

    /// <summary>The type of the certificate that the client is to show; null to say nothing.</summary>
    public required CertificateType? ClientCertificateType { get; init; }

    /// <summary>The type of the certificate that the server shows; null to say nothing.</summary>
    public required CertificateType? ServerCertificateType { get; init; }

    /// <summary>The transport parameters.</summary>
    public required ReadOnlyMemory<byte> TransportParameters { get; init; }

    /// <summary>Whether 0-RTT data is taken.</summary>
    public required bool AcceptsEarlyData { get; init; }

    /// <summary>Writes the message.</summary>
    /// <param name="writer">Where to.</param>
    public void Write(MessageWriter writer)
    {
        int message = writer.BeginMessage(HandshakeType.EncryptedExtensions);
        int extensions = writer.BeginVector(2);
        if (AcknowledgesServerName)
        {
            writer.WriteExtension(ExtensionType.ServerName, []);
        }

        int alpn = writer.BeginExtension(ExtensionType.ApplicationLayerProtocolNegotiation);
        int list = writer.BeginVector(2);
        writer.WriteVector8(Alpn.Span);
        writer.EndVector(list, 2);
        writer.EndExtension(alpn);
        if (ClientCertificateType is { } client)
        {
            writer.WriteExtension(ExtensionType.ClientCertificateType, [(byte)client]);
        }

        if (ServerCertificateType is { } server)
        {
            writer.WriteExtension(ExtensionType.ServerCertificateType, [(byte)server]);
        }

        writer.WriteExtension(ExtensionType.QuicTransportParameters, TransportParameters.Span);
        if (AcceptsEarlyData)
        {
            writer.WriteExtension(ExtensionType.EarlyData, []);
        }

        writer.EndVector(extensions, 2);
        writer.EndMessage(message);
    }
}
