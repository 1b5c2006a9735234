namespace IrohRpc.Benchmarks.Measuring;

/// <summary>How much the managed heap holds.</summary>
internal static class Memory
{
    /// <summary>What is alive now, in bytes, after everything that is not has been collected.</summary>
    public static async Task<long> MeasureAsync()
    {
        // What has just ended lets go of what it holds on other threads.
        await Task.Delay(100);
        for (int i = 0; i < 3; i++)
        {
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Forced, blocking: true, compacting: true);
            GC.WaitForPendingFinalizers();
        }

        return GC.GetTotalMemory(forceFullCollection: true);
    }
}
