using System.Diagnostics;

namespace Versions;

/// <summary>A build that serves, in a process of its own.</summary>
internal sealed class RunningService : IAsyncDisposable
{
    private readonly Process _process;

    private RunningService(Process process) => _process = process;

    public static RunningService Start(string build) => new(Build.Start(build, "serve"));

    /// <summary>Where it can be reached: its first line.</summary>
    public async Task<string> TicketAsync()
        => await _process.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException("The service ended without a ticket.");

    /// <summary>Lets it shut down; yields what else it printed.</summary>
    public async Task<string[]> StopAsync()
    {
        _process.StandardInput.Close();
        string[] lines = Build.Lines(await _process.StandardOutput.ReadToEndAsync());
        await _process.WaitForExitAsync();
        return lines;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
    }
}
