using System.ComponentModel;
using System.Diagnostics;

namespace IrohRpc.Transports.Tests.Tls;

/// <summary>
/// The scripts of the interop folder with their npm package, installed once per run into a folder of its own; or why that is impossible here.
/// </summary>
public sealed class NodeInstallation : IAsyncLifetime
{
    private static readonly TimeSpan InstallLimit = TimeSpan.FromMinutes(2);

    internal DirectoryInfo Folder { get; } = Directory.CreateTempSubdirectory("irohrpc-qmux-");

    /// <summary>Null where the scripts can run.</summary>
    internal string? Unavailable { get; private set; }

    public async ValueTask InitializeAsync()
    {
        foreach (string file in Directory.EnumerateFiles(Path.Combine(AppContext.BaseDirectory, "Tls", "interop")))
        {
            File.Copy(file, Path.Combine(Folder.FullName, Path.GetFileName(file)));
        }

        Unavailable = await RunAsync("node", "--version")
            ?? await RunAsync("npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts", "--prefer-offline", "--fetch-retries=1");
    }

    public ValueTask DisposeAsync()
    {
        Folder.Delete(recursive: true);
        return ValueTask.CompletedTask;
    }

    private static string FirstError(string output)
    {
        string[] lines = output.Trim().Split('\n');
        return lines.FirstOrDefault(static line => line.Contains("error", StringComparison.OrdinalIgnoreCase)) ?? lines[0];
    }

    private async Task<string?> RunAsync(string program, params string[] arguments)
    {
        string command = string.Join(' ', [program, .. arguments]);
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = Folder.FullName,
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        };
        using var limit = new CancellationTokenSource(InstallLimit);
        try
        {
            using Process process = Process.Start(start)!;
            try
            {
                Task<string> output = process.StandardOutput.ReadToEndAsync(limit.Token);
                string errors = await process.StandardError.ReadToEndAsync(limit.Token);
                await output;
                await process.WaitForExitAsync(limit.Token);
                return process.ExitCode == 0
                    ? null
                    : $"'{command}' failed, perhaps since no package registry can be reached: {FirstError(errors)}";
            }
            catch (OperationCanceledException)
            {
                process.Kill(entireProcessTree: true);
                return $"'{command}' took more than {InstallLimit.TotalMinutes} minutes.";
            }
        }
        catch (Win32Exception)
        {
            return $"{program} is not installed.";
        }
    }
}
