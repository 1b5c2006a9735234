using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using IrohRpc.Hashing;

namespace IrohRpc.Gossip;

/// <summary>The name of a topic: 32 bytes that its members agree on.</summary>
public readonly struct TopicId : IEquatable<TopicId>, IComparable<TopicId>
{
    /// <summary>The length in bytes.</summary>
    public const int Size = 32;

    private readonly Bytes32 _bytes;

    /// <summary>Takes 32 bytes.</summary>
    /// <param name="bytes">The bytes.</param>
    /// <exception cref="ArgumentException"><paramref name="bytes"/> is not 32 bytes long.</exception>
    public TopicId(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length != Size)
        {
            throw new ArgumentException($"There have to be {Size} bytes; these are {bytes.Length}.", nameof(bytes));
        }

        bytes.CopyTo(_bytes);
    }

    /// <summary>The topic that a text names: the BLAKE3 hash of its UTF-8 bytes.</summary>
    /// <param name="name">Any text.</param>
    public static TopicId FromName(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return new TopicId(Blake3.Hash(System.Text.Encoding.UTF8.GetBytes(name)));
    }

    /// <summary>Reads 64 hexadecimal digits.</summary>
    /// <param name="text">The digits.</param>
    /// <exception cref="FormatException"><paramref name="text"/> is something else.</exception>
    public static TopicId Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text.Length == 2 * Size
            ? new TopicId(Convert.FromHexString(text))
            : throw new FormatException($"A topic is {2 * Size} hexadecimal digits; this text has {text.Length} characters.");
    }

    /// <summary>Copies the bytes.</summary>
    /// <param name="destination">Where they go.</param>
    public void CopyTo(Span<byte> destination) => ((ReadOnlySpan<byte>)_bytes).CopyTo(destination);

    /// <summary>The bytes.</summary>
    public byte[] ToByteArray() => ((ReadOnlySpan<byte>)_bytes).ToArray();

    /// <inheritdoc/>
    public override string ToString() => Convert.ToHexStringLower(_bytes);

    /// <inheritdoc/>
    public bool Equals(TopicId other) => ((ReadOnlySpan<byte>)_bytes).SequenceEqual(other._bytes);

    /// <inheritdoc/>
    public override bool Equals([NotNullWhen(true)] object? obj) => obj is TopicId other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        // Strangers choose the bytes, so a plain slice of them would let them choose buckets in our tables.
        var hash = new HashCode();
        hash.AddBytes(_bytes);
        return hash.ToHashCode();
    }

    /// <inheritdoc/>
    public int CompareTo(TopicId other) => ((ReadOnlySpan<byte>)_bytes).SequenceCompareTo(other._bytes);

    /// <summary>Whether both are the same.</summary>
    public static bool operator ==(TopicId left, TopicId right) => left.Equals(right);

    /// <summary>Whether they differ.</summary>
    public static bool operator !=(TopicId left, TopicId right) => !left.Equals(right);

    /// <summary>Whether <paramref name="left"/> sorts before <paramref name="right"/>.</summary>
    public static bool operator <(TopicId left, TopicId right) => left.CompareTo(right) < 0;

    /// <summary>Whether <paramref name="left"/> sorts before <paramref name="right"/> or equals it.</summary>
    public static bool operator <=(TopicId left, TopicId right) => left.CompareTo(right) <= 0;

    /// <summary>Whether <paramref name="left"/> sorts after <paramref name="right"/>.</summary>
    public static bool operator >(TopicId left, TopicId right) => left.CompareTo(right) > 0;

    /// <summary>Whether <paramref name="left"/> sorts after <paramref name="right"/> or equals it.</summary>
    public static bool operator >=(TopicId left, TopicId right) => left.CompareTo(right) >= 0;

    [InlineArray(Size)]
    private struct Bytes32
    {
        private byte _first;
    }
}
