using System.Buffers.Binary;
using System.Text;
using IrohRpc.Quic.Cryptography;
using IrohRpc.Quic.Tls.Alerts;
using IrohRpc.Quic.Tls.Messages;

namespace IrohRpc.Quic.Tls;

/// <summary>What a server chooses of what a client offers.</summary>
internal static class ClientHelloChoice
{
    /// <summary>The cipher suite: the first of the client's list that the server has too, as iroh's servers choose.</summary>
    public static CipherSuite Suite(TlsServerOptions options, scoped in ClientHello hello)
    {
        for (ReadOnlySpan<byte> rest = hello.CipherSuites; rest.Length >= 2; rest = rest[2..])
        {
            ushort code = BinaryPrimitives.ReadUInt16BigEndian(rest);
            foreach (CipherSuite suite in options.CipherSuites)
            {
                if (suite.Code == code)
                {
                    return suite;
                }
            }
        }

        throw new TlsAlertException(AlertDescription.HandshakeFailure, "There is no common cipher suite.");
    }

    /// <summary>The group: by the server's order, first among those that the client sent a key for, then among those that it supports.</summary>
    public static NamedGroup Group(TlsServerOptions options, scoped in ClientHello hello)
    {
        foreach (NamedGroup group in options.Groups)
        {
            if (hello.TryGetKeyShare(group, out _))
            {
                return group;
            }
        }

        foreach (NamedGroup group in options.Groups)
        {
            if (ClientHello.Contains(hello.SupportedGroups, (ushort)group))
            {
                return group;
            }
        }

        throw new TlsAlertException(AlertDescription.HandshakeFailure, "There is no common group for key exchange.");
    }

    /// <summary>The application protocol, by the server's order.</summary>
    public static string Alpn(TlsServerOptions options, scoped in ClientHello hello)
    {
        foreach (string alpn in options.Alpns)
        {
            byte[] wanted = Encoding.UTF8.GetBytes(alpn);
            var offered = new MessageReader(hello.Alpns);
            while (!offered.IsAtEnd)
            {
                if (offered.ReadVector8().SequenceEqual(wanted))
                {
                    return alpn;
                }
            }
        }

        throw new TlsAlertException(AlertDescription.NoApplicationProtocol, "There is no common application protocol.");
    }

    /// <summary>A certificate type, by the server's order (RFC 7250, section 4.2).</summary>
    /// <param name="options">What the server has.</param>
    /// <param name="offered">What the client offers; empty where the extension is absent, which means X.509.</param>
    public static CertificateType CertificateType(TlsServerOptions options, ReadOnlySpan<byte> offered)
    {
        IReadOnlyList<CertificateType> types = options.EffectiveCertificateTypes;
        if (offered.IsEmpty)
        {
            return types.Contains(Messages.CertificateType.X509)
                ? Messages.CertificateType.X509
                : throw new TlsAlertException(AlertDescription.HandshakeFailure, "The client does not speak raw public keys (RFC 7250).");
        }

        return TryFindCertificateType(options, offered)
            ?? throw new TlsAlertException(AlertDescription.UnsupportedCertificate, "There is no common certificate type.");
    }

    /// <summary>The first certificate type of the server's list that the client offers; null where there is none.</summary>
    public static CertificateType? TryFindCertificateType(TlsServerOptions options, ReadOnlySpan<byte> offered)
    {
        foreach (CertificateType type in options.EffectiveCertificateTypes)
        {
            if (offered.Contains((byte)type))
            {
                return type;
            }
        }

        return null;
    }
}
