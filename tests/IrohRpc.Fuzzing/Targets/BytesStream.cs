namespace IrohRpc.Fuzzing;

/// <summary>A stream that brings bytes and then ends.</summary>
internal sealed class BytesStream(byte[] bytes) : PeerStream
{
    private int _position;

    public override long Id => 0;

    public override Task ReadsClosed => Task.CompletedTask;

    public override Task WritesClosed => Task.CompletedTask;

    public override bool CanRead => true;

    public override bool CanWrite => false;

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        // A reader that waits for the first byte asks for none.
        int count = Math.Min(buffer.Length, bytes.Length - _position);
        bytes.AsSpan(_position, count).CopyTo(buffer.Span);
        _position += count;
        return new ValueTask<int>(count);
    }

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, bool completeWrites, CancellationToken cancellationToken = default) => ValueTask.CompletedTask;

    public override void CompleteWrites()
    {
    }

    public override void AbortRead(long errorCode)
    {
    }

    public override void AbortWrite(long errorCode)
    {
    }

    public override ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
