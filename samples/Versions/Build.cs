using System.Diagnostics;
using System.Reflection;

namespace Versions;

/// <summary>The builds of the library, each a program of its own.</summary>
internal static class Build
{
    public static readonly string[] All = ["V1", "V2"];

    /// <summary>Starts a build with its input and output in this program's hands.</summary>
    public static Process Start(string build, params string[] arguments)
    {
        string program = typeof(Build).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(metadata => metadata.Key == build).Value!;
        var info = new ProcessStartInfo(OperatingSystem.IsWindows() ? program + ".exe" : program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        return Process.Start(info) ?? throw new InvalidOperationException($"{program} could not be started.");
    }

    /// <summary>Runs a build as a caller; yields what it printed.</summary>
    public static async Task<string[]> CallAsync(string build, string ticket)
    {
        using Process process = Start(build, "call", ticket);
        string[] lines = Lines(await process.StandardOutput.ReadToEndAsync());
        await process.WaitForExitAsync();
        return process.ExitCode == 0 ? lines : throw new InvalidOperationException($"The caller {build} ended with {process.ExitCode}.");
    }

    public static string[] Lines(string text) => text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
