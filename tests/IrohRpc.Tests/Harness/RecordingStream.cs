namespace IrohRpc.Tests;

/// <summary>Keeps what is written to and read from a stream.</summary>
internal sealed class RecordingStream(PeerStream inner) : PeerStream
{
    private readonly MemoryStream _written = new();
    private readonly MemoryStream _read = new();

    public byte[] Written => _written.ToArray();

    public byte[] Received => _read.ToArray();

    public override long Id => inner.Id;

    public override Task ReadsClosed => inner.ReadsClosed;

    public override Task WritesClosed => inner.WritesClosed;

    public override bool CanRead => inner.CanRead;

    public override bool CanWrite => inner.CanWrite;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        int read = await inner.ReadAsync(buffer, cancellationToken);
        _read.Write(buffer.Span[..read]);
        return read;
    }

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, bool completeWrites, CancellationToken cancellationToken = default)
    {
        _written.Write(buffer.Span);
        return inner.WriteAsync(buffer, completeWrites, cancellationToken);
    }

    public override void CompleteWrites() => inner.CompleteWrites();

    public override void AbortRead(long errorCode) => inner.AbortRead(errorCode);

    public override void AbortWrite(long errorCode) => inner.AbortWrite(errorCode);

    public override ValueTask DisposeAsync() => inner.DisposeAsync();
}
