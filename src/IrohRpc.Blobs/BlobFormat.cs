namespace IrohRpc.Blobs;

/// <summary>How the bytes of a blob are to be read, in the numbers of a ticket.</summary>
public enum BlobFormat
{
    /// <summary>Bytes that mean nothing to the protocol.</summary>
    Raw = 0,

    /// <summary>A <see cref="HashSequence"/>: the hashes of other blobs, which belong to it.</summary>
    HashSequence = 1,
}
