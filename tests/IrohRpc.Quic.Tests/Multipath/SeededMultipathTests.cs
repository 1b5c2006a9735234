using System.Collections.Concurrent;
using System.Diagnostics;
using IrohRpc.Multiplexing.Streams;
using IrohRpc.Quic.Connections;

namespace IrohRpc.Quic.Tests.Multipath;

public sealed class SeededMultipathTests(ITestOutputHelper output)
{
    private static readonly TimeSpan TimeBox = TimeSpan.FromSeconds(15);

    /// <summary>IROHRPC_SEEDS and IROHRPC_FIRST_SEED as for <see cref="Simulation.SeededTransferTests"/>.</summary>
    [Fact]
    public void Whatever_becomes_of_two_paths_bytes_arrive_once_and_in_order_or_the_connection_ends_with_a_reason_and_nothing_is_left()
    {
        int first = int.Parse(Environment.GetEnvironmentVariable("IROHRPC_FIRST_SEED") ?? "1", null);
        int? count = Environment.GetEnvironmentVariable("IROHRPC_SEEDS") is { } seeds ? int.Parse(seeds, null) : null;
        var outcomes = new ConcurrentDictionary<string, int>();
        var ended = new ConcurrentDictionary<int, string>();
        var clock = Stopwatch.StartNew();
        int next = first - 1;
        Parallel.For(0, Environment.ProcessorCount, _ =>
        {
            while (count is not null || clock.Elapsed < TimeBox)
            {
                int seed = Interlocked.Increment(ref next);
                if (count is { } limit && seed >= first + limit)
                {
                    break;
                }

                string outcome = Run(seed);
                outcomes.AddOrUpdate(outcome, 1, static (_, before) => before + 1);
                if (outcome is nameof(ConnectionCloseKind.StatelessReset) or nameof(TransportErrorCode.NoViablePath))
                {
                    ended[seed] = outcome;
                }
            }
        });
        output.WriteLine($"{outcomes.Values.Sum()} seeds in {clock.Elapsed.TotalSeconds:f1} s: "
            + string.Join(", ", outcomes.OrderByDescending(o => o.Value).Select(o => $"{o.Value} {o.Key}")));
        output.WriteLine(string.Join(", ", ended.OrderBy(o => o.Key).Take(100).Select(o => $"seed {o.Key} {o.Value}")));
    }

    /// <summary>The client had given up a path before the server took the other one, and was left with none when that died.</summary>
    [Theory]
    [InlineData(1099)]
    [InlineData(1414)]
    [InlineData(2194)]
    [InlineData(3100)]
    [InlineData(3735)]
    [InlineData(4158)]
    [InlineData(5116)]
    public void No_path_is_given_up_before_the_peer_takes_the_other_one(int seed)
    {
        using var run = new SeededMultipath(seed);
        run.Run();
        Assert.StartsWith("complete", run.Outcome, StringComparison.Ordinal);
    }

    private static string Run(int seed)
    {
        try
        {
            using var run = new SeededMultipath(seed);
            run.Run();
            return run.Outcome;
        }
        catch (Exception failure)
        {
            throw new InvalidOperationException($"Seed {seed}: {failure.Message}", failure);
        }
    }
}
