using System.Globalization;
using IrohRpc.Samples.Tests.Programs;
using IrohRpc.Samples.Tests.Servers;

namespace IrohRpc.Samples.Tests;

/// <summary>
/// What the tunnel costs: the same work directly and through it, in turns. Printed and not asserted, since the machine decides; so they are no tests, and built when somebody asks for them: <c>-p:Figures=true</c>.
/// </summary>
public sealed class TunnelFigures(RealServers servers, ITestOutputHelper output)
{
    private const int Rounds = 2;

    [Fact]
    public async Task Web() => await CompareAsync(
        (await servers.WebAsync()).Port,
        ["large file, MB/s", "small files, files/s"],
        async port =>
        {
            using var folder = new TemporaryFolder();
            double large = await Benchmarks.FetchLargeAsync(port, "/dev/null") / 1e6;
            long started = TimeProvider.System.GetTimestamp();
            await Benchmarks.FetchSmallAsync(port, folder.Path);
            return [large, WebServer.SmallCount / TimeProvider.System.GetElapsedTime(started).TotalSeconds];
        });

    [Fact]
    public async Task Redis() => await CompareAsync(
        (await servers.RedisAsync()).Port,
        ["GET, ops/s", "GET with 16 in the pipeline, ops/s"],
        async port =>
        [
            (await Benchmarks.RedisAsync(port, 20_000, pipeline: 1, "get"))["GET"],
            (await Benchmarks.RedisAsync(port, 100_000, pipeline: 16, "get"))["GET"],
        ]);

    [Fact]
    public async Task Postgres() => await CompareAsync(
        (await servers.PostgresAsync()).Port,
        ["TPC-B, tps", "select only, tps"],
        async port =>
        [
            await Benchmarks.PostgresAsync(port, seconds: 1),
            await Benchmarks.PostgresAsync(port, seconds: 1, "-S"),
        ]);

    private async Task CompareAsync(int serverPort, string[] names, Func<int, Task<double[]>> measure)
    {
        var tunnels = new List<TunnelPair>();
        try
        {
            var best = new Dictionary<string, double[]>();
            var ways = new List<(string Name, int Port)> { ("direct", serverPort) };
            foreach (string transport in Programs.Transports.Names)
            {
                tunnels.Add(await TunnelPair.StartAsync(serverPort, transport));
                ways.Add((transport, tunnels[^1].Port));
            }

            for (int round = 0; round < Rounds; round++)
            {
                foreach ((string name, int at) in ways)
                {
                    double[] figures = await measure(at);
                    best[name] = best.TryGetValue(name, out double[]? earlier)
                        ? [.. earlier.Zip(figures, Math.Max)]
                        : figures;
                }
            }

            for (int index = 0; index < names.Length; index++)
            {
                output.WriteLine($"{names[index]}: " + string.Join(", ", ways.Select(way =>
                    string.Create(CultureInfo.InvariantCulture, $"{way.Name} {best[way.Name][index]:N0}"))));
            }
        }
        finally
        {
            foreach (TunnelPair tunnel in tunnels)
            {
                await tunnel.DisposeAsync();
            }
        }
    }
}
