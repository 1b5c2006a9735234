using IrohRpc.Blobs.Trees;

namespace IrohRpc.Blobs;

/// <summary>How a <see cref="BlobDownloader"/> downloads. A bad value is refused when it is assigned.</summary>
public sealed class BlobDownloadOptions
{
    /// <summary>How many providers deliver at the same time. Default 8.</summary>
    public int MaxProviders { get; set => field = value > 0 ? value : throw new ArgumentOutOfRangeException(nameof(value)); } = 8;

    /// <summary>How long a provider may send nothing, or too little (<see cref="MinBytesPerSecond"/>), before it is dropped. Default 10 seconds.</summary>
    public TimeSpan StallTimeout { get; set => field = value > TimeSpan.Zero ? value : throw new ArgumentOutOfRangeException(nameof(value)); }
        = TimeSpan.FromSeconds(10);

    /// <summary>
    /// How many bytes a second a provider has to send, on average over each <see cref="StallTimeout"/> of a request, so that it is not dropped. Zero: any
    /// byte will do. Default 1,024, which the slowest of links have; one that is slow beside others loses its work to them (<see cref="TakeOverAfter"/>).
    /// </summary>
    public long MinBytesPerSecond { get; set => field = value >= 0 ? value : throw new ArgumentOutOfRangeException(nameof(value)); } = 1024;

    /// <summary>
    /// How long a provider with nothing left to do waits before it gets what another one is still busy with; the slower of the two is then
    /// stopped. Default 2 seconds.
    /// </summary>
    public TimeSpan TakeOverAfter { get; set => field = value >= TimeSpan.Zero ? value : throw new ArgumentOutOfRangeException(nameof(value)); }
        = TimeSpan.FromSeconds(2);

    /// <summary>The largest blob that is taken, in bytes. Default 2^60.</summary>
    public long MaxBlobSize { get; set => field = value > 0 ? value : throw new ArgumentOutOfRangeException(nameof(value)); } = BlobTree.MaxSize;

    /// <summary>
    /// Whether the sizes of all children of a hash sequence are asked for, and proven, before their content, so that progress has a total.
    /// Default true. With several providers they always are.
    /// </summary>
    public bool GetSizesFirst { get; set; } = true;

    /// <summary>The clock. Default the system's.</summary>
    public TimeProvider TimeProvider { get; set => field = value ?? throw new ArgumentNullException(nameof(value)); } = TimeProvider.System;
}
