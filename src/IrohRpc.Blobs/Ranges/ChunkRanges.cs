using System.Collections.Immutable;
using IrohRpc.Hashing;
using IrohRpc.Identity.Internal;

namespace IrohRpc.Blobs;

/// <summary>A set of chunks of a blob (1,024 bytes each), as ranges. Immutable.</summary>
/// <remarks>
/// A range may be open to the end, whatever the size. Where a request names chunks beyond the end, the last chunk stands for them all: asking for
/// <see cref="LastChunk"/> proves the size.
/// </remarks>
public sealed class ChunkRanges : IEquatable<ChunkRanges>
{
    /// <summary>The most ranges that are read from the wire.</summary>
    public const int MaxRanges = 64 * 1024;

    // Sorted, without repetition: selected from an even entry up to the next odd one, or to the end of everything where that is missing.
    private readonly ImmutableArray<ulong> _boundaries;

    private ChunkRanges(ImmutableArray<ulong> boundaries) => _boundaries = boundaries;

    /// <summary>No chunk.</summary>
    public static ChunkRanges None { get; } = new([]);

    /// <summary>Every chunk, however many there are.</summary>
    public static ChunkRanges All { get; } = new([0]);

    /// <summary>The last chunk, whichever that is: what proves the size of a blob.</summary>
    public static ChunkRanges LastChunk { get; } = new([ulong.MaxValue]);

    /// <summary>Where selection begins and ends in turns; an odd number means open to the end.</summary>
    public ImmutableArray<ulong> Boundaries => _boundaries;

    /// <summary>Whether no chunk is selected.</summary>
    public bool IsEmpty => _boundaries.IsEmpty;

    /// <summary>Chunks from <paramref name="start"/> up to, not including, <paramref name="end"/>.</summary>
    /// <param name="start">The first chunk.</param>
    /// <param name="end">The chunk after the last; null for all that follow.</param>
    public static ChunkRanges Of(ulong start, ulong? end)
        => end is null ? new([start]) : start < end ? new([start, end.Value]) : None;

    /// <summary>The chunks that hold a run of bytes.</summary>
    /// <param name="offset">The first byte.</param>
    /// <param name="length">How many bytes; none select nothing.</param>
    /// <exception cref="ArgumentOutOfRangeException">A value is negative.</exception>
    public static ChunkRanges OfBytes(long offset, long length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        return length == 0
            ? None
            : Of((ulong)offset / Blake3.ChunkSize, ((ulong)offset + (ulong)length + Blake3.ChunkSize - 1) / Blake3.ChunkSize);
    }

    /// <summary>Chunks that are in either.</summary>
    /// <param name="other">The other set.</param>
    public ChunkRanges Union(ChunkRanges other) => Combine(other, static (left, right) => left || right);

    /// <summary>Chunks that are in both.</summary>
    /// <param name="other">The other set.</param>
    public ChunkRanges Intersect(ChunkRanges other) => Combine(other, static (left, right) => left && right);

    /// <summary>Chunks that are here and not in the other.</summary>
    /// <param name="other">The other set.</param>
    public ChunkRanges Except(ChunkRanges other) => Combine(other, static (left, right) => left && !right);

    /// <summary>Whether a chunk is selected.</summary>
    /// <param name="chunk">The chunk.</param>
    public bool Contains(ulong chunk) => (UpTo(chunk) & 1) == 1;

    /// <summary>How many chunks are selected.</summary>
    /// <exception cref="InvalidOperationException">The last range is open.</exception>
    public ulong Count
    {
        get
        {
            if ((_boundaries.Length & 1) == 1)
            {
                throw new InvalidOperationException("An open range has no count.");
            }

            ulong count = 0;
            for (int i = 0; i < _boundaries.Length; i += 2)
            {
                count += _boundaries[i + 1] - _boundaries[i];
            }

            return count;
        }
    }

    /// <inheritdoc/>
    public bool Equals(ChunkRanges? other) => other is not null && _boundaries.AsSpan().SequenceEqual(other._boundaries.AsSpan());

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as ChunkRanges);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = new HashCode();
        foreach (ulong boundary in _boundaries)
        {
            hash.Add(boundary);
        }

        return hash.ToHashCode();
    }

    /// <summary>For logs: <c>[0..64, 128..]</c>.</summary>
    public override string ToString()
        => $"[{string.Join(", ", _boundaries.Chunk(2).Select(static pair => pair.Length == 2 ? $"{pair[0]}..{pair[1]}" : $"{pair[0]}.."))}]";

    /// <summary>What a request means for a blob that has this many chunks: nothing beyond, and the last chunk for what lies beyond.</summary>
    internal ChunkRanges For(ulong chunks)
    {
        bool beyond = (_boundaries.Length & 1) == 1 || (_boundaries.Length > 0 && _boundaries[^1] > chunks);
        ChunkRanges inside = Intersect(Of(0, chunks));
        return beyond ? inside.Union(Of(chunks - 1, chunks)) : inside;
    }

    /// <summary>Whether every chunk of a range is selected.</summary>
    internal bool ContainsAll(ulong start, ulong end)
    {
        int at = UpTo(start);
        return (at & 1) == 1 && (at == _boundaries.Length || _boundaries[at] >= end);
    }

    /// <summary>Whether some chunk of a range is selected.</summary>
    internal bool ContainsAny(ulong start, ulong end)
    {
        int at = UpTo(start);
        return (at & 1) == 1 || (at < _boundaries.Length && _boundaries[at] < end);
    }

    /// <summary>The ranges of a set that is not open.</summary>
    internal IEnumerable<(ulong Start, ulong End)> Ranges()
    {
        for (int i = 0; i < _boundaries.Length; i += 2)
        {
            yield return (_boundaries[i], i + 1 < _boundaries.Length ? _boundaries[i + 1] : ulong.MaxValue);
        }
    }

    /// <summary>Writes the widths of the spans, which are deselected and selected in turns: what iroh calls RangeSpec.</summary>
    internal void WriteSpans(PostcardWriter writer)
    {
        writer.WriteVarint((ulong)_boundaries.Length);
        ulong last = 0;
        foreach (ulong boundary in _boundaries)
        {
            writer.WriteVarint(boundary - last);
            last = boundary;
        }
    }

    /// <summary>Reads what <see cref="WriteSpans"/> writes. Widths of zero, which mean nothing, are let go.</summary>
    internal static bool TryReadSpans(ref PostcardReader reader, out ChunkRanges ranges)
    {
        ranges = None;
        if (!TryReadCount(ref reader, out int count))
        {
            return false;
        }

        var builder = ImmutableArray.CreateBuilder<ulong>(count);
        ulong at = 0;
        for (int i = 0; i < count; i++)
        {
            if (!reader.TryReadVarint("the width of a span", ulong.MaxValue - at, out ulong width))
            {
                return false;
            }

            at += width;
            Add(builder, at, isFirst: i == 0);
        }

        ranges = new(builder.DrainToImmutable());
        return true;
    }

    /// <summary>Writes the boundaries themselves, as answers to Observe have them.</summary>
    internal void WriteBoundaries(PostcardWriter writer)
    {
        writer.WriteVarint((ulong)_boundaries.Length);
        foreach (ulong boundary in _boundaries)
        {
            writer.WriteVarint(boundary);
        }
    }

    /// <summary>Reads what <see cref="WriteBoundaries"/> writes.</summary>
    internal static bool TryReadBoundaries(ref PostcardReader reader, out ChunkRanges ranges)
    {
        ranges = None;
        if (!TryReadCount(ref reader, out int count))
        {
            return false;
        }

        var builder = ImmutableArray.CreateBuilder<ulong>(count);
        for (int i = 0; i < count; i++)
        {
            if (!reader.TryReadVarint("a boundary", ulong.MaxValue, out ulong boundary))
            {
                return false;
            }

            if (i > 0 && boundary <= builder[^1])
            {
                return reader.Fail("the boundaries of a set of ranges do not ascend");
            }

            builder.Add(boundary);
        }

        ranges = new(builder.DrainToImmutable());
        return true;
    }

    private static bool TryReadCount(ref PostcardReader reader, out int count)
    {
        bool ok = reader.TryReadVarint("the number of boundaries", (ulong)Math.Min(MaxRanges * 2, reader.Remaining), out ulong value);
        count = (int)value;
        return ok;
    }

    // A boundary that repeats the one before it ends where it begins, and both vanish.
    private static void Add(ImmutableArray<ulong>.Builder builder, ulong boundary, bool isFirst)
    {
        if (!isFirst && builder.Count > 0 && builder[^1] == boundary)
        {
            builder.RemoveAt(builder.Count - 1);
        }
        else
        {
            builder.Add(boundary);
        }
    }

    /// <summary>How many boundaries are at or before a chunk.</summary>
    private int UpTo(ulong chunk)
    {
        int found = _boundaries.AsSpan().BinarySearch(chunk);
        return found >= 0 ? found + 1 : ~found;
    }

    private ChunkRanges Combine(ChunkRanges other, Func<bool, bool, bool> rule)
    {
        ArgumentNullException.ThrowIfNull(other);
        ReadOnlySpan<ulong> left = _boundaries.AsSpan();
        ReadOnlySpan<ulong> right = other._boundaries.AsSpan();
        var builder = ImmutableArray.CreateBuilder<ulong>();
        bool inLeft = false, inRight = false, inside = false;
        while (!left.IsEmpty || !right.IsEmpty)
        {
            ulong at = right.IsEmpty || (!left.IsEmpty && left[0] <= right[0]) ? left[0] : right[0];
            if (!left.IsEmpty && left[0] == at)
            {
                inLeft = !inLeft;
                left = left[1..];
            }

            if (!right.IsEmpty && right[0] == at)
            {
                inRight = !inRight;
                right = right[1..];
            }

            bool now = rule(inLeft, inRight);
            if (now != inside)
            {
                builder.Add(at);
                inside = now;
            }
        }

        return builder.Count == 0 ? None : new(builder.DrainToImmutable());
    }
}
