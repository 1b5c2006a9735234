namespace IrohRpc.Benchmarks.Systems;

/// <summary>One small call, or what is its like on a bare stream.</summary>
internal interface ISmallCalls
{
    /// <summary>How many may be under way at once.</summary>
    int MostCallers { get; }

    /// <summary>Sends a block and gets it back.</summary>
    ValueTask CallAsync(Block block);
}

/// <summary>Calls that carry <see cref="Session.LargeCall"/> bytes there and back.</summary>
internal interface ILargeCalls
{
    ValueTask CallAsync(byte[] data);
}

/// <summary>Calls whose handler waits until it is let go.</summary>
internal interface IHeldCalls
{
    /// <summary>Begins a call that is answered only after <see cref="Release"/>.</summary>
    Task HoldAsync(Block block);

    /// <summary>How many calls have reached their handler and wait there.</summary>
    int Held { get; }

    /// <summary>Lets all of them go.</summary>
    void Release();
}

/// <summary>Streams of blocks.</summary>
internal interface IBlockStreams
{
    /// <summary>Receives so many blocks from the other side.</summary>
    Task DownloadAsync(int count);

    /// <summary>Sends so many blocks to the other side.</summary>
    Task UploadAsync(int count);
}

/// <summary>Blocks there and back on one stream that is open already.</summary>
internal interface IPingPong
{
    /// <summary>Opens the stream, and exchanges until disposed.</summary>
    Task<IExchange> OpenAsync();
}

/// <summary>An open stream of exchanges.</summary>
internal interface IExchange : IAsyncDisposable
{
    ValueTask ExchangeAsync(Block block);
}

/// <summary>Much at once.</summary>
internal interface IBulk
{
    /// <summary>Receives so many items of <see cref="Session.LargeItem"/> bytes.</summary>
    Task DownloadItemsAsync(int count);
}

/// <summary>Bytes without structure, as a stream of the platform's.</summary>
internal interface IRawBytes
{
    /// <summary>Sends so many bytes, and waits until the other side has read them all.</summary>
    Task UploadBytesAsync(long length);
}

/// <summary>Gets blobs from the other side's store into one of its own, both on disk.</summary>
internal interface IBlobs
{
    /// <summary>How many blobs the collection has.</summary>
    const int Many = 10_000;

    /// <summary>Makes the large blob of this length, if it is not there, and an empty store to download into.</summary>
    Task PrepareAsync(long length);

    /// <summary>Writes so many bytes to a new file on the same disk, and deletes it.</summary>
    void WritePlain(long length);

    /// <summary>Reads so many bytes over a stream of the same transport, without a store.</summary>
    /// <param name="length">How many.</param>
    /// <param name="toDisk">Whether they are written to a new file on the same disk, which is deleted in the end.</param>
    Task ReadRawAsync(long length, bool toDisk = false);

    Task DownloadLargeAsync(long length);

    /// <summary>Downloads <see cref="Many"/> blobs of 1,000 bytes as one collection.</summary>
    Task DownloadManyAsync();
}
