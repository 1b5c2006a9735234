using System.ComponentModel;
using System.Diagnostics;

namespace IrohRpc.Blobs.Tests.Protocol;

/// <summary>
/// Blobs and gossip with real iroh 0.35.0: the table of tests/IrohRpc.Iroh035, made in a network namespace that holds only loopback. Skipped where the
/// machine lacks Node, the package or namespaces.
/// </summary>
public sealed class RealIrohTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(6);

    [Theory]
    [InlineData("blobs", 26)]
    [InlineData("gossip", 3)]
    public async Task Every_case_works_with_real_iroh(string part, int cases)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Network namespaces are Linux's.");
        foreach (string[] needed in (string[][])[["node", "--version"], ["npm", "--version"], ["unshare", "-rn", "true"]])
        {
            string? missing = await RunAsync(needed[0], needed[1..], null);
            Assert.SkipWhen(missing is not null, $"'{string.Join(' ', needed)}' does not run: {missing}");
        }

        string script = Path.Combine(AppContext.BaseDirectory, "run.sh");
        var lines = new List<string>();
        string? problem = await RunAsync("sh", [script, Path.Combine(AppContext.BaseDirectory, "iroh035"), part], lines);
        string[] results = [.. lines.Where(static line => line.StartsWith("| ", StringComparison.Ordinal)).Skip(1)];
        Assert.SkipWhen(results.Length == 0, $"Real iroh could not be installed or started: {problem}");
        Assert.DoesNotContain(results, static line => line.Contains("| NO", StringComparison.Ordinal));
        Assert.Equal(cases, results.Length);
    }

    private static async Task<string?> RunAsync(string program, string[] arguments, List<string>? lines)
    {
        try
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
            limit.CancelAfter(Limit);
            using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
            Task<string> errors = process.StandardError.ReadToEndAsync(limit.Token);
            while (await process.StandardOutput.ReadLineAsync(limit.Token) is { } line)
            {
                lines?.Add(line);
            }

            await process.WaitForExitAsync(limit.Token);
            return process.ExitCode == 0 ? null : $"code {process.ExitCode}: {await errors}";
        }
        catch (Win32Exception failure)
        {
            return failure.Message;
        }
    }
}
