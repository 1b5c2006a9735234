using System.Collections.Immutable;
using IrohRpc.Identity.Internal;

namespace IrohRpc.Blobs;

/// <summary>Which chunks of which blobs a request is about: entry 0 is the blob that it names, 1 and on the children of a hash sequence.</summary>
/// <remarks>Every entry holds until the next one; the last holds for ever. What comes before the first entry is empty.</remarks>
public sealed class ChunkRangesSequence
{
    private readonly ImmutableArray<(ulong Index, ChunkRanges Ranges)> _changes;

    private ChunkRangesSequence(ImmutableArray<(ulong Index, ChunkRanges Ranges)> changes) => _changes = changes;

    /// <summary>A blob and, where it is a hash sequence, all of its children.</summary>
    public static ChunkRangesSequence All { get; } = new([(0, ChunkRanges.All)]);

    /// <summary>One blob, whole.</summary>
    public static ChunkRangesSequence OneBlob { get; } = Of([ChunkRanges.All]);

    /// <summary>Ranges of one blob after the other, and nothing of those that follow.</summary>
    /// <param name="ranges">The ranges, the named blob's first.</param>
    public static ChunkRangesSequence Of(params IEnumerable<ChunkRanges> ranges) => Create(ranges, ChunkRanges.None);

    /// <summary>Ranges of one blob after the other, and the same for all that follow.</summary>
    /// <param name="ranges">The ranges, the named blob's first.</param>
    /// <param name="rest">The ranges of each blob that follows.</param>
    public static ChunkRangesSequence Create(IEnumerable<ChunkRanges> ranges, ChunkRanges rest)
    {
        ArgumentNullException.ThrowIfNull(ranges);
        ArgumentNullException.ThrowIfNull(rest);
        var changes = ImmutableArray.CreateBuilder<(ulong, ChunkRanges)>();
        ChunkRanges last = ChunkRanges.None;
        ulong index = 0;
        foreach (ChunkRanges next in ranges.Append(rest))
        {
            if (!next.Equals(last))
            {
                changes.Add((index, next));
                last = next;
            }

            index++;
        }

        return new(changes.ToImmutable());
    }

    /// <summary>Ranges of some of the blobs, in ascending order, and nothing of the others.</summary>
    internal static ChunkRangesSequence OfSome(IEnumerable<(ulong Index, ChunkRanges Ranges)> entries)
    {
        var changes = ImmutableArray.CreateBuilder<(ulong, ChunkRanges)>();
        ulong next = 0;
        ChunkRanges last = ChunkRanges.None;
        foreach ((ulong index, ChunkRanges ranges) in entries)
        {
            if (index > next && !last.IsEmpty)
            {
                changes.Add((next, ChunkRanges.None));
                last = ChunkRanges.None;
            }

            if (!ranges.Equals(last))
            {
                changes.Add((index, ranges));
                last = ranges;
            }

            next = index + 1;
        }

        if (!last.IsEmpty)
        {
            changes.Add((next, ChunkRanges.None));
        }

        return new(changes.ToImmutable());
    }

    /// <summary>Whether only the named blob is asked for, and none of its children.</summary>
    public bool IsOneBlob => _changes.All(static change => change.Index == 0 || change.Ranges.IsEmpty);

    /// <summary>Whether nothing at all is asked for.</summary>
    public bool IsEmpty => _changes.All(static change => change.Ranges.IsEmpty);

    /// <summary>The entries that are not empty, in order; without an end where the last one is not.</summary>
    public IEnumerable<(ulong Index, ChunkRanges Ranges)> Selected()
    {
        for (int i = 0; i < _changes.Length; i++)
        {
            (ulong index, ChunkRanges ranges) = _changes[i];
            ulong end = i + 1 < _changes.Length ? _changes[i + 1].Index : ulong.MaxValue;
            for (; !ranges.IsEmpty && index < end; index++)
            {
                yield return (index, ranges);
            }
        }
    }

    internal void Write(PostcardWriter writer)
    {
        writer.WriteVarint((ulong)_changes.Length);
        ulong last = 0;
        foreach ((ulong index, ChunkRanges ranges) in _changes)
        {
            writer.WriteVarint(index - last);
            ranges.WriteSpans(writer);
            last = index;
        }
    }

    internal static bool TryRead(ref PostcardReader reader, out ChunkRangesSequence sequence)
    {
        sequence = new([]);

        // Each change takes two bytes at least, so a number alone makes nobody allocate.
        if (!reader.TryReadVarint("the number of changes of ranges", (ulong)reader.Remaining / 2, out ulong count))
        {
            return false;
        }

        var changes = ImmutableArray.CreateBuilder<(ulong, ChunkRanges)>();
        ulong index = 0;
        for (ulong i = 0; i < count; i++)
        {
            if (!reader.TryReadVarint("the distance to a change of ranges", ulong.MaxValue - index, out ulong delta)
                || !ChunkRanges.TryReadSpans(ref reader, out ChunkRanges ranges))
            {
                return false;
            }

            index += delta;
            changes.Add((index, ranges));
        }

        sequence = new(changes.ToImmutable());
        return true;
    }
}
