namespace IrohRpc.Tests;

/// <summary>A stream that is another's, seen on its way by whoever derives from it.</summary>
internal abstract class DelegatingStream(PeerStream inner) : PeerStream
{
    public override long Id => inner.Id;

    public override Task ReadsClosed => inner.ReadsClosed;

    public override Task WritesClosed => inner.WritesClosed;

    public override bool CanRead => inner.CanRead;

    public override bool CanWrite => inner.CanWrite;

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        => inner.ReadAsync(buffer, cancellationToken);

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, bool completeWrites, CancellationToken cancellationToken = default)
        => inner.WriteAsync(buffer, completeWrites, cancellationToken);

    public override void CompleteWrites() => inner.CompleteWrites();

    public override void AbortRead(long errorCode) => inner.AbortRead(errorCode);

    public override void AbortWrite(long errorCode) => inner.AbortWrite(errorCode);

    public override ValueTask DisposeAsync() => inner.DisposeAsync();
}
