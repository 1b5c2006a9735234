using System.ComponentModel;
using System.Diagnostics;
using IrohRpc.Transports.Tests.Quic.Interop;

namespace IrohRpc.Reach.Tests.Interop;

/// <summary>Real iroh from npm, in a folder of its own that is made once per run; or why that is impossible here.</summary>
public sealed class IrohInstallation : IAsyncLifetime
{
    private const string Package = "@number0/iroh@1.1.0";
    private static readonly TimeSpan InstallLimit = TimeSpan.FromMinutes(3);
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("irohrpc-iroh-");

    /// <summary>Null where everything is there.</summary>
    internal string? Unavailable { get; private set; }

    internal string Script => Path.Combine(_folder.FullName, "iroh1.js");

    public async ValueTask InitializeAsync()
    {
        using (NetworkNamespace? trial = NetworkNamespace.TryCreate(out string reason))
        {
            Unavailable = trial is null ? reason : null;
        }

        File.Copy(Path.Combine(AppContext.BaseDirectory, "Interop", "scripts", "iroh1.js"), Script);
        Unavailable ??= await InstallAsync();
    }

    public ValueTask DisposeAsync()
    {
        _folder.Delete(recursive: true);
        return ValueTask.CompletedTask;
    }

    /// <summary>Writes a file that stands in for <c>/etc/resolv.conf</c>.</summary>
    internal string WriteResolverSettings(string nameServer)
    {
        string path = Path.Combine(_folder.FullName, "resolv.conf");
        File.WriteAllText(path, $"nameserver {nameServer}\n");
        return path;
    }

    private async Task<string?> InstallAsync()
    {
        try
        {
            using Process process = Process.Start(
                new ProcessStartInfo("npm", ["install", "--no-audit", "--no-fund", "--ignore-scripts", "--prefer-offline", Package])
                {
                    WorkingDirectory = _folder.FullName,
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
            return "npm is not installed.";
        }
    }
}
