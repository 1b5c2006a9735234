using System.ComponentModel;
using System.Diagnostics;

namespace IrohRpc.Transports.Tests.Quic.Interop;

/// <summary>Real iroh from npm, two versions, each in a folder of its own that is made once per run; or why that is impossible here.</summary>
public sealed class IrohInstallation : IAsyncLifetime
{
    private static readonly TimeSpan InstallLimit = TimeSpan.FromMinutes(3);
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("irohrpc-iroh-");

    /// <summary>Null where everything is there.</summary>
    internal string? Unavailable { get; private set; }

    internal string ScriptOf(string version) => Path.Combine(_folder.FullName, version, version == "0.35.0" ? "iroh035.js" : "iroh1.js");

    public async ValueTask InitializeAsync()
    {
        using (NetworkNamespace? trial = NetworkNamespace.TryCreate(out string reason))
        {
            Unavailable = trial is null ? reason : null;
        }

        foreach (string version in (string[])["1.1.0", "0.35.0"])
        {
            DirectoryInfo folder = _folder.CreateSubdirectory(version);
            foreach (string script in Directory.EnumerateFiles(Path.Combine(AppContext.BaseDirectory, "Quic", "Interop", "scripts")))
            {
                File.Copy(script, Path.Combine(folder.FullName, Path.GetFileName(script)));
            }

            Unavailable ??= await RunAsync(
                folder, "npm", "install", "--no-audit", "--no-fund", "--ignore-scripts", "--prefer-offline", $"@number0/iroh@{version}");
        }
    }

    public ValueTask DisposeAsync()
    {
        _folder.Delete(recursive: true);
        return ValueTask.CompletedTask;
    }

    private static async Task<string?> RunAsync(DirectoryInfo folder, string program, params string[] arguments)
    {
        try
        {
            using Process process = Process.Start(new ProcessStartInfo(program, arguments)
            {
                WorkingDirectory = folder.FullName,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            })!;
            using var limit = new CancellationTokenSource(InstallLimit);
            Task<string> output = process.StandardOutput.ReadToEndAsync(limit.Token);
            string errors = await process.StandardError.ReadToEndAsync(limit.Token);
            await output;
            await process.WaitForExitAsync(limit.Token);
            return process.ExitCode == 0 ? null : $"npm could not install iroh, perhaps since no package registry can be reached: {errors.Trim().Split('\n')[0]}";
        }
        catch (Win32Exception)
        {
            return $"{program} is not installed.";
        }
    }
}
