using System.Buffers;

namespace IrohRpc.Tests;

/// <summary>A source of bytes whose first read takes until it is let go, whatever its token says, and writes into its memory then.</summary>
internal sealed class HeldSource : MemoryStream
{
    private readonly TaskCompletionSource _reading = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _letGo = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when the first read is under way.</summary>
    public Task Reading => _reading.Task;

    /// <summary>The read ends.</summary>
    public void LetGo() => _letGo.TrySetResult();

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        _reading.TrySetResult();
        await _letGo.Task;
        buffer.Span.Fill(1);
        return buffer.Length;
    }
}

/// <summary>Lends memory and knows what has come back.</summary>
internal sealed class WatchedMemory : MemoryPool<byte>
{
    private readonly TaskCompletionSource _returned = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _lent;

    /// <summary>Completes when all that was lent has come back.</summary>
    public Task Returned => _returned.Task;

    public override int MaxBufferSize => 1024 * 1024;

    public override IMemoryOwner<byte> Rent(int minBufferSize = -1)
    {
        Interlocked.Increment(ref _lent);
        return new Owner(this, new byte[Math.Max(minBufferSize, 4096)]);
    }

    protected override void Dispose(bool disposing)
    {
    }

    private sealed class Owner(WatchedMemory pool, byte[] array) : IMemoryOwner<byte>
    {
        public Memory<byte> Memory => array;

        public void Dispose()
        {
            if (Interlocked.Decrement(ref pool._lent) == 0)
            {
                pool._returned.TrySetResult();
            }
        }
    }
}
