using IrohRpc.Multiplexing.Streams;
using IrohRpc.Quic.Spaces;

namespace IrohRpc.Quic.Tests.Connections;

public sealed class CryptoStreamTests
{
    [Fact]
    public void Bytes_that_come_again_differently_divided_lead_on_to_what_lies_beyond_a_run_that_they_cover()
    {
        var pool = new SegmentPool();
        var stream = new CryptoStream(pool);
        byte[] data = [.. Enumerable.Range(0, 900).Select(i => (byte)i)];
        Assert.True(stream.Receive(100, data.AsSpan(100, 100)).IsEmpty);
        Assert.True(stream.Receive(300, data.AsSpan(300, 600)).IsEmpty);
        var taken = new List<byte>();
        for (ReadOnlySpan<byte> next = stream.Receive(0, data.AsSpan(0, 350)); !next.IsEmpty; next = stream.TakeAhead())
        {
            taken.AddRange(next);
        }

        Assert.Equal(data, taken);
        Assert.False(stream.HasGap);
        Assert.Equal(0, pool.RentedBytes);
    }

    [Fact]
    public void Bytes_far_ahead_end_the_connection()
    {
        var stream = new CryptoStream(new SegmentPool());
        Assert.Equal(
            TransportErrorCode.CryptoBufferExceeded,
            Assert.Throws<TransportViolationException>(() => stream.Receive(CryptoStream.MaxAhead, [1])).Code);
    }
}
