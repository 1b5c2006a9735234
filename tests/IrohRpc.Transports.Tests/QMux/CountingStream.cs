namespace IrohRpc.Tests.QMux;

/// <summary>A stream that counts what is asked of the one below it.</summary>
internal sealed class CountingStream(DuplexStream inner) : Stream
{
    private int _writes;
    private int _readsThatHeldMemory;

    /// <summary>How many writes there were.</summary>
    public int Writes => Volatile.Read(ref _writes);

    /// <summary>How many reads had to wait and kept memory for it.</summary>
    public int ReadsThatHeldMemory => Volatile.Read(ref _readsThatHeldMemory);

    public override bool CanRead => true;

    public override bool CanWrite => true;

    public override bool CanSeek => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public ValueTask ShutdownSendAsync(CancellationToken cancellationToken) => inner.ShutdownSendAsync(cancellationToken);

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        ValueTask<int> read = inner.ReadAsync(buffer, cancellationToken);
        if (!read.IsCompleted && !buffer.IsEmpty)
        {
            Interlocked.Increment(ref _readsThatHeldMemory);
        }

        return read;
    }

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        Interlocked.Increment(ref _writes);
        return inner.WriteAsync(buffer, cancellationToken);
    }

    public override async ValueTask DisposeAsync()
    {
        await inner.DisposeAsync();
        await base.DisposeAsync();
    }

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}
