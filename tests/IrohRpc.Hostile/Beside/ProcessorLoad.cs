using System.Diagnostics;

namespace IrohRpc.Hostile;

/// <summary>How much of a processor a process has used since the load was made.</summary>
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
        TimeSpan period = TimeSpan.FromMilliseconds(4);
        while (!stop.IsCancellationRequested)
        {
            long began = Stopwatch.GetTimestamp();
            while (Stopwatch.GetElapsedTime(began) < period * Math.Min(share, 1))
            {
                Thread.SpinWait(1_000);
            }

            if (share < 0.95)
            {
                Thread.Sleep(period * (1 - share));
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
