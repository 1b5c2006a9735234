using System.Diagnostics;
using System.Globalization;
using IrohRpc.Relay;

namespace IrohRpc.Benchmarks.Relays;

/// <summary>A relay in a process of its own, so that its memory is its own too.</summary>
internal sealed class RelayProcess : IAsyncDisposable
{
    private readonly Process _process;

    private RelayProcess(Process process, Uri url)
    {
        _process = process;
        Url = url;
    }

    public Uri Url { get; }

    /// <summary>What the child does: it serves, and tells its memory for each line that it is sent.</summary>
    public static async Task ServeAsync()
    {
        await using RelayServer relay = await RelayServer.StartAsync();
        Console.WriteLine(relay.Url);
        while (await Console.In.ReadLineAsync() is not null)
        {
            GC.Collect(2, GCCollectionMode.Aggressive, blocking: true, compacting: true);
            using var self = Process.GetCurrentProcess();
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"{GC.GetTotalMemory(false)} {self.WorkingSet64} {self.TotalProcessorTime.Ticks} {relay.Clients}"));
        }
    }

    public static async Task<RelayProcess> StartAsync()
    {
        var process = Process.Start(new ProcessStartInfo(Environment.ProcessPath!, ["relay-server"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
        return new RelayProcess(process, new Uri((await process.StandardOutput.ReadLineAsync())!));
    }

    /// <summary>Managed bytes, resident bytes, processor time and clients of the relay.</summary>
    public async Task<(long Managed, long Resident, TimeSpan Processor, int Clients)> MeasureAsync()
    {
        await _process.StandardInput.WriteLineAsync("measure");
        await _process.StandardInput.FlushAsync();
        string[] parts = (await _process.StandardOutput.ReadLineAsync())!.Split(' ');
        long[] numbers = [.. parts.Select(part => long.Parse(part, CultureInfo.InvariantCulture))];
        return (numbers[0], numbers[1], TimeSpan.FromTicks(numbers[2]), (int)numbers[3]);
    }

    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }
}
