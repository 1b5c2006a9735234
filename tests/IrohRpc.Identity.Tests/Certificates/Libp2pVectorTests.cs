using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using IrohRpc.Identity;

namespace IrohRpc.Tests;

public sealed class Libp2pVectorTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public static TheoryData<string> Names => new(TestVectors.Libp2pTls.Select(v => v.GetProperty("name").GetString()!));

    [Theory]
    [MemberData(nameof(Names))]
    public void Published_certificate_is_judged_as_published(string name)
    {
        JsonElement vector = TestVectors.Libp2pTls.Single(v => v.GetProperty("name").GetString() == name);
        byte[] der = Convert.FromHexString(vector.GetProperty("certificate").GetString()!);
        using X509Certificate2 certificate = X509CertificateLoader.LoadCertificate(der);
        string type = vector.GetProperty("key_type").GetString()!;

        if (type != "Ed25519")
        {
            var refused = Assert.Throws<PeerCertificateException>(() => PeerCertificate.Verify(der, Now));
            Assert.Equal(PeerCertificateError.UnsupportedIdentity, refused.Error);
            Assert.Contains(type, refused.Message, StringComparison.Ordinal);
            return;
        }

        if (!vector.GetProperty("valid").GetBoolean())
        {
            var refused = Assert.Throws<PeerCertificateException>(() => PeerCertificate.Verify(certificate, Now));
            Assert.Equal(PeerCertificateError.IdentitySignature, refused.Error);
            return;
        }

        EndpointId expected = PeerIds.ReadEd25519(vector.GetProperty("peer_id").GetString()!);
        Assert.Equal(expected, PeerCertificate.Verify(der, Now));
        Assert.Equal(expected, PeerCertificate.Verify(certificate, Now));
    }
}
