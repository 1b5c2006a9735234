using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using IrohRpc.Identity;
using IrohRpc.Identity.Internal;

namespace IrohRpc.Tests;

public sealed class VerifiedCertificatesTests
{
    [Fact]
    public void A_certificate_that_was_verified_is_still_refused_out_of_its_time()
    {
        using SecretKey key = SecretKey.Generate();
        DateTimeOffset now = DateTimeOffset.UtcNow;
        using var source = new PeerCertificateSource(key, now - TimeSpan.FromDays(2), now + TimeSpan.FromDays(30));
        X509Certificate2 certificate = source.Current;
        Assert.Equal(key.Id, PeerCertificate.Verify(certificate, now));
        Assert.Equal(key.Id, PeerCertificate.Verify(certificate, now));
        PeerCertificateException late = Assert.Throws<PeerCertificateException>(
            () => PeerCertificate.Verify(certificate, now + TimeSpan.FromDays(31)));
        Assert.Equal(PeerCertificateError.Expired, late.Error);
        PeerCertificateException early = Assert.Throws<PeerCertificateException>(
            () => PeerCertificate.Verify(certificate, now - TimeSpan.FromDays(3)));
        Assert.Equal(PeerCertificateError.NotYetValid, early.Error);
    }

    [Fact]
    public void One_changed_bit_of_a_certificate_that_was_verified_is_refused_each_time()
    {
        using SecretKey key = SecretKey.Generate();
        using var source = new PeerCertificateSource(key);
        byte[] der = source.Current.RawData;
        DateTimeOffset now = DateTimeOffset.UtcNow;
        Assert.Equal(key.Id, PeerCertificate.Verify(der, now));
        der[^1] ^= 1;
        for (int i = 0; i < 2; i++)
        {
            Assert.Throws<PeerCertificateException>(() => PeerCertificate.Verify(der, now));
        }
    }

    [Fact]
    public void A_certificate_is_found_by_the_whole_of_its_hash_and_gives_way_to_another_at_its_place()
    {
        var verified = new VerifiedCertificates();
        using SecretKey key = SecretKey.Generate();
        using SecretKey otherKey = SecretKey.Generate();
        byte[] hash = SHA256.HashData([1]);
        byte[] other = [.. hash];
        other[^1] ^= 1;
        Assert.Null(verified.Find(hash));
        verified.Add(hash, key.Id);
        Assert.Equal(key.Id, verified.Find(hash));
        Assert.Null(verified.Find(other));
        verified.Add(other, otherKey.Id);
        Assert.Equal(otherKey.Id, verified.Find(other));
        Assert.Null(verified.Find(hash));
    }
}
