using System.ComponentModel;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Text.Json.Serialization;
using IrohRpc.Identity.Internal;
using IrohRpc.Identity.Internal.Texts;
using NSec.Cryptography;

namespace IrohRpc;

/// <summary>
/// The name of a peer: its 32-byte Ed25519 public key. An id is stable for as long as the peer keeps its
/// <see cref="SecretKey"/>, whatever address, host or transport the peer is reached through.
/// </summary>
/// <remarks>
/// An immutable value, safe to share between threads and to use as a key. It prints as 64 lower-case hexadecimal
/// digits, as iroh prints its own; <see cref="Parse(string)"/> reads that form and unpadded base32. The value is not checked to be a
/// point on the curve: an id that is none can be named but can never authenticate.
/// </remarks>
[JsonConverter(typeof(EndpointIdJsonConverter))]
[TypeConverter(typeof(EndpointIdTypeConverter))]
public readonly struct EndpointId :
    IEquatable<EndpointId>, IComparable<EndpointId>, ISpanFormattable, ISpanParsable<EndpointId>
{
    /// <summary>The length of an id in bytes.</summary>
    public const int Size = KeyText.Size;

    private readonly Bytes32 _bytes;

    /// <summary>Makes an id from the 32 bytes of a public key.</summary>
    /// <param name="publicKey">The Ed25519 public key (RFC 8032, section 5.1.5).</param>
    /// <exception cref="ArgumentException"><paramref name="publicKey"/> is not 32 bytes long.</exception>
    public EndpointId(ReadOnlySpan<byte> publicKey)
    {
        if (publicKey.Length != Size)
        {
            throw new ArgumentException($"An endpoint id has {Size} bytes; these are {publicKey.Length}.", nameof(publicKey));
        }

        publicKey.CopyTo(_bytes);
    }

    /// <summary>Reads an id from 64 hexadecimal digits or 52 base32 characters, in either case, with or without white space around them.</summary>
    /// <param name="text">The text form of an id.</param>
    /// <exception cref="FormatException"><paramref name="text"/> is neither form; the message says why.</exception>
    public static EndpointId Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return Parse(text.AsSpan());
    }

    /// <inheritdoc cref="Parse(string)"/>
    public static EndpointId Parse(ReadOnlySpan<char> text)
        => TryParseCore(text, out EndpointId id) is { } problem ? throw new FormatException(problem) : id;

    /// <inheritdoc cref="Parse(string)"/>
    public static bool TryParse([NotNullWhen(true)] string? text, out EndpointId id) => TryParse(text.AsSpan(), out id);

    /// <summary>Reads an id as <see cref="Parse(string)"/> does, without throwing.</summary>
    /// <param name="text">The text form of an id.</param>
    /// <param name="id">The id, or the default value where the result is false.</param>
    /// <returns>Whether <paramref name="text"/> is an id.</returns>
    public static bool TryParse(ReadOnlySpan<char> text, out EndpointId id) => TryParseCore(text, out id) is null;

    static EndpointId IParsable<EndpointId>.Parse(string s, IFormatProvider? provider) => Parse(s);

    static bool IParsable<EndpointId>.TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out EndpointId result)
        => TryParse(s, out result);

    static EndpointId ISpanParsable<EndpointId>.Parse(ReadOnlySpan<char> s, IFormatProvider? provider) => Parse(s);

    static bool ISpanParsable<EndpointId>.TryParse(ReadOnlySpan<char> s, IFormatProvider? provider, out EndpointId result)
        => TryParse(s, out result);

    /// <summary>Checks an Ed25519 signature that the holder of this key's secret half should have made.</summary>
    /// <param name="message">What was signed.</param>
    /// <param name="signature">The signature, from anywhere: any length and content is safe to pass.</param>
    /// <returns>Whether the signature is this key's over the message; false also where the id is no usable public key.</returns>
    public bool Verify(ReadOnlySpan<byte> message, ReadOnlySpan<byte> signature)
        => PublicKey.TryImport(SignatureAlgorithm.Ed25519, _bytes, KeyBlobFormat.RawPublicKey, out PublicKey? key)
            && SignatureAlgorithm.Ed25519.Verify(key!, message, signature);

    /// <summary>Copies the public key.</summary>
    /// <param name="destination">Where the 32 bytes go.</param>
    /// <exception cref="ArgumentException"><paramref name="destination"/> is shorter than <see cref="Size"/>.</exception>
    public void CopyTo(Span<byte> destination) => ((ReadOnlySpan<byte>)_bytes).CopyTo(destination);

    /// <summary>The public key as a new array.</summary>
    public byte[] ToByteArray() => ((ReadOnlySpan<byte>)_bytes).ToArray();

    /// <summary>The first ten hexadecimal digits: enough to tell peers apart in a log, too few to name one.</summary>
    public string ToShortString() => Convert.ToHexStringLower(((ReadOnlySpan<byte>)_bytes)[..5]);

    /// <summary>The id as 64 lower-case hexadecimal digits.</summary>
    public override string ToString() => Convert.ToHexStringLower(_bytes);

    string IFormattable.ToString(string? format, IFormatProvider? formatProvider) => ToString();

    bool ISpanFormattable.TryFormat(Span<char> destination, out int charsWritten, ReadOnlySpan<char> format, IFormatProvider? provider)
        => Convert.TryToHexStringLower(_bytes, destination, out charsWritten);

    /// <inheritdoc/>
    public bool Equals(EndpointId other) => ((ReadOnlySpan<byte>)_bytes).SequenceEqual(other._bytes);

    /// <inheritdoc/>
    public override bool Equals([NotNullWhen(true)] object? obj) => obj is EndpointId other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        // A peer chooses its key, so a plain slice of it would let a peer choose its bucket in our tables.
        var hash = new HashCode();
        hash.AddBytes(_bytes);
        return hash.ToHashCode();
    }

    /// <summary>Orders ids by their bytes, first byte first.</summary>
    /// <param name="other">The id to compare with.</param>
    public int CompareTo(EndpointId other) => ((ReadOnlySpan<byte>)_bytes).SequenceCompareTo(other._bytes);

    /// <summary>Whether both are the same key.</summary>
    public static bool operator ==(EndpointId left, EndpointId right) => left.Equals(right);

    /// <summary>Whether the keys differ.</summary>
    public static bool operator !=(EndpointId left, EndpointId right) => !left.Equals(right);

    /// <summary>Whether <paramref name="left"/> sorts before <paramref name="right"/>.</summary>
    public static bool operator <(EndpointId left, EndpointId right) => left.CompareTo(right) < 0;

    /// <summary>Whether <paramref name="left"/> sorts before <paramref name="right"/> or equals it.</summary>
    public static bool operator <=(EndpointId left, EndpointId right) => left.CompareTo(right) <= 0;

    /// <summary>Whether <paramref name="left"/> sorts after <paramref name="right"/>.</summary>
    public static bool operator >(EndpointId left, EndpointId right) => left.CompareTo(right) > 0;

    /// <summary>Whether <paramref name="left"/> sorts after <paramref name="right"/> or equals it.</summary>
    public static bool operator >=(EndpointId left, EndpointId right) => left.CompareTo(right) >= 0;

    private static string? TryParseCore(ReadOnlySpan<char> text, out EndpointId id)
    {
        Span<byte> bytes = stackalloc byte[Size];
        if (!KeyText.TryDecode(text, bytes, "An endpoint id", out string? problem))
        {
            id = default;
            return problem;
        }

        id = new EndpointId(bytes);
        return null;
    }

    [InlineArray(Size)]
    private struct Bytes32
    {
        private byte _first;
    }
}
