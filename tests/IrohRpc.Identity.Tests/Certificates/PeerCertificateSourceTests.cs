using IrohRpc.Identity;

namespace IrohRpc.Tests;

public sealed class PeerCertificateSourceTests : IDisposable
{
    private readonly SecretKey _key = SecretKey.Generate();
    private readonly PeerCertificateSource _source;

    public PeerCertificateSourceTests() => _source = new PeerCertificateSource(_key);

    public void Dispose()
    {
        _source.Dispose();
        _key.Dispose();
    }

    [Fact]
    public void Certificate_proves_the_identity_and_holds_a_private_key()
    {
        Assert.Equal(_key.Id, _source.Id);
        Assert.Equal(_key.Id, PeerCertificate.Verify(_source.Current, DateTimeOffset.UtcNow));
        Assert.True(_source.Current.HasPrivateKey);
        Assert.True(_source.Current.RawDataMemory.Length < 600);
        Assert.Same(_source.Current, _source.Current);
    }

    [Theory]
    [InlineData(1980)]
    [InlineData(2026)]
    [InlineData(2106)]
    [InlineData(3000)]
    public void Certificate_proves_the_key_whatever_a_clock_says(int year)
        => Assert.Equal(_key.Id, PeerCertificate.Verify(_source.Current, new DateTimeOffset(year, 1, 1, 0, 0, 0, TimeSpan.Zero)));

    [Fact]
    public void Derived_keys_are_the_same_for_the_same_identity_and_purpose_alone()
    {
        using var again = new PeerCertificateSource(_key);
        using SecretKey otherKey = SecretKey.Generate();
        using var other = new PeerCertificateSource(otherKey);
        Assert.Equal(_source.DeriveKey("a"), again.DeriveKey("a"));
        Assert.NotEqual(_source.DeriveKey("a"), again.DeriveKey("b"));
        Assert.NotEqual(_source.DeriveKey("a"), other.DeriveKey("a"));
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
