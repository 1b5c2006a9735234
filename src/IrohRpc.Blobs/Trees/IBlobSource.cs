namespace IrohRpc.Blobs.Trees;

/// <summary>Where the data and the outboard of a blob are read, whole or in part.</summary>
internal interface IBlobSource
{
    /// <summary>The size, as far as it is known.</summary>
    long Size { get; }

    /// <summary>Which groups are there, as ranges of group numbers.</summary>
    ChunkRanges Groups { get; }

    /// <summary>Reads data; all of the buffer is filled.</summary>
    ValueTask ReadDataAsync(long offset, Memory<byte> buffer, CancellationToken cancellationToken);

    /// <summary>Reads data that follow each other into buffers, one after the other; all of them are filled.</summary>
    ValueTask ReadDataAsync(long offset, IReadOnlyList<Memory<byte>> buffers, CancellationToken cancellationToken);

    /// <summary>Reads a part of the outboard; all of the buffer is filled.</summary>
    ValueTask ReadOutboardAsync(long offset, Memory<byte> buffer, CancellationToken cancellationToken);
}
