using System.Diagnostics;
using System.Text;

namespace IrohRpc.Transports.Tests.Quic.Interop;

/// <summary>Another implementation's program. It is killed when the test ends.</summary>
internal sealed class InteropProcess : IAsyncDisposable
{
    private static readonly string[] Folders = ["/usr/bin", "/usr/sbin", "/usr/local/bin", "/usr/local/sbin"];

    private readonly Process _process;
    private readonly StringBuilder _output = new();
    private volatile TaskCompletionSource _change = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private InteropProcess(Process process) => _process = process;

    /// <summary>What it has printed so far.</summary>
    public string Output
    {
        get
        {
            lock (_output)
            {
                return _output.ToString();
            }
        }
    }

    /// <summary>Where a program is installed, or null.</summary>
    public static string? Find(string program) => Folders
        .Select(folder => Path.Combine(folder, program))
        .FirstOrDefault(File.Exists);

    public static InteropProcess Start(string program, params string[] arguments)
    {
        var process = new Process
        {
            StartInfo = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true },
        };
        var started = new InteropProcess(process);
        process.OutputDataReceived += started.Add;
        process.ErrorDataReceived += started.Add;
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return started;
    }

    /// <summary>Waits for a line that starts with some words.</summary>
    /// <returns>The rest of the line.</returns>
    public async Task<string> WaitForLineAsync(string start, CancellationToken cancellationToken)
    {
        while (true)
        {
            Task change = _change.Task;
            string? line = Output.Split('\n').FirstOrDefault(one => one.StartsWith(start, StringComparison.Ordinal));
            if (line is not null)
            {
                return line[start.Length..].Trim();
            }

            await change.WaitAsync(cancellationToken);
        }
    }

    /// <summary>Waits until it has ended by itself.</summary>
    /// <returns>Its exit code.</returns>
    public async Task<int> WaitAsync(CancellationToken cancellationToken)
    {
        await _process.WaitForExitAsync(cancellationToken);
        return _process.ExitCode;
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

    private void Add(object sender, DataReceivedEventArgs line)
    {
        lock (_output)
        {
            // The end of a long log says what went wrong.
            if (_output.Length > 200_000)
            {
                _output.Remove(0, 100_000);
            }

            _output.AppendLine(line.Data);
        }

        Interlocked.Exchange(ref _change, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();
    }
}
