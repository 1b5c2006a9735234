using System.IO.Pipelines;

namespace IrohRpc.Tests.QMux;

/// <summary>One end of an in-process pair of byte streams, with a bounded buffer each way and a sending side that shuts down by itself.</summary>
internal sealed class DuplexStream : Stream
{
    private readonly PipeReader _reader;
    private readonly PipeWriter _writer;

    private DuplexStream(PipeReader reader, PipeWriter writer)
    {
        _reader = reader;
        _writer = writer;
    }

    public int DisposeCount { get; private set; }

    public override bool CanRead => true;

    public override bool CanWrite => true;

    public override bool CanSeek => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public static (DuplexStream One, DuplexStream Other) CreatePair(int buffer = 64 * 1024)
    {
        var options = new PipeOptions(
            pauseWriterThreshold: buffer, resumeWriterThreshold: buffer / 2, useSynchronizationContext: false);
        var there = new Pipe(options);
        var back = new Pipe(options);
        return (new DuplexStream(back.Reader, there.Writer), new DuplexStream(there.Reader, back.Writer));
    }

    public ValueTask ShutdownSendAsync(CancellationToken cancellationToken) => _writer.CompleteAsync();

    /// <summary>Ends both directions as a connection that was reset does.</summary>
    public void Break()
    {
        _writer.Complete(new IOException("reset"));
        _reader.Complete(new IOException("reset"));
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        ReadResult result = await _reader.ReadAsync(cancellationToken);
        int count = (int)Math.Min(buffer.Length, result.Buffer.Length);
        SequencePosition end = result.Buffer.GetPosition(count);
        System.Buffers.BuffersExtensions.CopyTo(result.Buffer.Slice(0, count), buffer.Span);
        _reader.AdvanceTo(end);
        return count;
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        FlushResult result = await _writer.WriteAsync(buffer, cancellationToken);
        if (result.IsCompleted)
        {
            throw new IOException("The other end reads no more.");
        }
    }

    public override async ValueTask DisposeAsync()
    {
        DisposeCount++;
        _reader.CancelPendingRead();
        await _writer.CompleteAsync();
        await _reader.CompleteAsync();
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
