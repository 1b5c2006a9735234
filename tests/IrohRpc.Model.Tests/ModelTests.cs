using System.Diagnostics;

namespace IrohRpc.Model.Tests;

/// <summary>Whatever happens to calls, and in whatever order, each ends as the reference model allows.</summary>
public sealed class ModelTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(4);

    /// <summary>
    /// Calls of every shape, cancels, deadlines, losses, partitions, shutdowns and restarts: every call ends once, with a status that the model allows; handlers run at most once, no answer
    /// reaches another call, and nothing is left.
    /// </summary>
    [Fact]
    public async Task Every_call_of_a_thousand_random_schedules_ends_once_as_the_model_allows()
        => Assert.Contains(" 0 failures", await RunAsync("run", "1000", "1"), StringComparison.Ordinal);

    /// <summary>The same steps happen again in the same order: what a seed has found can be looked at.</summary>
    [Fact]
    public async Task Schedule_of_a_seed_is_the_same_again()
        => Assert.Equal(await RunAsync("replay", "38"), await RunAsync("replay", "38"));

    private static async Task<string> RunAsync(params string[] arguments)
    {
        string program = Path.Combine(AppContext.BaseDirectory, "IrohRpc.Model.dll");
        var start = new ProcessStartInfo("dotnet", [program, .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["DOTNET_PROCESSOR_COUNT"] = "1";
        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        Task<string> errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        try
        {
            await process.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(Patience);
        }
        catch (Exception exception) when (exception is TimeoutException or OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }

        string said = await output + await errors;
        Assert.True(process.ExitCode == 0, $"{string.Join(' ', arguments)} ended with {process.ExitCode}:\n{said}");
        return said;
    }
}
