namespace IrohRpc.Blobs;

/// <summary>The names and numbers of iroh's blobs protocol.</summary>
public static class BlobProtocol
{
    /// <summary>The ALPN.</summary>
    public const string Alpn = "/iroh-bytes/4";

    /// <summary>The code of a stream that was aborted because the request is not permitted.</summary>
    public const long ForbiddenCode = 1;

    /// <summary>The code of a stream that was aborted because a limit was reached.</summary>
    public const long LimitCode = 2;

    /// <summary>The code of a stream that was aborted because the provider failed.</summary>
    public const long InternalCode = 3;

    /// <summary>The largest request in bytes.</summary>
    public const int MaxRequestSize = 1024 * 1024;
}
