namespace IrohRpc.Blobs;

/// <summary>What went wrong with a blob, for programs.</summary>
public enum BlobErrorKind
{
    /// <summary>The store, or the provider, does not have the blob.</summary>
    NotFound,

    /// <summary>Some of the bytes asked for are not there.</summary>
    Incomplete,

    /// <summary>What a peer sent does not belong to the hash: a wrong chunk, a wrong inner node or a wrong size.</summary>
    Mismatch,

    /// <summary>What lies in the store does not belong to the hash any more.</summary>
    Damaged,

    /// <summary>A peer sent bytes that the protocol does not allow, or ended in the middle.</summary>
    Malformed,

    /// <summary>The provider does not permit the request (code 1).</summary>
    Forbidden,

    /// <summary>A limit was reached, on this side or at the provider (code 2).</summary>
    LimitReached,

    /// <summary>The provider failed (code 3).</summary>
    ProviderFailed,

    /// <summary>The provider sent nothing, or too little, for too long.</summary>
    TooSlow,

    /// <summary>No provider is left that could deliver.</summary>
    NoProvider,
}
