using CsCheck;
using IrohRpc.Blobs.Tests.Support;
using IrohRpc.Identity.Internal;

namespace IrohRpc.Blobs.Tests.Ranges;

public sealed class ChunkRangesTests
{
    [Fact]
    public void Ranges_are_written_as_iroh_writes_them()
    {
        Assert.Equal("00", Hex(ChunkRanges.None.WriteSpans));
        Assert.Equal("0100", Hex(ChunkRanges.All.WriteSpans));
        Assert.Equal("020040", Hex(ChunkRanges.Of(0, 64).WriteSpans));
        Assert.Equal("01ffffffffffffffffff01", Hex(ChunkRanges.LastChunk.WriteSpans));
        Assert.Equal("020001000100", Hex(ChunkRangesSequence.OneBlob.Write));
        Assert.Equal("01000100", Hex(ChunkRangesSequence.All.Write));
        Assert.Equal("02000203020100", Hex(ChunkRangesSequence.Of(ChunkRanges.Of(3, 5)).Write));
    }

    [Fact]
    public void Sets_behave_as_sets()
        => Gen.Select(Generators.Ranges, Generators.Ranges).Sample(static (left, right) =>
        {
            for (ulong chunk = 0; chunk < 1200; chunk++)
            {
                bool inLeft = left.Contains(chunk);
                bool inRight = right.Contains(chunk);
                Assert.Equal(inLeft || inRight, left.Union(right).Contains(chunk));
                Assert.Equal(inLeft && inRight, left.Intersect(right).Contains(chunk));
                Assert.Equal(inLeft && !inRight, left.Except(right).Contains(chunk));
            }
        });

    [Fact]
    public void Ranges_survive_both_encodings()
        => Generators.Ranges.Sample(static ranges =>
        {
            var writer = new PostcardWriter();
            ranges.WriteSpans(writer);
            ranges.WriteBoundaries(writer);
            var reader = new PostcardReader(writer.Written);
            Assert.True(ChunkRanges.TryReadSpans(ref reader, out ChunkRanges spans));
            Assert.True(ChunkRanges.TryReadBoundaries(ref reader, out ChunkRanges boundaries));
            Assert.Equal(ranges, spans);
            Assert.Equal(ranges, boundaries);
            Assert.Equal(0, reader.Remaining);
        });

    [Fact]
    public void Spans_without_width_mean_nothing()
    {
        var reader = new PostcardReader([3, 5, 0, 2]);
        Assert.True(ChunkRanges.TryReadSpans(ref reader, out ChunkRanges ranges));
        Assert.Equal(ChunkRanges.Of(7, null), ranges);
    }

    [Theory]
    [InlineData("ffffffffffffffffff01")]
    [InlineData("ff01")]
    [InlineData("0201ffffffffffffffffff01")]
    [InlineData("02")]
    public void Hostile_ranges_are_refused_without_room_being_made_for_them(string hex)
    {
        var reader = new PostcardReader(Convert.FromHexString(hex));
        Assert.False(ChunkRanges.TryReadSpans(ref reader, out _));
        Assert.NotNull(reader.Problem);
    }

    [Fact]
    public void Sequences_survive_and_name_what_is_selected()
        => Gen.Select(Generators.Ranges.List[0, 6], Generators.Ranges).Sample(static (list, rest) =>
        {
            var writer = new PostcardWriter();
            ChunkRangesSequence.Create(list, rest).Write(writer);
            var reader = new PostcardReader(writer.Written);
            Assert.True(ChunkRangesSequence.TryRead(ref reader, out ChunkRangesSequence read));
            Dictionary<ulong, ChunkRanges> selected = read.Selected().TakeWhile(static entry => entry.Index < 10)
                .ToDictionary(static entry => entry.Index, static entry => entry.Ranges);
            for (int i = 0; i < 10; i++)
            {
                Assert.Equal(i < list.Count ? list[i] : rest, selected.GetValueOrDefault((ulong)i) ?? ChunkRanges.None);
            }
        });

    private static string Hex(Action<PostcardWriter> write)
    {
        var writer = new PostcardWriter();
        write(writer);
        return Convert.ToHexStringLower(writer.Written);
    }
}
