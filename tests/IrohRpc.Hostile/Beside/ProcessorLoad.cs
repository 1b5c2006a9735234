using System.Diagnostics;

namespace IrohRpc.Hostile;

/// <summary>How much of a processor a process has used since the load was made.</summary>
/// <remarks>
/// An attacker elsewhere takes none of this machine's time. So the calm that an attack is compared with is measured beside a process that takes as much of the same processor as the attacker did,
/// and does nothing else with it.
/// </remarks>
internal sealed class ProcessorLoad(Process process)
{
    private readonly TimeSpan _before = Read(process);
    private readonly long _since = Stopwatch.GetTimestamp();

    /// <summary>One for a whole processor.</summary>
    public double Measure() => (Read(process) - _before) / Stopwatch.GetElapsedTime(_since);

    /// <summary>Takes so much of a processor until the input ends.</summary>
    public static async Task<int> BurnAsync(double share)
    {
        using var stop = new CancellationTokenSource();
        Task ended = Task.Run(Console.In.ReadToEnd).ContinueWith(_ => stop.Cancel(), TaskScheduler.Default);
        Console.WriteLine("ready");
        var load = new ProcessorLoad(Process.GetCurrentProcess());
        while (!stop.IsCancellationRequested)
        {
            if (load.Measure() < share)
            {
                Thread.SpinWait(20_000);
            }
            else
            {
                Thread.Sleep(1);
            }
        }

        await ended;
        return 0;
    }

    private static TimeSpan Read(Process process)
    {
        process.Refresh();
        return process.HasExited ? TimeSpan.Zero : process.TotalProcessorTime;
    }
}
