using IrohRpc.Blobs.Store;

namespace IrohRpc.Blobs.Trees;

/// <summary>Bytes that are read and written at any position: a file, a part of one, or memory. Safe for several threads where parts do not overlap.</summary>
internal interface IRandomBytes
{
    /// <summary>Fills the buffer.</summary>
    /// <exception cref="EndOfStreamException">There are fewer bytes.</exception>
    ValueTask ReadAsync(long offset, Memory<byte> buffer, CancellationToken cancellationToken);

    ValueTask WriteAsync(long offset, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken);

    /// <summary>Lets go of what the operating system lends until the next use.</summary>
    void Close();
}
