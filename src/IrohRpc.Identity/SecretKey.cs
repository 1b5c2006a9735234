using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text.Json.Serialization;
using IrohRpc.Identity.Internal;
using NSec.Cryptography;

namespace IrohRpc;

/// <summary>
/// The secret half of an endpoint's identity: an Ed25519 private key (RFC 8032). Who holds it is the endpoint that
/// <see cref="Id"/> names.
/// </summary>
/// <remarks>
/// <para>
/// The key lives in guarded memory outside the managed heap and is wiped by <see cref="Dispose"/>. It leaves only through
/// <see cref="Export"/> and <see cref="ExportText"/>: <see cref="ToString"/>, the debugger, string formatting and
/// <c>System.Text.Json</c> do not give it away. Two instances are never compared by content; compare their ids.
/// </para>
/// <para>All members are safe to use from several threads, also while another disposes of the key.</para>
/// </remarks>
[DebuggerDisplay("SecretKey of {Id}")]
[JsonConverter(typeof(SecretKeyJsonRefusal))]
public sealed class SecretKey : IDisposable
{
    /// <summary>The length of a secret key in bytes.</summary>
    public const int Size = KeyText.Size;

    /// <summary>The length of a signature in bytes.</summary>
    public const int SignatureSize = 64;

    private readonly Key _key;

    private SecretKey(Key key)
    {
        _key = key;
        Id = new EndpointId(key.PublicKey.Export(KeyBlobFormat.RawPublicKey));
    }

    /// <summary>The public half; it stays readable after <see cref="Dispose"/>.</summary>
    public EndpointId Id { get; }

    /// <summary>Makes a new key from the operating system's random numbers.</summary>
    public static SecretKey Generate() => new(Key.Create(SignatureAlgorithm.Ed25519, Exportable));

    /// <summary>Makes a key from its 32 bytes (the seed of RFC 8032, section 5.1.5). Wiping the source is up to the caller.</summary>
    /// <param name="secret">The secret key; every value is one.</param>
    /// <exception cref="ArgumentException"><paramref name="secret"/> is not 32 bytes long.</exception>
    public static SecretKey FromBytes(ReadOnlySpan<byte> secret)
    {
        if (secret.Length != Size)
        {
            throw new ArgumentException($"A secret key has {Size} bytes; these are {secret.Length}.", nameof(secret));
        }

        return new SecretKey(Key.Import(SignatureAlgorithm.Ed25519, secret, KeyBlobFormat.RawPrivateKey, Exportable));
    }

    /// <summary>Reads a key from 64 hexadecimal digits or 52 base32 characters, in either case, as iroh does.</summary>
    /// <param name="text">The text form of a secret key. Prefer a span that can be wiped: a string cannot.</param>
    /// <exception cref="FormatException"><paramref name="text"/> is neither form; the message says why without repeating it.</exception>
    public static SecretKey Parse(ReadOnlySpan<char> text)
        => TryParseCore(text, out SecretKey? key) is { } problem ? throw new FormatException(problem) : key!;

    /// <inheritdoc cref="Parse(ReadOnlySpan{char})"/>
    public static SecretKey Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return Parse(text.AsSpan());
    }

    /// <summary>Reads a key as <see cref="Parse(ReadOnlySpan{char})"/> does, without throwing.</summary>
    /// <param name="text">The text form of a secret key.</param>
    /// <param name="key">The key, for the caller to dispose of, or null where the result is false.</param>
    /// <returns>Whether <paramref name="text"/> is a secret key.</returns>
    public static bool TryParse(ReadOnlySpan<char> text, [NotNullWhen(true)] out SecretKey? key)
        => TryParseCore(text, out key) is null;

    /// <inheritdoc cref="TryParse(ReadOnlySpan{char}, out SecretKey?)"/>
    public static bool TryParse([NotNullWhen(true)] string? text, [NotNullWhen(true)] out SecretKey? key)
        => TryParse(text.AsSpan(), out key);

    /// <summary>Copies the secret out. The copy is the caller's to guard and to wipe.</summary>
    /// <param name="destination">Where the 32 bytes go.</param>
    /// <exception cref="ArgumentException"><paramref name="destination"/> is shorter than <see cref="Size"/>.</exception>
    /// <exception cref="ObjectDisposedException">The key was disposed of.</exception>
    public void Export(Span<byte> destination)
    {
        if (destination.Length < Size)
        {
            throw new ArgumentException($"A secret key needs {Size} bytes; there is room for {destination.Length}.", nameof(destination));
        }

        if (!_key.TryExport(KeyBlobFormat.RawPrivateKey, destination[..Size], out _))
        {
            throw new CryptographicException("The secret key could not be exported.");
        }
    }

    /// <summary>
    /// The secret as 64 lower-case hexadecimal digits, for a file or a secret store. A string cannot be wiped: it stays in
    /// memory until it is collected and overwritten.
    /// </summary>
    /// <exception cref="ObjectDisposedException">The key was disposed of.</exception>
    public string ExportText()
    {
        Span<byte> secret = stackalloc byte[Size];
        try
        {
            Export(secret);
            return Convert.ToHexStringLower(secret);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(secret);
        }
    }

    /// <summary>Signs a message with Ed25519; <see cref="EndpointId.Verify"/> checks the result.</summary>
    /// <param name="message">What to sign; it is not hashed beforehand.</param>
    /// <returns>The <see cref="SignatureSize"/> bytes of the signature.</returns>
    /// <exception cref="ObjectDisposedException">The key was disposed of.</exception>
    public byte[] Sign(ReadOnlySpan<byte> message)
    {
        var signature = new byte[SignatureSize];
        SignatureAlgorithm.Ed25519.Sign(_key, message, signature);
        return signature;
    }

    /// <summary>Wipes the key. Signing and exporting fail from here on; what was made with the key stays valid.</summary>
    public void Dispose() => _key.Dispose();

    /// <summary>A name for logs that holds the public id only.</summary>
    public override string ToString() => $"SecretKey of {Id}";

    private static KeyCreationParameters Exportable => new() { ExportPolicy = KeyExportPolicies.AllowPlaintextExport };

    private static string? TryParseCore(ReadOnlySpan<char> text, out SecretKey? key)
    {
        key = null;
        Span<byte> secret = stackalloc byte[Size];
        try
        {
            if (!KeyText.TryDecode(text, secret, "A secret key", out string? problem))
            {
                return problem;
            }

            key = FromBytes(secret);
            return null;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(secret);
        }
    }
}
