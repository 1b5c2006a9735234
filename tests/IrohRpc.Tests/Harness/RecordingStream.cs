namespace IrohRpc.Tests;

/// <summary>Keeps what is written to and read from a stream.</summary>
internal sealed class RecordingStream(PeerStream inner) : DelegatingStream(inner)
{
    private readonly MemoryStream _written = new();
    private readonly MemoryStream _read = new();

    public byte[] Written => _written.ToArray();

    public byte[] Received => _read.ToArray();

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        int read = await base.ReadAsync(buffer, cancellationToken);
        _read.Write(buffer.Span[..read]);
        return read;
    }

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, bool completeWrites, CancellationToken cancellationToken = default)
    {
        _written.Write(buffer.Span);
        return base.WriteAsync(buffer, completeWrites, cancellationToken);
    }
}
