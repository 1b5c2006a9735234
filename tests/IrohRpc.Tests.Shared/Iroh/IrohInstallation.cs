using System.ComponentModel;
using System.Diagnostics;

namespace IrohRpc.Tests.Shared.Iroh;

/// <summary>
/// Versions of real iroh from npm, each in a folder of its own that is made once per run; or why that is impossible here. A fixture derives from it, and names
/// the versions that its tests need.
/// </summary>
public abstract class IrohInstallation(params string[] versions) : IAsyncLifetime
{
    /// <summary>The version of the current protocols.</summary>
    public const string Iroh1 = "1.1.0";

    /// <summary>The last version that has blobs, gossip and documents.</summary>
    public const string Iroh035 = "0.35.0";

    private static readonly TimeSpan InstallLimit = TimeSpan.FromMinutes(3);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("irohrpc-iroh-");

    /// <summary>Why there is no iroh; null where everything is there.</summary>
    public string? Unavailable { get; private set; }

    /// <summary>The script that runs a version as a peer.</summary>
    /// <param name="version">The version.</param>
    public string ScriptOf(string version) => Path.Combine(_folder.FullName, version, version == Iroh035 ? "iroh035.js" : "iroh1.js");

    /// <summary>Writes a file that stands in for <c>/etc/resolv.conf</c>.</summary>
    internal string WriteResolverSettings(string nameServer)
    {
        string path = Path.Combine(_folder.FullName, "resolv.conf");
        File.WriteAllText(path, $"nameserver {nameServer}\n");
        return path;
    }

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        using (NetworkNamespace? trial = NetworkNamespace.TryCreate(out string reason))
        {
            Unavailable = trial is null ? reason : null;
        }

        foreach (string version in versions)
        {
            DirectoryInfo folder = _folder.CreateSubdirectory(version);
            foreach (string script in Directory.EnumerateFiles(Path.Combine(AppContext.BaseDirectory, "Iroh", "scripts")))
            {
                File.Copy(script, Path.Combine(folder.FullName, Path.GetFileName(script)));
            }

            Unavailable ??= await InstallAsync(folder, version).ConfigureAwait(false);
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _folder.Delete(recursive: true);
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    private static async Task<string?> InstallAsync(DirectoryInfo folder, string version)
    {
        try
        {
            using Process process = Process.Start(
                new ProcessStartInfo("npm", ["install", "--no-audit", "--no-fund", "--ignore-scripts", "--prefer-offline", $"@number0/iroh@{version}"])
                {
                    WorkingDirectory = folder.FullName,
                    RedirectStandardOutput = true,
                    RedirectStandardError = true,
                })!;
            using var limit = new CancellationTokenSource(InstallLimit);
            Task<string> output = process.StandardOutput.ReadToEndAsync(limit.Token);
            string errors = await process.StandardError.ReadToEndAsync(limit.Token).ConfigureAwait(false);
            await output.ConfigureAwait(false);
            await process.WaitForExitAsync(limit.Token).ConfigureAwait(false);
            return process.ExitCode == 0 ? null : $"npm could not install iroh, perhaps since no package registry can be reached: {errors.Trim().Split('\n')[0]}";
        }
        catch (Win32Exception)
        {
            return "npm is not installed.";
        }
    }
}
