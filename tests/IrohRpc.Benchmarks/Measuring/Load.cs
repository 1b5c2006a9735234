using System.Diagnostics;

namespace IrohRpc.Benchmarks.Measuring;

/// <summary>Runs an operation again and again, from several callers at once, for a time.</summary>
internal static class Load
{
    /// <summary>How many operations were done a second.</summary>
    /// <param name="callers">How many callers there are, each of whom waits for one operation before the next.</param>
    /// <param name="duration">For how long.</param>
    /// <param name="operation">One operation; its argument is different each time.</param>
    public static async Task<Sample> RunAsync(int callers, TimeSpan duration, Func<ulong, ValueTask> operation)
    {
        (double perSecond, double bytes) = await CountAsync(callers, duration, operation);
        return new Sample(perSecond, bytes);
    }

    /// <summary>How long an operation took, in microseconds, with one caller.</summary>
    public static async Task<Sample> TimeAsync(TimeSpan duration, Func<ulong, ValueTask> operation)
    {
        (double perSecond, double bytes) = await CountAsync(1, duration, operation);
        return new Sample(1e6 / perSecond, bytes);
    }

    private static async Task<(double PerSecond, double BytesPerOperation)> CountAsync(int callers, TimeSpan duration, Func<ulong, ValueTask> operation)
    {
        long end = 0;
        var tasks = new Task<long>[callers];
        long allocated = GC.GetTotalAllocatedBytes(precise: true);
        long start = Stopwatch.GetTimestamp();
        end = start + (long)(duration.TotalSeconds * Stopwatch.Frequency);
        for (int caller = 0; caller < callers; caller++)
        {
            ulong first = (ulong)caller << 32;
            tasks[caller] = Task.Run(() => RepeatAsync(first, end, operation));
        }

        long count = (await Task.WhenAll(tasks)).Sum();
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        allocated = GC.GetTotalAllocatedBytes(precise: true) - allocated;
        return (count / seconds, (double)allocated / count);
    }

    private static async Task<long> RepeatAsync(ulong first, long end, Func<ulong, ValueTask> operation)
    {
        long count = 0;
        do
        {
            await operation(first + (ulong)count);
            count++;
        }
        while (Stopwatch.GetTimestamp() < end);
        return count;
    }
}
