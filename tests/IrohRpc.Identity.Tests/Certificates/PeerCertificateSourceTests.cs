using System.Security.Cryptography.X509Certificates;
using IrohRpc.Identity;
using Microsoft.Extensions.Time.Testing;

namespace IrohRpc.Tests;

public sealed class PeerCertificateSourceTests : IDisposable
{
    private static readonly TimeSpan RenewalAge = PeerCertificateSource.Lifetime - PeerCertificateSource.RenewalMargin;

    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2049, 12, 20, 0, 0, 0, TimeSpan.Zero));
    private readonly SecretKey _key = SecretKey.Generate();
    private readonly PeerCertificateSource _source;

    public PeerCertificateSourceTests() => _source = new PeerCertificateSource(_key, _clock);

    public void Dispose()
    {
        _source.Dispose();
        _key.Dispose();
    }

    [Fact]
    public void Certificate_proves_the_identity_and_holds_a_private_key()
    {
        Assert.Equal(_key.Id, _source.Id);
        Assert.Equal(_key.Id, PeerCertificate.Verify(_source.Current, _clock.GetUtcNow()));
        Assert.True(_source.Current.HasPrivateKey);
        Assert.True(_source.Current.RawDataMemory.Length < 600);
    }

    [Fact]
    public void Certificate_is_valid_on_clocks_that_are_off_by_the_tolerance()
    {
        DateTimeOffset now = _clock.GetUtcNow();
        X509Certificate2 certificate = _source.Current;

        Assert.Equal(_key.Id, PeerCertificate.Verify(certificate, now - PeerCertificateSource.ClockTolerance));
        Assert.Equal(_key.Id, PeerCertificate.Verify(certificate, now + PeerCertificateSource.Lifetime));
        Assert.Throws<PeerCertificateException>(
            () => PeerCertificate.Verify(certificate, now - PeerCertificateSource.ClockTolerance - TimeSpan.FromSeconds(1)));
        Assert.Throws<PeerCertificateException>(
            () => PeerCertificate.Verify(certificate, now + PeerCertificateSource.Lifetime + TimeSpan.FromSeconds(1)));
    }

    [Fact]
    public void One_certificate_serves_until_it_is_due_for_renewal()
    {
        X509Certificate2 first = _source.Current;
        _clock.Advance(RenewalAge - TimeSpan.FromSeconds(1));
        Assert.Same(first, _source.Current);

        _clock.Advance(TimeSpan.FromSeconds(1));

        X509Certificate2 second = _source.Current;
        Assert.NotSame(first, second);
        Assert.Same(second, _source.Current);
        Assert.Equal(_key.Id, PeerCertificate.Verify(second, _clock.GetUtcNow() + PeerCertificateSource.RenewalMargin));
    }

    [Fact]
    public void Replaced_certificate_stays_usable()
    {
        X509Certificate2 first = _source.Current;
        _clock.Advance(RenewalAge);
        _ = _source.Current;

        Assert.Equal(_key.Id, PeerCertificate.Verify(first, _clock.GetUtcNow()));
        Assert.NotEmpty(first.GetECDsaPrivateKey()!.SignData([1], System.Security.Cryptography.HashAlgorithmName.SHA256));
    }

    [Fact]
    public void Renewal_happens_after_years_of_sleep_and_without_the_secret_key()
    {
        _key.Dispose();
        _clock.Advance(TimeSpan.FromDays(5 * 365));

        Assert.Equal(_key.Id, PeerCertificate.Verify(_source.Current, _clock.GetUtcNow()));
    }

    [Fact]
    public void Clock_that_is_set_back_gets_a_certificate_that_is_valid_then()
    {
        DateTimeOffset earlier = _clock.GetUtcNow() - TimeSpan.FromDays(365);
        X509Certificate2 first = _source.Current;

        _clock.AdjustTime(earlier);

        Assert.NotSame(first, _source.Current);
        Assert.Equal(_key.Id, PeerCertificate.Verify(_source.Current, earlier));
    }

    [Fact]
    public void Threads_that_ask_at_once_get_one_renewed_certificate()
    {
        _clock.Advance(RenewalAge);
        var seen = new X509Certificate2[16];

        Parallel.For(0, seen.Length, i => seen[i] = _source.Current);

        Assert.All(seen, certificate => Assert.Same(seen[0], certificate));
    }

    [Fact]
    public void Disposed_source_gives_no_certificate()
    {
        _source.Dispose();
        _source.Dispose();

        Assert.Throws<ObjectDisposedException>(() => _source.Current);
        Assert.Equal(_key.Id, _source.Id);
    }

    [Fact]
    public void Disposed_key_makes_no_source()
    {
        _key.Dispose();

        Assert.Throws<ObjectDisposedException>(() => new PeerCertificateSource(_key));
        Assert.Throws<ArgumentNullException>(() => new PeerCertificateSource(null!));
    }
}
