namespace IrohRpc.Blobs;

/// <summary>What a peer asks for, in the numbers of the protocol. iroh 0.35 knows <see cref="Get"/> only.</summary>
public enum BlobRequestKind
{
    /// <summary>A blob, and children of it where it is a hash sequence.</summary>
    Get = 0,

    /// <summary>What there is of a blob, now and whenever that changes.</summary>
    Observe = 1,

    /// <summary>To take a blob from the peer.</summary>
    Push = 8,

    /// <summary>Several blobs that belong to no hash sequence.</summary>
    GetMany = 9,
}
