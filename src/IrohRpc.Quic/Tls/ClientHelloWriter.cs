using System.Text;
using IrohRpc.Quic.Cryptography;
using IrohRpc.Quic.Tls.Authentication;
using IrohRpc.Quic.Tls.Keys;
using IrohRpc.Quic.Tls.Messages;
using IrohRpc.Quic.Tls.Resumption;

namespace IrohRpc.Quic.Tls;

/// <summary>Writes a client's ClientHello, the first one and the one that answers a HelloRetryRequest.</summary>
internal sealed class ClientHelloWriter
{
    private const ushort Tls12 = 0x0303;
    private const ushort Tls13 = 0x0304;
    private const byte PskWithKeyExchange = 1;

    private readonly TlsClientOptions _options;
    private readonly byte[] _random = new byte[32];

    /// <summary>Draws the random value, which both ClientHellos share.</summary>
    /// <param name="options">What to offer.</param>
    public ClientHelloWriter(TlsClientOptions options)
    {
        _options = options;
        options.Random(_random);
    }

    /// <summary>Writes the message. Where it has a PSK, its last bytes are room for one binder of the suite's hash length.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="share">The key to send.</param>
    /// <param name="cookie">The cookie of a HelloRetryRequest; empty for none.</param>
    /// <param name="session">The session to resume; null for none.</param>
    /// <param name="offersEarlyData">Whether 0-RTT data follows.</param>
    public void Write(MessageWriter writer, KeyShare share, ReadOnlySpan<byte> cookie, TlsSession? session, bool offersEarlyData)
    {
        int message = writer.BeginMessage(HandshakeType.ClientHello);
        writer.WriteUInt16(Tls12);
        writer.WriteBytes(_random);
        writer.WriteVector8([]);
        WriteCipherSuites(writer);
        writer.WriteVector8([0]);
        int extensions = writer.BeginVector(2);
        WriteServerName(writer);
        WriteVersionsAndGroups(writer);
        WriteKeyShare(writer, share);
        WriteSignatureAlgorithms(writer);
        WriteAlpns(writer);
        WriteCertificateTypes(writer);
        writer.WriteExtension(ExtensionType.QuicTransportParameters, _options.TransportParameters.Span);
        if (session is not null || _options.WantsTickets)
        {
            writer.WriteExtension(ExtensionType.PskKeyExchangeModes, [1, PskWithKeyExchange]);
        }

        if (!cookie.IsEmpty)
        {
            int extension = writer.BeginExtension(ExtensionType.Cookie);
            writer.WriteVector16(cookie);
            writer.EndExtension(extension);
        }

        if (offersEarlyData)
        {
            writer.WriteExtension(ExtensionType.EarlyData, []);
        }

        if (session is not null)
        {
            WritePsk(writer, session);
        }

        writer.EndVector(extensions, 2);
        writer.EndMessage(message);
    }

    private void WriteCipherSuites(MessageWriter writer)
    {
        int suites = writer.BeginVector(2);
        foreach (CipherSuite suite in _options.CipherSuites)
        {
            writer.WriteUInt16(suite.Code);
        }

        writer.EndVector(suites, 2);
    }

    private void WriteServerName(MessageWriter writer)
    {
        string name = _options.ServerName ?? ServerNameEncoding.Encode(_options.ExpectedPeer);
        if (name.Length == 0)
        {
            return;
        }

        int extension = writer.BeginExtension(ExtensionType.ServerName);
        int list = writer.BeginVector(2);
        writer.WriteUInt8(0); // host_name
        writer.WriteVector16(Encoding.ASCII.GetBytes(name));
        writer.EndVector(list, 2);
        writer.EndExtension(extension);
    }

    private void WriteVersionsAndGroups(MessageWriter writer)
    {
        int extension = writer.BeginExtension(ExtensionType.SupportedVersions);
        writer.WriteUInt8(2);
        writer.WriteUInt16(Tls13);
        writer.EndExtension(extension);

        extension = writer.BeginExtension(ExtensionType.SupportedGroups);
        int list = writer.BeginVector(2);
        foreach (NamedGroup group in _options.Groups)
        {
            writer.WriteUInt16((ushort)group);
        }

        writer.EndVector(list, 2);
        writer.EndExtension(extension);
    }

    private static void WriteKeyShare(MessageWriter writer, KeyShare share)
    {
        int extension = writer.BeginExtension(ExtensionType.KeyShare);
        int list = writer.BeginVector(2);
        writer.WriteUInt16((ushort)share.Group);
        writer.WriteVector16(share.PublicKey);
        writer.EndVector(list, 2);
        writer.EndExtension(extension);
    }

    private void WriteSignatureAlgorithms(MessageWriter writer)
    {
        var schemes = new List<SignatureScheme>();
        foreach (CertificateType type in _options.EffectiveCertificateTypes)
        {
            schemes.AddRange(_options.AcceptsAnyServer && type == CertificateType.X509 ? PeerCredential.SchemesOfTheWeb : PeerCredential.Schemes(type));
        }

        CertificateRequestMessage.WriteSchemes(writer, System.Runtime.InteropServices.CollectionsMarshal.AsSpan(schemes));
    }

    private void WriteAlpns(MessageWriter writer)
    {
        int extension = writer.BeginExtension(ExtensionType.ApplicationLayerProtocolNegotiation);
        int list = writer.BeginVector(2);
        foreach (string alpn in _options.Alpns)
        {
            writer.WriteVector8(Encoding.UTF8.GetBytes(alpn));
        }

        writer.EndVector(list, 2);
        writer.EndExtension(extension);
    }

    private void WriteCertificateTypes(MessageWriter writer)
    {
        IReadOnlyList<CertificateType> types = _options.EffectiveCertificateTypes;
        if (types is [CertificateType.X509])
        {
            return; // the default needs no extension
        }

        foreach (ExtensionType type in (ReadOnlySpan<ExtensionType>)[ExtensionType.ClientCertificateType, ExtensionType.ServerCertificateType])
        {
            int extension = writer.BeginExtension(type);
            int list = writer.BeginVector(1);
            foreach (CertificateType certificateType in types)
            {
                writer.WriteUInt8((byte)certificateType);
            }

            writer.EndVector(list, 1);
            writer.EndExtension(extension);
        }
    }

    private void WritePsk(MessageWriter writer, TlsSession session)
    {
        TimeSpan age = _options.TimeProvider.GetUtcNow() - session.ReceivedAt;
        int extension = writer.BeginExtension(ExtensionType.PreSharedKey);
        int identities = writer.BeginVector(2);
        writer.WriteVector16(session.Ticket);
        writer.WriteUInt32(unchecked((uint)(long)age.TotalMilliseconds + session.AgeAdd));
        writer.EndVector(identities, 2);
        int binders = writer.BeginVector(2);
        writer.WriteUInt8((byte)session.Suite.HashLength);
        writer.Reserve(session.Suite.HashLength).Clear();
        writer.EndVector(binders, 2);
        writer.EndExtension(extension);
    }
}
