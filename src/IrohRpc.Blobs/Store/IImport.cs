using IrohRpc.Blobs.Trees;

namespace IrohRpc.Blobs.Store;

/// <summary>Data on their way into a store, without a name yet.</summary>
internal interface IImport : IDisposable
{
    /// <summary>Where the data go, where they are copied.</summary>
    IRandomBytes Data { get; }

    IRandomBytes Outboard { get; }

    /// <summary>Gives the copied data their name.</summary>
    BlobEntry Commit(BlobHash hash, long size);

    /// <summary>Gives a user's file its name.</summary>
    BlobEntry CommitReference(BlobHash hash, long size, string path, DateTime modified);
}
