using System.Collections.Concurrent;
using System.Diagnostics;

namespace IrohRpc.Quic.Tests.Simulation;

public sealed class SeededTransferTests(ITestOutputHelper output)
{
    /// <summary>How long the test runs in a run of all tests: as many seeds as there is time for.</summary>
    private static readonly TimeSpan TimeBox = TimeSpan.FromSeconds(20);

    /// <summary>
    /// IROHRPC_SEEDS runs so many seeds without regard to time, from IROHRPC_FIRST_SEED on: <c>IROHRPC_SEEDS=100000 dotnet run --project tests/IrohRpc.Quic.Tests --
    /// --filter-class '*SeededTransferTests'</c>. A single failing seed runs again with IROHRPC_SEEDS=1 and IROHRPC_FIRST_SEED set to it.
    /// </summary>
    [Fact]
    public void Whatever_the_network_does_bytes_arrive_in_order_or_the_connection_ends_with_a_reason_and_nothing_is_left()
    {
        int first = int.Parse(Environment.GetEnvironmentVariable("IROHRPC_FIRST_SEED") ?? "1", null);
        int? count = Environment.GetEnvironmentVariable("IROHRPC_SEEDS") is { } seeds ? int.Parse(seeds, null) : null;
        var outcomes = new ConcurrentDictionary<string, int>();
        var clock = Stopwatch.StartNew();
        int next = first;
        Parallel.For(0, Environment.ProcessorCount, _ =>
        {
            while (count is { } limit ? next < first + limit : clock.Elapsed < TimeBox)
            {
                int seed = Interlocked.Increment(ref next) - 1;
                if (count is { } end && seed >= first + end)
                {
                    break;
                }

                outcomes.AddOrUpdate(Run(seed), 1, static (_, before) => before + 1);
            }
        });
        output.WriteLine($"{outcomes.Values.Sum()} seeds in {clock.Elapsed.TotalSeconds:f1} s: "
            + string.Join(", ", outcomes.OrderByDescending(o => o.Value).Select(o => $"{o.Value} {o.Key}")));
    }

    private static string Run(int seed)
    {
        try
        {
            using var transfer = new SeededTransfer(seed);
            transfer.Run();
            return transfer.Outcome + (transfer.Outcome == "IdleTimeout ()" ? seed : "");
        }
        catch (Exception failure)
        {
            throw new InvalidOperationException($"Seed {seed}: {failure.Message}", failure);
        }
    }
}
