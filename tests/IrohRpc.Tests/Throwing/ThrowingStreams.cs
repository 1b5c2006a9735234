using System.IO.Pipelines;

namespace IrohRpc.Tests.Throwing;

/// <summary>Five items, whose enumeration may throw from anywhere.</summary>
internal sealed class ThrowingItems(ThrowingCode code, string name) : IAsyncEnumerable<int>
{
    private readonly string _are = name == "items" ? "are" : "is";
    private readonly string _verb = name == "items" ? "move" : "moves";

    public IAsyncEnumerator<int> GetAsyncEnumerator(CancellationToken cancellationToken = default)
    {
        code.At($"{name} begin");
        return new Enumerator(this, code);
    }

    private sealed class Enumerator(ThrowingItems items, ThrowingCode code) : IAsyncEnumerator<int>
    {
        public int Current { get; private set; }

        public async ValueTask<bool> MoveNextAsync()
        {
            if (++Current == 3)
            {
                await code.AtAsync($"{items.Name} {items._verb}");
            }

            return Current <= 5;
        }

        public ValueTask DisposeAsync() => code.AtAsync($"{items.Name} {items._are} disposed of");
    }

    private string Name => name;
}

/// <summary>Bytes to read, from a stream that may throw from anywhere.</summary>
internal sealed class ThrowingStream(ThrowingCode code, string name) : MemoryStream(new byte[100_000])
{
    public override bool CanSeek => false;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (Position > 0)
        {
            await code.AtAsync($"{name} is read");
        }

        return Read(buffer.Span);
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
        => ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await code.AtAsync($"{name} is disposed of");
    }
}

/// <summary>Takes bytes, and may throw from anywhere.</summary>
internal sealed class ThrowingSink(ThrowingCode code, string name) : PipeWriter
{
    public override void Advance(int bytes)
    {
    }

    public override Memory<byte> GetMemory(int sizeHint = 0)
    {
        code.At($"{name} gives memory");
        return new byte[Math.Max(sizeHint, 4096)];
    }

    public override Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

    public override void CancelPendingFlush()
    {
    }

    public override void Complete(Exception? exception = null) => code.At($"{name} is completed");

    public override ValueTask CompleteAsync(Exception? exception = null) => code.AtAsync($"{name} is completed");

    public override async ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default)
    {
        await code.AtAsync($"{name} is flushed");
        return default;
    }
}
