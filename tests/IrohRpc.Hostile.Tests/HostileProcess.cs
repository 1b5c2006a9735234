using System.Diagnostics;
using System.Globalization;

namespace IrohRpc.Hostile.Tests;

/// <summary>Runs a command of IrohRpc.Hostile in a process of its own, which it may end.</summary>
internal static class HostileProcess
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    /// <summary>Runs the command, and fails with what it said where it fails.</summary>
    /// <returns>What it said.</returns>
    public static Task<string> RunAsync(params string[] arguments) => RunOnAsync(null, arguments);

    /// <summary>The same, as on a machine with so many processors: some collections take memory for each.</summary>
    public static async Task<string> RunOnAsync(int? processors, params string[] arguments)
    {
        string program = Path.Combine(AppContext.BaseDirectory, "IrohRpc.Hostile.dll");
        var start = new ProcessStartInfo("dotnet", [program, .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true };
        if (processors is int count)
        {
            start.Environment["DOTNET_PROCESSOR_COUNT"] = count.ToString(CultureInfo.InvariantCulture);
        }

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
