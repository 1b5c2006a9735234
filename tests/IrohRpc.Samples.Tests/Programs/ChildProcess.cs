using System.Diagnostics;
using System.Runtime.InteropServices;

namespace IrohRpc.Samples.Tests.Programs;

/// <summary>A program that a test starts, with the lines that it printed; killed with all its children when disposed.</summary>
internal sealed partial class ChildProcess : IAsyncDisposable
{
    /// <summary>How long a program may take for anything before the test gives up: a bound, not a wait.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly LineCollector _output;
    private readonly LineCollector _errors;

    private ChildProcess(Process process, string name)
    {
        _process = process;
        _output = new LineCollector($"{name} stdout", process.StandardOutput);
        _errors = new LineCollector($"{name} stderr", process.StandardError);
    }

    /// <summary>Standard output.</summary>
    public LineCollector Output => _output;

    /// <summary>Standard error.</summary>
    public LineCollector Errors => _errors;

    public int Id => _process.Id;

    public static ChildProcess Start(string program, params IEnumerable<string> arguments)
    {
        var info = new ProcessStartInfo(program)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (string argument in arguments)
        {
            info.ArgumentList.Add(argument);
        }

        return new ChildProcess(Process.Start(info)!, Path.GetFileName(program));
    }

    /// <summary>Runs a program to its end and returns what it printed, failing where it fails.</summary>
    public static Task<string> RunAsync(string program, params IEnumerable<string> arguments) => RunAsync(program, Patience, arguments);

    /// <summary>Does the same with patience of another length.</summary>
    public static async Task<string> RunAsync(string program, TimeSpan patience, params IEnumerable<string> arguments)
    {
        await using ChildProcess child = Start(program, arguments);
        int code = await child.ExitAsync(patience);
        Assert.True(code == 0, $"{program} ended with {code}:\n{child.Output.Text}\n{child.Errors.Text}");
        return child.Output.Text;
    }

    /// <summary>Waits for the end of the program and of its output; the result is the exit code.</summary>
    /// <param name="patience">How long to wait for it, where that is not <see cref="Patience"/>.</param>
    public async Task<int> ExitAsync(TimeSpan? patience = null)
    {
        await _process.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(patience ?? Patience);
        await Task.WhenAll(_output.Ended, _errors.Ended).WaitAsync(Patience);
        return _process.ExitCode;
    }

    /// <summary>Writes a line to its input.</summary>
    public Task WriteLineAsync(string line) => _process.StandardInput.WriteLineAsync(line);

    /// <summary>Ctrl-C.</summary>
    public void Interrupt() => Assert.Equal(0, kill(_process.Id, 2));

    /// <summary>What a supervisor sends to stop a service.</summary>
    public void Terminate() => Assert.Equal(0, kill(_process.Id, 15));

    /// <summary>No goodbye.</summary>
    public async Task KillAsync()
    {
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync(CancellationToken.None).WaitAsync(Patience);
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            await KillAsync();
        }

        _process.Dispose();
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int kill(int process, int signal);
}
