using IrohRpc.Blobs.Store;

namespace IrohRpc.Blobs.Trees;

/// <summary>Bytes that are read and written at any position: a file, a part of one, or memory. Safe for several threads where parts do not overlap.</summary>
internal interface IRandomBytes
{
    /// <summary>Fills the buffer.</summary>
    /// <exception cref="EndOfStreamException">There are fewer bytes.</exception>
    ValueTask ReadAsync(long offset, Memory<byte> buffer, CancellationToken cancellationToken);

    /// <summary>Fills buffers one after the other with bytes that follow each other.</summary>
    /// <exception cref="EndOfStreamException">There are fewer bytes.</exception>
    async ValueTask ReadAsync(long offset, IReadOnlyList<Memory<byte>> buffers, CancellationToken cancellationToken)
    {
        foreach (Memory<byte> buffer in buffers)
        {
            await ReadAsync(offset, buffer, cancellationToken).ConfigureAwait(false);
            offset += buffer.Length;
        }
    }

    ValueTask WriteAsync(long offset, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken);

    /// <summary>Writes buffers one behind the other.</summary>
    async ValueTask WriteAsync(long offset, IReadOnlyList<ReadOnlyMemory<byte>> buffers, CancellationToken cancellationToken)
    {
        foreach (ReadOnlyMemory<byte> buffer in buffers)
        {
            await WriteAsync(offset, buffer, cancellationToken).ConfigureAwait(false);
            offset += buffer.Length;
        }
    }

    /// <summary>Lets go of what the operating system lends until the next use.</summary>
    void Close();
}
