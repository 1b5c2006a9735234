using System.CommandLine;
using System.Diagnostics;
using IrohRpc.Benchmarks.Systems;
using IrohRpc.Benchmarks.Tracing;
using IrohRpc.Transports;

namespace IrohRpc.Benchmarks;

/// <summary>The life of one large item, from the iterator that makes it to the loop that gets it, step by step, both ends on one clock.</summary>
internal static class TraceCommand
{
    private const int Items = 1_000;
    private const int Skipped = 200;

    // What stands before the first item and after the last shifts all others by less than this.
    private const int Margin = 1_024;

    public static Command Create()
    {
        var transport = new Argument<string>("transport") { Description = "quic, msquic, tls or memory." };
        var command = new Command("trace", "Where an item of 256 KiB spends its time, step by step.") { transport };
        command.SetAction((parsed, cancellationToken) => RunAsync(parsed.GetValue(transport)!, cancellationToken));
        return command;
    }

    private static async Task RunAsync(string name, CancellationToken cancellationToken)
    {
        var transport = new TracedTransport(name switch
        {
            "quic" => new QuicTransport(),
            "msquic" => new MsQuicTransport(),
            "tls" => new TlsTransport(),
            _ => new MemoryNetwork().Transport,
        });
        await using PeerEndpoint server = await PeerEndpoint.BindAsync(new PeerEndpointOptions { Transports = [transport] }, cancellationToken);
        await using PeerEndpoint client = await PeerEndpoint.BindAsync(new PeerEndpointOptions { Transports = [transport] }, cancellationToken);
        var service = new TracedItems();
        await using Router router = await server.Route().Map<ITracedItems>(service).StartAsync(cancellationToken);
        await using PeerClient<ITracedItems> peer = await client.ConnectAsync<ITracedItems>(server.Address, cancellationToken: cancellationToken);
        for (int round = 0; round < 3; round++)
        {
            service.Made.Clear();
            List<long> taken = [];
            await foreach (byte[] _ in peer.Service.DownloadAsync(Items, cancellationToken))
            {
                taken.Add(Stopwatch.GetTimestamp());
            }

            // The compiler has not seen the first one at work.
            if (round > 0)
            {
                Print(service.Made, transport.Writes, transport.Reads, taken);
            }
        }
    }

    private static void Print(List<long> made, List<StreamStep> writes, List<StreamStep> reads, List<long> taken)
    {
        long frame = reads[^1].Total / Items;
        int write = 0;
        int read = 0;
        var rows = new List<double[]>();
        for (int i = 0; i < Items; i++)
        {
            long start = i * frame;
            long end = start + frame - Margin;
            write = IndexAt(writes, write, start + Margin);
            long writeBegan = writes[write].Began;
            write = IndexAt(writes, write, end);
            long writeEnded = writes[write].Ended;
            int first = IndexAt(reads, read, start + Margin);
            read = IndexAt(reads, first, end);
            if (i >= Skipped)
            {
                IEnumerable<StreamStep> own = reads.Skip(first + 1).Take(read - first);
                rows.Add(
                [
                    Microseconds(made[i], writeBegan),
                    Microseconds(writeBegan, writeEnded),
                    Microseconds(writeBegan, reads[first].Ended),
                    Microseconds(reads[first].Ended, reads[read].Ended),
                    own.Where(static step => step.Waited).Sum(static step => Microseconds(step.Began, step.Ended)),
                    read - first + 1,
                    own.Count(static step => step.Waited),
                    Microseconds(reads[read].Ended, taken[i]),
                    Microseconds(made[i], taken[i]),
                    Microseconds(taken[i - 1], taken[i]),
                ]);
            }
        }

        string[] names =
        [
            "made, until its write begins", "its write", "write begins, until its first bytes are read", "first bytes, until the last", "  of which the reader waits",
            "  reads (count)", "  reads that wait (count)", "last byte, until the loop has it", "from iterator to loop", "between two items",
        ];
        Console.WriteLine($"{rows.Count} items; median and 99th percentile, µs");
        for (int column = 0; column < names.Length; column++)
        {
            double[] sorted = [.. rows.Select(row => row[column]).Order()];
            Console.WriteLine($"{names[column],-46} {sorted[sorted.Length / 2],10:N1} {sorted[sorted.Length * 99 / 100],10:N1}");
        }
    }

    private static int IndexAt(List<StreamStep> steps, int from, long total)
    {
        while (from < steps.Count - 1 && steps[from].Total < total)
        {
            from++;
        }

        return from;
    }

    private static double Microseconds(long from, long to) => Stopwatch.GetElapsedTime(from, to).TotalMicroseconds;
}
