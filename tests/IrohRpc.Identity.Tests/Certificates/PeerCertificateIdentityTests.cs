using System.Formats.Asn1;
using IrohRpc.Identity;
using IrohRpc.Identity.Internal;

namespace IrohRpc.Tests;

/// <summary>The rules about the identity extension itself.</summary>
public sealed class PeerCertificateIdentityTests
{
    [Fact]
    public void Certificate_has_the_extension_exactly_once()
    {
        using var none = new CertificateForge { Bindings = 0 };
        using var twice = new CertificateForge { Bindings = 2 };

        PeerCertificateTests.Refused(none, PeerCertificateError.NoIdentity);
        PeerCertificateTests.Refused(twice, PeerCertificateError.MalformedIdentity);
    }

    [Fact]
    public void Extension_of_another_certificate_is_refused()
    {
        using var honest = new CertificateForge();
        byte[] stolen = HostKeyBinding.Create(honest.Identity, honest.Key.ExportSubjectPublicKeyInfo());
        using var thief = new CertificateForge { Binding = (_, _) => stolen };

        string reason = PeerCertificateTests.Refused(thief, PeerCertificateError.IdentitySignature);
        Assert.Contains(honest.Identity.Id.ToString(), reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Signature_covers_the_prefix_and_the_key()
    {
        using var withoutPrefix = Signed((_, key) => key);
        using var prefixOnly = Signed((_, _) => "libp2p-tls-handshake:"u8.ToArray());
        using var right = Signed((_, key) => [.. "libp2p-tls-handshake:"u8, .. key]);

        PeerCertificateTests.Refused(withoutPrefix, PeerCertificateError.IdentitySignature);
        PeerCertificateTests.Refused(prefixOnly, PeerCertificateError.IdentitySignature);
        PeerCertificate.Verify(right.Build(), new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));

        static CertificateForge Signed(Func<SecretKey, byte[], byte[]> message) => new()
        {
            Binding = (identity, key) => SignedKey(Ed25519(identity.Id), identity.Sign(message(identity, key))),
        };
    }

    [Theory]
    [InlineData(0)]
    [InlineData(63)]
    [InlineData(65)]
    public void Signature_of_another_length_is_refused(int length)
    {
        using var forge = new CertificateForge { Binding = (identity, _) => SignedKey(Ed25519(identity.Id), new byte[length]) };

        PeerCertificateTests.Refused(forge, PeerCertificateError.IdentitySignature);
    }

    [Theory]
    [InlineData(0, "RSA")]
    [InlineData(2, "Secp256k1")]
    [InlineData(3, "ECDSA")]
    [InlineData(7, "7")]
    public void Keys_of_other_types_are_refused_by_name(byte type, string name)
    {
        using var forge = new CertificateForge { Binding = (_, _) => SignedKey([0x08, type, 0x12, 1, 0], new byte[64]) };

        Assert.Contains($"type {name};", PeerCertificateTests.Refused(forge, PeerCertificateError.UnsupportedIdentity), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("0801", "")]
    [InlineData("0a01", "")]
    [InlineData("08011220", "00")] // a byte behind the key
    [InlineData("0881001220", "")] // the type in more bytes than it needs
    [InlineData("080112a000", "")] // the length in more bytes than it needs
    [InlineData("08011221", "00")] // a key of 33 bytes
    [InlineData("1220", "0801")] // data before type
    [InlineData("080108011220", "")] // the type twice
    public void Keys_that_are_not_encoded_in_the_one_way_are_refused(string before, string after)
    {
        using var forge = new CertificateForge
        {
            Binding = (identity, key) => SignedKey(
                [.. Convert.FromHexString(before), .. identity.Id.ToByteArray(), .. Convert.FromHexString(after)],
                identity.Sign([.. "libp2p-tls-handshake:"u8, .. key])),
        };

        PeerCertificateTests.Refused(forge, PeerCertificateError.MalformedIdentity);
    }

    [Fact]
    public void Extension_is_the_one_structure_and_nothing_behind_it()
    {
        using var trailing = new CertificateForge { Binding = (identity, key) => [.. HostKeyBinding.Create(identity, key), 0] };
        using var empty = new CertificateForge { Binding = (_, _) => [] };
        using var third = new CertificateForge { Binding = (identity, key) => WithThirdField(HostKeyBinding.Create(identity, key)) };
        using var indefinite = new CertificateForge { Binding = (_, _) => [0x30, 0x80, 0, 0] };

        PeerCertificateTests.Refused(trailing, PeerCertificateError.MalformedIdentity);
        PeerCertificateTests.Refused(empty, PeerCertificateError.MalformedIdentity);
        PeerCertificateTests.Refused(third, PeerCertificateError.MalformedIdentity);
        PeerCertificateTests.Refused(indefinite, PeerCertificateError.MalformedIdentity);

        static byte[] WithThirdField(byte[] honest) => [0x30, (byte)(honest[1] + 2), .. honest[2..], 5, 0];
    }

    private static byte[] Ed25519(EndpointId id) => [0x08, 0x01, 0x12, 0x20, .. id.ToByteArray()];

    private static byte[] SignedKey(byte[] publicKey, byte[] signature)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            writer.WriteOctetString(publicKey);
            writer.WriteOctetString(signature);
        }

        return writer.Encode();
    }
}
