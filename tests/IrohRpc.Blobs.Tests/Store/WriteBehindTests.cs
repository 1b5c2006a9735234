using IrohRpc.Blobs.Store;

namespace IrohRpc.Blobs.Tests.Store;

public sealed class WriteBehindTests
{
    private const int Block = 256 * 1024;

    private readonly List<(long Offset, long Length)> _flushed = [];
    private readonly List<(long Offset, long Length)> _forgotten = [];
    private readonly WriteBehind _behind;

    public WriteBehindTests() => _behind = new WriteBehind((offset, length) => _flushed.Add((offset, length)), (offset, length) => _forgotten.Add((offset, length)));

    [Fact]
    public void Each_byte_goes_to_the_disk_once_and_the_last_ones_stay_in_memory()
    {
        const long Size = 3 * WriteBehind.Window;
        for (long at = 0; at < Size; at += Block)
        {
            _behind.Wrote(at, Block);
            Assert.All(_forgotten, range => Assert.True(range.Offset + range.Length <= at + Block - WriteBehind.Window));
        }

        Assert.Equal(Size / WriteBehind.Step, _flushed.Count);
        Assert.All(_flushed.Index(), static flush => Assert.Equal((flush.Index * WriteBehind.Step, WriteBehind.Step), flush.Item));
        Assert.Equal((0L, Size - WriteBehind.Window), _forgotten[^1]);
    }

    [Fact]
    public void What_is_begun_elsewhere_leaves_alone_what_lies_between()
    {
        const long Elsewhere = 1L << 40;
        for (long at = 0; at < WriteBehind.Step - Block; at += Block)
        {
            _behind.Wrote(at, Block);
        }

        for (long at = Elsewhere; at < Elsewhere + (2 * WriteBehind.Window); at += Block)
        {
            _behind.Wrote(at, Block);
        }

        Assert.Equal((Elsewhere, WriteBehind.Step), _flushed[0]);
        Assert.All(_flushed.Concat(_forgotten), static range => Assert.True(range.Offset >= Elsewhere));
    }

    [Fact]
    public void What_is_smaller_than_a_step_is_left_to_the_system()
    {
        for (long at = 0; at < WriteBehind.Step - Block; at += Block)
        {
            _behind.Wrote(at, Block);
        }

        Assert.Empty(_flushed);
        Assert.Empty(_forgotten);
    }
}
