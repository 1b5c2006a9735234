namespace IrohRpc.Benchmarks.Pieces.Calls;

/// <summary>A stream without a peer: reading gives the same bytes from the beginning, once each time it is rewound; writing goes nowhere.</summary>
internal sealed class ReplayedStream(ReadOnlyMemory<byte> bytes) : PeerStream
{
    private int _position;

    public override long Id => 0;

    public override Task ReadsClosed => Task.CompletedTask;

    public override Task WritesClosed => Task.CompletedTask;

    public override bool CanRead => true;

    public override bool CanWrite => true;

    public void Rewind() => _position = 0;

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        int count = Math.Min(buffer.Length, bytes.Length - _position);
        bytes.Slice(_position, count).CopyTo(buffer);
        _position += count;
        return new ValueTask<int>(count);
    }

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, bool completeWrites, CancellationToken cancellationToken = default) => default;

    public override void CompleteWrites()
    {
    }

    public override void AbortRead(long errorCode)
    {
    }

    public override void AbortWrite(long errorCode)
    {
    }

    public override ValueTask DisposeAsync() => default;
}
