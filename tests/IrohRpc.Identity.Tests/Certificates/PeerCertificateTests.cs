using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using IrohRpc.Identity;

namespace IrohRpc.Tests;

public sealed class PeerCertificateTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Honest_certificate_yields_its_identity()
    {
        using var forge = new CertificateForge();

        Assert.Equal(forge.Identity.Id, PeerCertificate.Verify(forge.Build(), Now));
    }

    [Fact]
    public void Identity_extension_may_be_critical()
    {
        using var forge = new CertificateForge { BindingIsCritical = true };

        Assert.Equal(forge.Identity.Id, PeerCertificate.Verify(forge.Build(), Now));
    }

    [Fact]
    public void Unknown_extensions_are_ignored_unless_critical()
    {
        using var harmless = new CertificateForge { OtherExtensions = [("1.2.3.4", false, [1, 2, 3]), ("1.2.3.4", false, [])] };
        using var critical = new CertificateForge { OtherExtensions = [("1.2.3.4", true, [1, 2, 3])] };

        Assert.Equal(harmless.Identity.Id, PeerCertificate.Verify(harmless.Build(), Now));
        Assert.Contains("1.2.3.4", Refused(critical, PeerCertificateError.UnknownCriticalExtension), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("1.2.840.10045.3.1.7", "SHA256", CertificateForge.EcdsaSha256)]
    [InlineData("1.3.132.0.34", "SHA384", "1.2.840.10045.4.3.3")]
    [InlineData("1.3.132.0.35", "SHA512", "1.2.840.10045.4.3.4")]
    public void Nist_curves_with_long_hashes_are_accepted(string curve, string hash, string algorithm)
    {
        using var forge = new CertificateForge
        {
            Key = ECDsa.Create(ECCurve.CreateFromValue(curve)), Hash = new HashAlgorithmName(hash), Algorithm = algorithm,
        };

        Assert.Equal(forge.Identity.Id, PeerCertificate.Verify(forge.Build(), Now));
    }

    [Fact]
    public void Validity_includes_both_of_its_ends_and_no_more()
    {
        DateTimeOffset end = Now.AddSeconds(10);
        using var forge = new CertificateForge { NotBefore = Now, NotAfter = end };
        byte[] der = forge.Build();

        Assert.Equal(forge.Identity.Id, PeerCertificate.Verify(der, Now));
        Assert.Equal(forge.Identity.Id, PeerCertificate.Verify(der, end));
        Assert.Equal(forge.Identity.Id, PeerCertificate.Verify(der, end.ToOffset(TimeSpan.FromHours(9))));
        Refused(der, PeerCertificateError.NotYetValid, Now.AddTicks(-1));
        Refused(der, PeerCertificateError.Expired, end.AddTicks(1));
    }

    [Fact]
    public void Certificate_not_signed_by_its_own_key_is_refused()
    {
        using ECDsa other = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var byAnother = new CertificateForge { SubjectPublicKeyInfo = other.ExportSubjectPublicKeyInfo() };
        using var changed = new CertificateForge { ChangeSignature = s => [.. s[..^1], (byte)(s[^1] ^ 1)] };
        using var empty = new CertificateForge { ChangeSignature = _ => [] };
        using var longer = new CertificateForge { ChangeSignature = s => [.. s, 0] };

        Refused(byAnother, PeerCertificateError.SelfSignature);
        Refused(changed, PeerCertificateError.SelfSignature);
        Refused(empty, PeerCertificateError.SelfSignature);
        Refused(longer, PeerCertificateError.SelfSignature);
    }

    [Theory]
    [InlineData("1.2.840.10045.4.1")]
    [InlineData("1.2.840.10045.4.3.1")]
    [InlineData("1.2.840.113549.1.1.4")]
    [InlineData("1.2.840.113549.1.1.5")]
    public void Hashes_of_less_than_256_bits_are_refused(string algorithm)
    {
        using var forge = new CertificateForge { Algorithm = algorithm, Hash = HashAlgorithmName.SHA1 };

        Refused(forge, PeerCertificateError.WeakHash);
    }

    [Theory]
    [InlineData("1.2.840.113549.1.1.11")]
    [InlineData("1.3.101.112")]
    public void Signature_algorithms_other_than_ecdsa_are_refused(string algorithm)
    {
        using var forge = new CertificateForge { Algorithm = algorithm };

        Assert.Contains(algorithm, Refused(forge, PeerCertificateError.UnsupportedSignature), StringComparison.Ordinal);
    }

    [Fact]
    public void Certificate_keys_that_are_not_on_a_nist_curve_are_refused()
    {
        using RSA rsa = RSA.Create(2048);
        using var withRsa = new CertificateForge { SubjectPublicKeyInfo = rsa.ExportSubjectPublicKeyInfo() };
        using var secp256k1 = new CertificateForge { Key = ECDsa.Create(ECCurve.CreateFromValue("1.3.132.0.10")) };

        Refused(withRsa, PeerCertificateError.UnsupportedKey);
        Refused(secp256k1, PeerCertificateError.UnsupportedKey);
    }

    [Fact]
    public void Curve_given_by_its_parameters_is_refused()
    {
        using var named = new CertificateForge();
        ECDsa key = ECDsa.Create(named.Key.ExportExplicitParameters(includePrivateParameters: true));
        using var forge = new CertificateForge { Key = key };

        Refused(forge, PeerCertificateError.UnnamedCurve);
    }

    [Fact]
    public void Points_that_are_compressed_or_off_the_curve_are_refused()
    {
        using var honest = new CertificateForge();
        byte[] key = honest.Key.ExportSubjectPublicKeyInfo();
        byte[] offTheCurve = [.. key[..^1], (byte)(key[^1] ^ 1)];
        byte[] compressed = [0x30, (byte)(key[1] - 32), .. key[2..23], 3, 1 + 1 + 32, 0, 2, .. key[27..59]];
        using var withCompressed = new CertificateForge { SubjectPublicKeyInfo = compressed };
        using var withOther = new CertificateForge { SubjectPublicKeyInfo = offTheCurve };

        Assert.Equal(91, key.Length);
        Refused(withCompressed, PeerCertificateError.UnsupportedKey);
        Refused(withOther, PeerCertificateError.SelfSignature);
    }

    [Fact]
    public void What_is_no_single_certificate_of_version_3_is_refused()
    {
        using var honest = new CertificateForge();
        using var version1 = new CertificateForge { Version = null };
        using var version2 = new CertificateForge { Version = 1 };
        using var twoAlgorithms = new CertificateForge { InnerAlgorithm = "1.2.840.10045.4.3.3" };
        using var issuerId = new CertificateForge { UniqueId = 1 };
        using var subjectId = new CertificateForge { UniqueId = 2 };
        byte[] der = honest.Build();

        Refused([], PeerCertificateError.Malformed);
        Refused([.. der, 0], PeerCertificateError.Malformed);
        Refused([.. der, .. der], PeerCertificateError.Malformed);
        Refused(der[..^1], PeerCertificateError.Malformed);
        Refused(new byte[PeerCertificate.MaxSize + 1], PeerCertificateError.Malformed);
        Refused(version1, PeerCertificateError.Malformed);
        Refused(version2, PeerCertificateError.Malformed);
        Refused(twoAlgorithms, PeerCertificateError.Malformed);
        Refused(issuerId, PeerCertificateError.Malformed);
        Refused(subjectId, PeerCertificateError.Malformed);
    }

    [Fact]
    public void Reason_stays_short_however_long_the_names_in_the_certificate_are()
    {
        string oid = "1.2." + string.Join('.', Enumerable.Repeat("16383", 30));
        using var forge = new CertificateForge { OtherExtensions = [(oid, true, [])] };

        Assert.True(Refused(forge, PeerCertificateError.UnknownCriticalExtension).Length < 300);
    }

    [Fact]
    public void Nothing_but_exactly_one_presented_certificate_is_accepted()
    {
        using var forge = new CertificateForge();
        using var other = new CertificateForge();
        using X509Certificate2 certificate = X509CertificateLoader.LoadCertificate(forge.Build());
        using X509Certificate2 second = X509CertificateLoader.LoadCertificate(other.Build());
        using var chain = new X509Chain();

        Assert.Equal(forge.Identity.Id, PeerCertificate.Verify(certificate, null, Now));
        Assert.Equal(forge.Identity.Id, PeerCertificate.Verify(certificate, chain, Now));
        chain.ChainPolicy.ExtraStore.Add(certificate);
        Assert.Equal(forge.Identity.Id, PeerCertificate.Verify(certificate, chain, Now));
        chain.ChainPolicy.ExtraStore.Add(certificate);
        Assert.Equal(PeerCertificateError.MoreThanOne, ErrorOf(() => PeerCertificate.Verify(certificate, chain, Now)));
        chain.ChainPolicy.ExtraStore.Clear();
        chain.ChainPolicy.ExtraStore.Add(second);
        Assert.Equal(PeerCertificateError.MoreThanOne, ErrorOf(() => PeerCertificate.Verify(certificate, chain, Now)));
        Assert.Equal(PeerCertificateError.Missing, ErrorOf(() => PeerCertificate.Verify(null, null, Now)));
        Assert.Throws<ArgumentNullException>(() => PeerCertificate.Verify((X509Certificate2)null!, Now));
    }

    internal static string Refused(CertificateForge forge, PeerCertificateError error) => Refused(forge.Build(), error);

    internal static string Refused(byte[] der, PeerCertificateError error, DateTimeOffset? now = null)
    {
        var refused = Assert.Throws<PeerCertificateException>(() => PeerCertificate.Verify(der, now ?? Now));
        Assert.Equal(error, refused.Error);
        return refused.Message;
    }

    private static PeerCertificateError ErrorOf(Action verify) => Assert.Throws<PeerCertificateException>(verify).Error;
}
