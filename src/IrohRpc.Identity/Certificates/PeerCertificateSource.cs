using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using IrohRpc.Identity.Internal;

namespace IrohRpc.Identity;

/// <summary>
/// The certificate that an endpoint shows in TLS: an ephemeral ECDSA P-256 key, bound to the Ed25519 identity by the libp2p TLS
/// specification.
/// </summary>
/// <remarks>
/// <para>Its validity covers all dates that a clock may show. The key is the identity, and a peer whose clock is wrong is still the same peer.</para>
/// <para>Safe to use from several threads. Must not be disposed of before the transports that use it.</para>
/// </remarks>
public sealed class PeerCertificateSource : IDisposable
{
    // The years that libp2p's implementations put into certificates that never expire.
    private static readonly DateTimeOffset Always = new(1975, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset Forever = new(4096, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly X509Certificate2 _certificate;
    private int _disposed;

    /// <summary>Makes the ephemeral key and the certificate.</summary>
    /// <param name="key">The identity. The source keeps a copy of its own, so that it may be disposed of.</param>
    public PeerCertificateSource(SecretKey key)
        : this(key, Always, Forever)
    {
    }

    /// <summary>As peers do whose certificates expire.</summary>
    internal PeerCertificateSource(SecretKey key, DateTimeOffset notBefore, DateTimeOffset notAfter)
    {
        ArgumentNullException.ThrowIfNull(key);
        Id = key.Id;
        Key = Copy(key);
        try
        {
            _certificate = Issue(HostKeyBinding.Create(key, _key.ExportSubjectPublicKeyInfo()), notBefore, notAfter);
        }
        catch
        {
            _key.Dispose();
            Key.Dispose();
            throw;
        }
    }

    /// <summary>The identity's key, for transports that show it as such instead of a certificate (RFC 7250).</summary>
    internal SecretKey Key { get; }

    /// <summary>Signs with the identity's key a message that begins with what it is for.</summary>
    internal byte[] Sign(ReadOnlySpan<byte> message) => Key.Sign(message);

    /// <summary>Whose certificate it is.</summary>
    public EndpointId Id { get; }

    /// <summary>The certificate to show, with its private key. Nobody but this source disposes of it.</summary>
    /// <exception cref="ObjectDisposedException">The source was disposed of.</exception>
    public X509Certificate2 Current
    {
        get
        {
            ObjectDisposedException.ThrowIf(Volatile.Read(ref _disposed) != 0, this);
            return _certificate;
        }
    }

    /// <summary>Wipes the keys and the certificate.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 0)
        {
            _certificate.Dispose();
            _key.Dispose();
            Key.Dispose();
        }
    }

    /// <summary>A secret of 32 bytes for one purpose, the same for each process with this identity.</summary>
    internal byte[] DeriveKey(string purpose)
    {
        // Ed25519 signatures are deterministic, so that this is a secret that only the key's holder can make, and can make again.
        byte[] seed = Key.Sign("irohrpc: seed of derived keys"u8);
        return HKDF.DeriveKey(HashAlgorithmName.SHA256, seed, 32, info: Encoding.UTF8.GetBytes(purpose));
    }

    private static SecretKey Copy(SecretKey key)
    {
        Span<byte> secret = stackalloc byte[SecretKey.Size];
        try
        {
            key.Export(secret);
            return SecretKey.FromBytes(secret);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(secret);
        }
    }

    private X509Certificate2 Issue(byte[] binding, DateTimeOffset notBefore, DateTimeOffset notAfter)
    {
        // RFC 5280 wants a name that is not empty, and some TLS stacks look certificates up by it.
        string serial = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8));
        var request = new CertificateRequest($"SERIALNUMBER={serial}", _key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509Extension(HostKeyBinding.Oid, binding, critical: false));
        return ForTls(request.CreateSelfSigned(notBefore, notAfter));
    }

    private static X509Certificate2 ForTls(X509Certificate2 certificate)
    {
        if (!OperatingSystem.IsWindows())
        {
            return certificate;
        }

        // Schannel cannot use a private key that lives in this process only; a PKCS#12 import puts it where Schannel looks.
        byte[]? exported = null;
        try
        {
            exported = certificate.Export(X509ContentType.Pkcs12);
            return X509CertificateLoader.LoadPkcs12(exported, null);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(exported);
            certificate.Dispose();
        }
    }
}
