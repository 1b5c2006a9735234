using System.Diagnostics;
using System.Globalization;

namespace IrohRpc.Model;

/// <summary>What the process holds at one time.</summary>
/// <param name="Heap">Megabytes on the managed heap, after a collection.</param>
/// <param name="Native">Megabytes of resident memory beside what the garbage collector has committed.</param>
/// <param name="Handles">Open descriptors.</param>
/// <param name="Threads">Threads.</param>
/// <param name="Sockets">Descriptors that are sockets.</param>
internal sealed record SoakSample(double Heap, double Native, int Handles, int Threads, int Sockets)
{
    public static SoakSample Take()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        using var process = Process.GetCurrentProcess();
        string[] handles = Directory.Exists("/proc/self/fd") ? Directory.GetFiles("/proc/self/fd") : [];
        int sockets = handles.Count(static handle => new FileInfo(handle).LinkTarget?.StartsWith("socket:", StringComparison.Ordinal) == true);
        double native = process.WorkingSet64 - GC.GetGCMemoryInfo().TotalCommittedBytes;
        return new SoakSample(GC.GetTotalMemory(false) / 1e6, native / 1e6, handles.Length, process.Threads.Count, sockets);
    }

    /// <summary>What has grown since an earlier sample; null for nothing.</summary>
    public string? Compare(SoakSample earlier)
        => Heap > (earlier.Heap * 1.5) + 8 ? "the heap"
            : Native > (earlier.Native * 1.5) + 32 ? "native memory"
            : Handles > earlier.Handles + 16 ? "handles"
            : Threads > earlier.Threads + 16 ? "threads"
            : Sockets > earlier.Sockets + 4 ? "sockets" : null;

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"heap {Heap:F1} MB, native {Native:F0} MB, {Handles} handles, {Threads} threads, {Sockets} sockets");
}
