using System.Diagnostics;
using System.Globalization;

namespace IrohRpc.Hostile.Tests;

/// <summary>Runs a program of the tests in a process of its own, which it may end.</summary>
internal static class ProgramProcess
{
    /// <summary>Runs the program, and fails with what it said where it fails.</summary>
    /// <param name="program">The assembly's name; it stands beside the tests.</param>
    /// <param name="patience">How long it may take.</param>
    /// <param name="processors">How many processors it believes that the machine has; null for as many as there are.</param>
    /// <param name="arguments">What it is told.</param>
    /// <returns>What it said.</returns>
    public static async Task<string> RunAsync(string program, TimeSpan patience, int? processors, params string[] arguments)
    {
        string path = Path.Combine(AppContext.BaseDirectory, program + ".dll");
        var start = new ProcessStartInfo("dotnet", [path, .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true };
        if (processors is int count)
        {
            start.Environment["DOTNET_PROCESSOR_COUNT"] = count.ToString(CultureInfo.InvariantCulture);
        }

        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        Task<string> errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        try
        {
            await process.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(patience);
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
