using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using IrohRpc.Identity.Internal;

namespace IrohRpc.Identity;

/// <summary>
/// The certificates that an endpoint shows in TLS: an ephemeral ECDSA P-256 key, bound to the Ed25519 identity by the libp2p TLS
/// specification. One is made at the start and another before it expires.
/// </summary>
/// <remarks>Safe to use from several threads. Must not be disposed of before the transports that use it.</remarks>
public sealed class PeerCertificateSource : IDisposable
{
    /// <summary>How long a certificate is valid from when it was made.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromDays(30);

    /// <summary>How long before its end a certificate is replaced, so that a peer whose clock is ahead still accepts it.</summary>
    public static readonly TimeSpan RenewalMargin = TimeSpan.FromDays(10);

    /// <summary>How far back a certificate's validity starts, so that a peer whose clock is behind accepts it.</summary>
    public static readonly TimeSpan ClockTolerance = TimeSpan.FromDays(2);

    private readonly Lock _lock = new();
    private readonly TimeProvider _timeProvider;
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly byte[] _binding;
    private volatile Validity _current;
    private bool _disposed;

    /// <summary>Makes the ephemeral key and the first certificate.</summary>
    /// <param name="key">
    /// The identity. The source keeps a copy of its own, so that it may be disposed of.
    /// </param>
    /// <param name="timeProvider">The clock that validity and renewal go by; the system's if null.</param>
    public PeerCertificateSource(SecretKey key, TimeProvider? timeProvider = null)
    {
        ArgumentNullException.ThrowIfNull(key);
        _timeProvider = timeProvider ?? TimeProvider.System;
        Id = key.Id;
        Key = Copy(key);
        try
        {
            _binding = HostKeyBinding.Create(key, _key.ExportSubjectPublicKeyInfo());
            _current = Issue(_timeProvider.GetUtcNow());
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

    /// <summary>Whose certificates these are.</summary>
    public EndpointId Id { get; }

    /// <summary>
    /// The certificate to show in a handshake that starts now, with its private key. It stays usable for handshakes under way after it was
    /// renewed; nobody but this source disposes of it.
    /// </summary>
    /// <remarks>Renewal happens in here, when it is due: ask for each handshake anew.</remarks>
    /// <exception cref="ObjectDisposedException">The source was disposed of.</exception>
    public X509Certificate2 Current
    {
        get
        {
            DateTimeOffset now = _timeProvider.GetUtcNow();
            Validity current = _current;
            return current.Covers(now) && !Volatile.Read(ref _disposed) ? current.Certificate : Renew(now);
        }
    }

    /// <summary>Wipes the keys and the certificate that is current.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            if (!_disposed)
            {
                _disposed = true;
                _current.Certificate.Dispose();
                _key.Dispose();
                Key.Dispose();
            }
        }
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

    private X509Certificate2 Renew(DateTimeOffset now)
    {
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            if (!_current.Covers(now))
            {
                // The one replaced is left to the collector: a handshake under way may hold it, and the last to let go frees it.
                _current = Issue(now);
            }

            return _current.Certificate;
        }
    }

    private Validity Issue(DateTimeOffset now)
    {
        DateTimeOffset start = now - ClockTolerance;
        DateTimeOffset end = now + Lifetime;

        // RFC 5280 wants a name that is not empty, and some TLS stacks look certificates up by it.
        string serial = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8));
        var request = new CertificateRequest($"SERIALNUMBER={serial}", _key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509Extension(HostKeyBinding.Oid, _binding, critical: false));
        return new Validity(ForTls(request.CreateSelfSigned(start, end)), start, end - RenewalMargin);
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

    private sealed record Validity(X509Certificate2 Certificate, DateTimeOffset Start, DateTimeOffset Renewal)
    {
        // A clock that was set back makes a certificate invalid just as one that ran on does.
        public bool Covers(DateTimeOffset now) => now >= Start && now < Renewal;
    }
}
