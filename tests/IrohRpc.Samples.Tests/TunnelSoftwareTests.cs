using System.Globalization;
using System.Security.Cryptography;
using IrohRpc.Samples.Tests.Programs;
using IrohRpc.Samples.Tests.Servers;

namespace IrohRpc.Samples.Tests;

/// <summary>Real software works through the tunnel as it does without.</summary>
public sealed class TunnelSoftwareTests(RealServers servers)
{
    private const int RedisRequests = 10_000;

    public static TheoryData<string> Transports => Programs.Transports.All;

    [Theory]
    [MemberData(nameof(Transports))]
    public async Task Curl_fetches_a_large_file_unharmed(string transport)
    {
        WebServer server = await servers.WebAsync();
        await using TunnelPair tunnel = await TunnelPair.StartAsync(server.Port, transport);
        using var folder = new TemporaryFolder();

        await Benchmarks.FetchLargeAsync(tunnel.Port, folder.File("large"));

        await using FileStream file = File.OpenRead(folder.File("large"));
        Assert.Equal(WebServer.LargeLength, file.Length);
        byte[] hash = await SHA256.HashDataAsync(file, TestContext.Current.CancellationToken);
        Assert.Equal(server.LargeHash, Convert.ToHexStringLower(hash));
    }

    [Theory]
    [MemberData(nameof(Transports))]
    public async Task Curl_fetches_a_thousand_small_files_unharmed(string transport)
    {
        WebServer server = await servers.WebAsync();
        await using TunnelPair tunnel = await TunnelPair.StartAsync(server.Port, transport);
        using var folder = new TemporaryFolder();

        await Benchmarks.FetchSmallAsync(tunnel.Port, folder.Path);

        for (int number = 1; number <= WebServer.SmallCount; number++)
        {
            byte[] expected = await File.ReadAllBytesAsync(
                Path.Combine(server.Root, "small", $"{number}"), TestContext.Current.CancellationToken);
            byte[] fetched = await File.ReadAllBytesAsync(folder.File($"{number}"), TestContext.Current.CancellationToken);
            Assert.True(expected.AsSpan().SequenceEqual(fetched), $"small file {number} differs");
        }
    }

    [Theory]
    [MemberData(nameof(Transports))]
    public async Task Redis_benchmark_runs(string transport)
    {
        RedisServer server = await servers.RedisAsync();
        await using TunnelPair tunnel = await TunnelPair.StartAsync(server.Port, transport);
        int before = await CountAsync();

        foreach (int pipeline in new[] { 1, 16 })
        {
            Dictionary<string, double> results = await Benchmarks.RedisAsync(
                tunnel.Port, RedisRequests, pipeline, "ping_inline,set,get,incr,lpush,lrange_300,mset");
            Assert.All(results.Values, perSecond => Assert.True(perSecond > 0));
            Assert.True(results.Count >= 7, string.Join(", ", results.Keys));
        }

        // What the server counted over its own port is what was asked of it through the tunnel.
        Assert.Equal(2 * RedisRequests, await CountAsync() - before);

        async Task<int> CountAsync()
        {
            string[] command = ["-h", "127.0.0.1", "-p", $"{server.Port}", "incrby", "counter:__rand_int__", "0"];
            return int.Parse(await ChildProcess.RunAsync("redis-cli", command), CultureInfo.InvariantCulture);
        }
    }

    [Theory]
    [MemberData(nameof(Transports))]
    public async Task Pgbench_runs_without_a_failed_transaction(string transport)
    {
        PostgresServer server = await servers.PostgresAsync();
        await using TunnelPair tunnel = await TunnelPair.StartAsync(server.Port, transport);

        Assert.True(await Benchmarks.PostgresAsync(tunnel.Port, seconds: 2) > 0);

        // A connection for each transaction, so that opening and closing is exercised too.
        Assert.True(await Benchmarks.PostgresAsync(tunnel.Port, seconds: 1, "-C", "-S") > 0);
    }
}
