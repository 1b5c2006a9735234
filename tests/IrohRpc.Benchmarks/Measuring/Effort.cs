namespace IrohRpc.Benchmarks.Measuring;

/// <summary>How long and how often is measured.</summary>
/// <param name="Rounds">How many turns each system gets in each scenario.</param>
/// <param name="FirstWarmup">How long each system runs its first scenario before the first turn: until the compiler has seen it at work.</param>
/// <param name="Warmup">How long each system runs a further scenario before the first turn.</param>
/// <param name="Turn">How long a turn takes where the work has no size of its own.</param>
/// <param name="StreamedBlocks">How many blocks a turn streams.</param>
/// <param name="LargeItems">How many large items a turn streams.</param>
/// <param name="Connects">How many connections a turn makes one after the other.</param>
/// <param name="IdleConnections">How many connections are idle at once.</param>
/// <param name="CallsInFlight">How many calls are in flight at once.</param>
internal sealed record Effort(
    int Rounds, TimeSpan FirstWarmup, TimeSpan Warmup, TimeSpan Turn, int StreamedBlocks, int LargeItems, int Connects, int IdleConnections, int CallsInFlight)
{
    /// <summary>How long the large blob is, in MiB.</summary>
    public int BlobMebibytes { get; init; } = 1024;

    /// <summary>What the figures in the documents were taken with: under three minutes in all.</summary>
    public static Effort Full { get; } = new(5, TimeSpan.FromMilliseconds(1200), TimeSpan.FromMilliseconds(250), TimeSpan.FromMilliseconds(200), 30_000, 200, 8, 1_000, 10_000);

    /// <summary>Enough to see where one stands: under 50 seconds in all.</summary>
    public static Effort Quick { get; } = new(3, TimeSpan.FromMilliseconds(300), TimeSpan.FromMilliseconds(80), TimeSpan.FromMilliseconds(60), 8_000, 40, 3, 100, 1_000) { BlobMebibytes = 64 };
}
