using IrohRpc.Internal;
using IrohRpc.Transports;

namespace IrohRpc.Tests;

/// <summary>What reading frames costs in memory: as much as arrives, and nothing while nothing does.</summary>
public sealed class FrameReaderTests : IAsyncLifetime
{
    private const int Limit = 128 * 1024 * 1024;
    private const int FirstSize = 16 * 1024;

    private RawPeer _peer = null!;
    private FrameReader _reader = null!;

    public async ValueTask InitializeAsync()
    {
        _peer = await RawPeer.StartAsync();
        _reader = new FrameReader(await _peer.OpenAsync());
    }

    public async ValueTask DisposeAsync()
    {
        _reader.Stream.AbortRead(ResetCode.Cancelled);
        _reader.Stream.AbortWrite(ResetCode.Cancelled);
        await _reader.Stream.DisposeAsync();
        _reader.Dispose();
        await _peer.DisposeAsync();
    }

    [Fact]
    public void Nothing_is_held_between_frames()
    {
        Assert.True(_reader.GetMemory().IsEmpty);
        Assert.True(_reader.Advance(0));
        Receive(Frame(100));
        Assert.Equal(100, Take());
        Assert.True(_reader.GetMemory().IsEmpty);
        Assert.True(_reader.Advance(0));
        Receive(Frame(7));
        Assert.Equal(7, Take());
    }

    [Fact]
    public void End_of_the_stream_is_not_taken_for_a_wait()
    {
        Assert.True(_reader.GetMemory().IsEmpty);
        Assert.True(_reader.Advance(0));
        Assert.False(_reader.GetMemory().IsEmpty);
        Assert.False(_reader.Advance(0));
    }

    [Fact]
    public void Announced_length_takes_no_memory()
    {
        Receive(Frame(100_000_000).AsSpan(0, 2000));
        Assert.Equal(FrameReadResult.Incomplete, TryTake(out _));
        Assert.InRange(_reader.GetMemory().Length, 1, FirstSize);
        _reader.Advance(0);
    }

    [Fact]
    public void Memory_grows_with_what_arrives()
    {
        byte[] frame = Frame(1_000_000);
        for (int received = 0; received < frame.Length;)
        {
            Assert.Equal(FrameReadResult.Incomplete, TryTake(out _));
            Memory<byte> memory = _reader.GetMemory();
            int count = Math.Min(memory.Length, frame.Length - received);
            Assert.InRange(memory.Length, 0, Math.Max(FirstSize, received));
            frame.AsSpan(received, count).CopyTo(memory.Span);
            _reader.Advance(count);
            received += count;
        }

        Assert.Equal(1_000_000, Take());
    }

    [Fact]
    public void Frame_as_long_as_one_before_gets_its_room_at_once_and_is_read_to_its_end_and_no_further()
    {
        byte[] frame = Frame(300_000);
        Receive(frame);
        Assert.Equal(300_000, Take());
        Receive(frame.AsSpan(0, 1000));
        Assert.Equal(FrameReadResult.Incomplete, TryTake(out _));
        Assert.Equal(frame.Length - 1000, _reader.GetMemory().Length);
        _reader.Advance(0);
    }

    [Fact]
    public async Task Long_frame_can_be_opened_and_its_body_read_where_it_belongs()
    {
        byte[] frame = Frame(300_000);
        Receive(frame);
        Assert.Equal(300_000, Take());
        Receive(frame.AsSpan(0, 1000));
        Assert.False(_reader.TryOpen(FrameType.Item, out _));
        Assert.Equal(FrameReadResult.Incomplete, TryTake(out _));
        Assert.False(_reader.TryOpen(FrameType.Response, out _));
        Assert.True(_reader.TryOpen(FrameType.Item, out int length));
        Assert.Equal(300_000, length);

        byte[] body = new byte[length];
        int head = frame.Length - length;
        Assert.Equal(1000 - head, await _reader.ReadBytesAsync(body));
        Assert.Equal(frame.AsSpan(head, 1000 - head), body.AsSpan(0, 1000 - head));
    }

    [Fact]
    public void Longer_frame_than_any_before_cannot_be_opened()
    {
        Receive(Frame(300_000).AsSpan(0, 1000));
        Assert.Equal(FrameReadResult.Incomplete, TryTake(out _));
        Assert.False(_reader.TryOpen(FrameType.Item, out _));
    }

    private static byte[] Frame(int length)
    {
        byte[] body = new byte[length];
        new Random(length).NextBytes(body);
        return RawPeer.Frame((byte)FrameType.Item, body);
    }

    // In as many reads as the reader wants.
    private void Receive(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            Memory<byte> memory = _reader.GetMemory();
            int count = Math.Min(memory.Length, bytes.Length);
            bytes[..count].CopyTo(memory.Span);
            _reader.Advance(count);
            bytes = bytes[count..];
            if (!bytes.IsEmpty)
            {
                Assert.Equal(FrameReadResult.Incomplete, TryTake(out _));
            }
        }
    }

    private int Take()
    {
        Assert.Equal(FrameReadResult.Frame, TryTake(out int length));
        return length;
    }

    private FrameReadResult TryTake(out int length)
    {
        FrameReadResult result = _reader.TryRead(Limit, out _, out ReadOnlySpan<byte> body);
        length = body.Length;
        return result;
    }
}
