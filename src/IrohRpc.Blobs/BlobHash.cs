using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using IrohRpc.Hashing;
using IrohRpc.Identity.Internal;

namespace IrohRpc.Blobs;

/// <summary>The name of a blob: the BLAKE3 hash of its bytes. Prints as 64 hexadecimal digits, parses those or base32.</summary>
public readonly struct BlobHash : IEquatable<BlobHash>, IComparable<BlobHash>, ISpanParsable<BlobHash>
{
    /// <summary>The length of a hash in bytes.</summary>
    public const int Size = Blake3.HashSize;

    private readonly Bytes32 _bytes;

    /// <summary>Takes 32 bytes for a hash.</summary>
    /// <param name="hash">The bytes; every value may be a hash.</param>
    /// <exception cref="ArgumentException"><paramref name="hash"/> is not 32 bytes long.</exception>
    public BlobHash(ReadOnlySpan<byte> hash)
    {
        if (hash.Length != Size)
        {
            throw new ArgumentException($"A hash has {Size} bytes; these are {hash.Length}.", nameof(hash));
        }

        hash.CopyTo(_bytes);
    }

    /// <summary>The hash of no bytes at all.</summary>
    public static BlobHash Empty { get; } = Of([]);

    /// <summary>The hash of data.</summary>
    /// <param name="data">The data.</param>
    public static BlobHash Of(ReadOnlySpan<byte> data)
    {
        Span<byte> hash = stackalloc byte[Size];
        Blake3.Hash(data, hash);
        return new BlobHash(hash);
    }

    /// <summary>Reads 64 hexadecimal digits or 52 characters of base32.</summary>
    /// <param name="text">The text.</param>
    /// <exception cref="FormatException"><paramref name="text"/> is neither.</exception>
    public static BlobHash Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return Parse(text.AsSpan());
    }

    /// <inheritdoc cref="Parse(string)"/>
    public static BlobHash Parse(ReadOnlySpan<char> text)
        => TryParseCore(text, out BlobHash hash) is { } problem ? throw new FormatException(problem) : hash;

    /// <summary>Reads as <see cref="Parse(string)"/> does, without throwing.</summary>
    /// <param name="text">The text.</param>
    /// <param name="hash">The hash, where the result is true.</param>
    /// <returns>Whether <paramref name="text"/> is a hash.</returns>
    public static bool TryParse([NotNullWhen(true)] string? text, out BlobHash hash) => TryParse(text.AsSpan(), out hash);

    /// <inheritdoc cref="TryParse(string?, out BlobHash)"/>
    public static bool TryParse(ReadOnlySpan<char> text, out BlobHash hash) => TryParseCore(text, out hash) is null;

    static BlobHash IParsable<BlobHash>.Parse(string s, IFormatProvider? provider) => Parse(s);

    static bool IParsable<BlobHash>.TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out BlobHash result)
        => TryParse(s, out result);

    static BlobHash ISpanParsable<BlobHash>.Parse(ReadOnlySpan<char> s, IFormatProvider? provider) => Parse(s);

    static bool ISpanParsable<BlobHash>.TryParse(ReadOnlySpan<char> s, IFormatProvider? provider, out BlobHash result)
        => TryParse(s, out result);

    /// <summary>Copies the bytes.</summary>
    /// <param name="destination">Where they go.</param>
    /// <exception cref="ArgumentException"><paramref name="destination"/> is too short.</exception>
    public void CopyTo(Span<byte> destination) => ((ReadOnlySpan<byte>)_bytes).CopyTo(destination);

    /// <summary>The bytes.</summary>
    public byte[] ToByteArray() => ((ReadOnlySpan<byte>)_bytes).ToArray();

    /// <summary>The first ten digits, for logs.</summary>
    public string ToShortString() => Convert.ToHexStringLower(((ReadOnlySpan<byte>)_bytes)[..5]);

    /// <inheritdoc/>
    public override string ToString() => Convert.ToHexStringLower(_bytes);

    /// <inheritdoc/>
    public bool Equals(BlobHash other) => ((ReadOnlySpan<byte>)_bytes).SequenceEqual(other._bytes);

    /// <inheritdoc/>
    public override bool Equals([NotNullWhen(true)] object? obj) => obj is BlobHash other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        // A peer chooses what it names, so a plain slice of the bytes would let it choose its bucket in our tables.
        var hash = new HashCode();
        hash.AddBytes(_bytes);
        return hash.ToHashCode();
    }

    /// <inheritdoc/>
    public int CompareTo(BlobHash other) => ((ReadOnlySpan<byte>)_bytes).SequenceCompareTo(other._bytes);

    /// <summary>Whether both are the same hash.</summary>
    public static bool operator ==(BlobHash left, BlobHash right) => left.Equals(right);

    /// <summary>Whether the hashes differ.</summary>
    public static bool operator !=(BlobHash left, BlobHash right) => !left.Equals(right);

    /// <summary>Whether <paramref name="left"/> sorts before <paramref name="right"/>.</summary>
    public static bool operator <(BlobHash left, BlobHash right) => left.CompareTo(right) < 0;

    /// <summary>Whether <paramref name="left"/> sorts before <paramref name="right"/> or equals it.</summary>
    public static bool operator <=(BlobHash left, BlobHash right) => left.CompareTo(right) <= 0;

    /// <summary>Whether <paramref name="left"/> sorts after <paramref name="right"/>.</summary>
    public static bool operator >(BlobHash left, BlobHash right) => left.CompareTo(right) > 0;

    /// <summary>Whether <paramref name="left"/> sorts after <paramref name="right"/> or equals it.</summary>
    public static bool operator >=(BlobHash left, BlobHash right) => left.CompareTo(right) >= 0;

    private static string? TryParseCore(ReadOnlySpan<char> text, out BlobHash hash)
    {
        Span<byte> bytes = stackalloc byte[Size];
        bool ok = KeyText.TryDecode(text, bytes, "A hash", out string? problem);
        hash = ok ? new BlobHash(bytes) : default;
        return problem;
    }

    [InlineArray(Size)]
    private struct Bytes32
    {
        private byte _first;
    }
}
