namespace IrohRpc.Tests;

/// <summary>Gives zeros for as long as it is asked, up to a length, and says how many.</summary>
internal sealed class Fountain(long length) : Stream
{
    private long _given;

    public long Given => Volatile.Read(ref _given);

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => length;

    public override long Position
    {
        get => Given;
        set => throw new NotSupportedException();
    }

    /// <summary>The same as items.</summary>
    public async IAsyncEnumerable<byte[]> InChunks(int size)
    {
        while (Given < length)
        {
            await Task.Yield();
            byte[] chunk = new byte[size];
            ReadExactly(chunk);
            yield return chunk;
        }
    }

    public override int Read(byte[] buffer, int offset, int count)
    {
        int read = (int)Math.Min(count, length - Given);
        buffer.AsSpan(offset, read).Clear();
        Interlocked.Add(ref _given, read);
        return read;
    }

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
