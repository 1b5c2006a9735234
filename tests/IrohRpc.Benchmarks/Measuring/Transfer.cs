using System.Diagnostics;

namespace IrohRpc.Benchmarks.Measuring;

/// <summary>What it took to move some bytes.</summary>
/// <param name="Rate">MB a second.</param>
/// <param name="ProcessorSeconds">Processor time of this process for a GB, which says more than the rate on a machine that is busy with other work.</param>
/// <param name="PeakWorkingSet">The most memory that the process had meanwhile, in MB; null where the system cannot tell.</param>
internal sealed record Transfer(double Rate, double ProcessorSeconds, double? PeakWorkingSet)
{
    // Writing 5 there makes the peak begin anew.
    private const string PeakReset = "/proc/self/clear_refs";

    public static async Task<Transfer> MeasureAsync(long length, Func<Task> transfer)
    {
        bool hasPeak = TryResetPeak();
        TimeSpan before = Environment.CpuUsage.TotalTime;
        long start = Stopwatch.GetTimestamp();
        await transfer();
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        double processor = (Environment.CpuUsage.TotalTime - before).TotalSeconds;
        using var process = Process.GetCurrentProcess();
        return new Transfer(length / 1e6 / seconds, processor / (length / 1e9), hasPeak ? process.PeakWorkingSet64 / 1e6 : null);
    }

    private static bool TryResetPeak()
    {
        try
        {
            File.WriteAllText(PeakReset, "5");
            return true;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
