using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace IrohRpc.Blobs;

/// <summary>What a <see cref="BlobProvider"/> permits and how much it gives. A bad value is refused when it is assigned.</summary>
public sealed class BlobProviderOptions
{
    /// <summary>
    /// Decides about each blob of each request by who asks. Null, the default, permits Get, GetMany and Observe to everybody and Push to nobody.
    /// One that throws forbids, and is logged.
    /// </summary>
    public Func<BlobAccess, CancellationToken, ValueTask<bool>>? Authorize { get; set; }

    /// <summary>Hears what happens, on the thread on which it does: quick, and not throwing. Default nobody.</summary>
    public Action<BlobProviderEvent>? OnEvent { get; set; }

    /// <summary>How many requests of one connection are answered at a time; more wait. Default 32.</summary>
    public int MaxConcurrentRequests { get; set => field = Positive(value, nameof(MaxConcurrentRequests)); } = 32;

    /// <summary>How many requests one connection may make a second; more are aborted with code 2. Default 10,000.</summary>
    public int MaxRequestsPerSecond { get; set => field = Positive(value, nameof(MaxRequestsPerSecond)); } = 10_000;

    /// <summary>How many bytes a second one connection gets. Default unlimited (<see cref="long.MaxValue"/>).</summary>
    public long MaxBytesPerSecondPerConnection { get; set => field = Positive(value, nameof(MaxBytesPerSecondPerConnection)); } = long.MaxValue;

    /// <summary>How many bytes a second all connections get together. Default unlimited (<see cref="long.MaxValue"/>).</summary>
    public long MaxBytesPerSecond { get; set => field = Positive(value, nameof(MaxBytesPerSecond)); } = long.MaxValue;

    /// <summary>The largest blob that is taken from a Push, in bytes. Default 16 GiB.</summary>
    public long MaxPushedBlobSize { get; set => field = Positive(value, nameof(MaxPushedBlobSize)); } = 16L << 30;

    /// <summary>How long a request may take to arrive. Default 30 seconds.</summary>
    public TimeSpan RequestTimeout { get; set => field = PositiveTime(value, nameof(RequestTimeout)); } = TimeSpan.FromSeconds(30);

    /// <summary>The clock of limits and time-outs. Default the system's.</summary>
    public TimeProvider TimeProvider { get; set => field = value ?? throw new ArgumentNullException(nameof(TimeProvider)); }
        = TimeProvider.System;

    /// <summary>Where log lines go. Default nowhere.</summary>
    public ILoggerFactory LoggerFactory { get; set => field = value ?? throw new ArgumentNullException(nameof(LoggerFactory)); }
        = NullLoggerFactory.Instance;

    private static int Positive(int value, string name)
        => value > 0 ? value : throw new ArgumentOutOfRangeException(name, value, $"{name} is more than zero.");

    private static long Positive(long value, string name)
        => value > 0 ? value : throw new ArgumentOutOfRangeException(name, value, $"{name} is more than zero.");

    private static TimeSpan PositiveTime(TimeSpan value, string name)
        => value > TimeSpan.Zero ? value : throw new ArgumentOutOfRangeException(name, value, $"{name} is more than zero.");
}
