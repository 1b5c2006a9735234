using System.Diagnostics;

namespace IrohRpc.Reach.Laboratory;

/// <summary>The programs of an experiment, which end with it, last first.</summary>
internal sealed class Programs : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly List<Process> _processes = [];

    /// <summary>Takes over a program.</summary>
    public Running Add(Process process)
    {
        _processes.Add(process);
        return new Running(process);
    }

    public void Dispose()
    {
        foreach (Process process in Enumerable.Reverse(_processes))
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }

            process.WaitForExit();
            process.Dispose();
        }
    }

    /// <summary>A program that says something, line by line.</summary>
    internal readonly record struct Running(Process Process)
    {
        /// <summary>Its next line.</summary>
        public async Task<string> LineAsync()
            => await Process.StandardOutput.ReadLineAsync().WaitAsync(Patience) ?? throw new InvalidOperationException("A program of the experiment has ended early.");

        /// <summary>Gives it a line.</summary>
        public async Task SayAsync(string line)
        {
            await Process.StandardInput.WriteLineAsync(line);
            await Process.StandardInput.FlushAsync();
        }

        /// <summary>All that it says until it ends.</summary>
        public Task<string> RestAsync() => Process.StandardOutput.ReadToEndAsync().WaitAsync(Patience);
    }
}
