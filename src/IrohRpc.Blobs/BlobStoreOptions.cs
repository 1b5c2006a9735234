using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace IrohRpc.Blobs;

/// <summary>How a <see cref="BlobStore"/> is opened.</summary>
public sealed class BlobStoreOptions
{
    /// <summary>
    /// Whether everything is on the disk, and not only with the operating system, before it counts. Default false: what was verified outlives
    /// the process however it dies, and a loss of power may cost some of it, which is found out when it is read.
    /// </summary>
    public bool FlushToDisk { get; set; }

    /// <summary>Where log lines go. Default nowhere.</summary>
    public ILoggerFactory LoggerFactory { get; set => field = value ?? throw new ArgumentNullException(nameof(LoggerFactory)); }
        = NullLoggerFactory.Instance;

    /// <summary>How many bytes of the journal may say nothing any more before it is written anew, however few still do.</summary>
    internal long JournalSlack { get; init; } = 1024 * 1024;
}
