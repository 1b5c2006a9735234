using System.Globalization;
using System.Text.RegularExpressions;
using IrohRpc.Samples.Tests.Programs;

namespace IrohRpc.Samples.Tests.Servers;

/// <summary>Runs the clients of the real software against a port, the service's own or one that leads to it.</summary>
internal static partial class Benchmarks
{
    /// <summary>Fetches the large file; the result is bytes per second as curl says it.</summary>
    public static async Task<double> FetchLargeAsync(int port, string destination)
    {
        string output = await ChildProcess.RunAsync(
            "curl", "-sS", "--fail", "-o", destination, "-w", "%{speed_download}", $"http://127.0.0.1:{port}/large");
        return double.Parse(output, CultureInfo.InvariantCulture);
    }

    /// <summary>Fetches all small files, each over a connection of its own, 50 at a time.</summary>
    public static Task FetchSmallAsync(int port, string destinationFolder)
        => ChildProcess.RunAsync(
            "curl", "-sS", "--fail", "--parallel", "--parallel-max", "50", "-H", "Connection: close",
            "-o", Path.Combine(destinationFolder, "#1"), $"http://127.0.0.1:{port}/small/[1-{WebServer.SmallCount}]");

    /// <summary>Runs redis-benchmark; the result is requests per second, by test.</summary>
    public static async Task<Dictionary<string, double>> RedisAsync(int port, int requests, int pipeline, string tests = "set,get")
    {
        string output = await ChildProcess.RunAsync(
            "redis-benchmark", "-h", "127.0.0.1", "-p", $"{port}", "-n", $"{requests}", "-c", "50", "-P", $"{pipeline}", "-t", tests, "--csv");
        return output.Split('\n').Skip(1).Select(line => line.Split("\",\"")).ToDictionary(
            fields => fields[0].Trim('"'), fields => double.Parse(fields[1], CultureInfo.InvariantCulture));
    }

    /// <summary>Runs pgbench; the result is transactions per second.</summary>
    public static async Task<double> PostgresAsync(int port, int seconds, params string[] more)
    {
        string output = await ChildProcess.RunAsync(
            InstalledSoftware.Find("pgbench")!,
            [.. PostgresServer.ConnectTo(port), "-n", "-c", "10", "-j", "2", "-T", $"{seconds}", .. more, "postgres"]);
        Assert.Contains("number of failed transactions: 0 ", output, StringComparison.Ordinal);
        return double.Parse(TransactionsPerSecond().Match(output).Groups[1].Value, CultureInfo.InvariantCulture);
    }

    [GeneratedRegex(@"^tps = ([0-9.]+)", RegexOptions.Multiline)]
    private static partial Regex TransactionsPerSecond();
}
