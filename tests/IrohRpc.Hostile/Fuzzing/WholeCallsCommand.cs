using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using IrohRpc.CompilerServices;
using IrohRpc.Internal;
using IrohRpc.Transports;

namespace IrohRpc.Hostile;

/// <summary>Measures what whole calls and items cost with the check and without it, both ends in this process, in turns.</summary>
internal static class WholeCallsCommand
{
    private const int Rounds = 21;
    private const BindingFlags Inside = BindingFlags.Instance | BindingFlags.Static | BindingFlags.NonPublic;

    public static async Task<int> RunAsync(string transportName)
    {
        ITransport memory = new MemoryNetwork().Transport;
        PeerEndpointOptions Options() => new()
        {
            Transports = [transportName switch { "memory" => memory, "tls" => new TlsTransport(), _ => new QuicTransport() }],
            ListenOn = transportName == "memory" ? [] : [.. ListenAddresses.Loopback()],
        };
        await using PeerEndpoint server = await PeerEndpoint.BindAsync(Options());
        await using PeerEndpoint client = await PeerEndpoint.BindAsync(Options());
        await using Router router = await server.Route().Map<IWholeCalls>(new WholeCalls()).StartAsync();
        IWholeCalls calls = client.Connect<IWholeCalls>(server.Ticket);
        Console.WriteLine($"{transportName + ": CPU time of both ends",-44} {"unchecked",10} {"checked",10} {"ratio",7}");
        byte[] block = new byte[64];
        await MeasureAsync("calls with 64 bytes, 64 callers", 100_000, count => CallAsync(calls, block, 64, count));
        await MeasureAsync("calls with 64 bytes, 256 callers", 100_000, count => CallAsync(calls, block, 256, count));
        await MeasureAsync("items: strings of 64 characters", 200_000, count => DrainAsync(calls.TextsAsync(count, areAscii: true)));
        await MeasureAsync("items: strings of 64 characters, not ASCII", 150_000, count => DrainAsync(calls.TextsAsync(count, areAscii: false)));
        await MeasureAsync("items: records", 200_000, count => DrainAsync(calls.PeopleAsync(count)));
        await MeasureAsync("items that a caller sends: records", 200_000, count => calls.TakePeopleAsync(WholeCalls.People(count)).AsTask());
        await MeasureAsync("items: records of eleven records", 50_000, count => DrainAsync(calls.OrdersAsync(count)));
        return 0;
    }

    private static async Task MeasureAsync(string what, int count, Func<int, Task> run)
    {
        var ratios = new List<double>();
        var without = new List<double>();
        var with = new List<double>();
        for (int round = -4; round < Rounds; round++)
        {
            double first = await MeasureAsync(round % 2 == 0, count, run);
            double second = await MeasureAsync(round % 2 != 0, count, run);
            if (round >= 0)
            {
                (double off, double on) = round % 2 == 0 ? (second, first) : (first, second);
                without.Add(off);
                with.Add(on);
                ratios.Add(on / off);
            }
        }

        double Median(List<double> all) => all.Order().ElementAt(Rounds / 2);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{what,-44} {Median(without),7:F0} ns {Median(with),7:F0} ns {Median(ratios),7:F3}"));
    }

    private static async Task<double> MeasureAsync(bool isChecked, int count, Func<int, Task> run)
    {
        Switch(isChecked);
        GC.Collect();
        TimeSpan before = Process.GetCurrentProcess().TotalProcessorTime;
        await run(count);
        return (Process.GetCurrentProcess().TotalProcessorTime - before).TotalNanoseconds / count;
    }

    private static async Task CallAsync(IWholeCalls calls, byte[] block, int callers, int count)
    {
        async Task Caller()
        {
            for (int i = 0; i < count / callers; i++)
            {
                await calls.EchoAsync(block);
            }
        }

        await Task.WhenAll(Enumerable.Range(0, callers).Select(_ => Task.Run(Caller)));
    }

    private static async Task DrainAsync<T>(IAsyncEnumerable<T> items)
    {
        await foreach (T _ in items)
        {
        }
    }

    private static readonly Dictionary<object, object> Parts = [];

    // No option turns the check off: this takes from the generated readers what they check by, and gives it back.
    private static void Switch(bool isChecked)
    {
        foreach (object reader in typeof(IWholeCalls).GetNestedType("Descriptors", BindingFlags.NonPublic)!.GetFields(Inside)
            .Select(field => field.GetValue(null)!).Where(value => value.GetType().Name.StartsWith("ValueReader", StringComparison.Ordinal)))
        {
            Switch(reader, reader.GetType().GetField("_part", Inside)!, default(PayloadPart), isChecked);
        }

        foreach (MethodDescriptor method in ContractDescriptors.Of<IWholeCalls>().Methods)
        {
            Switch(method, typeof(MethodDescriptor).GetField("_arguments", Inside)!, Array.Empty<PayloadPart>(), isChecked);
        }
    }

    private static void Switch(object owner, FieldInfo field, object none, bool isChecked)
    {
        Parts.TryAdd(owner, field.GetValue(owner)!);
        field.SetValue(owner, isChecked ? Parts[owner] : none);
    }
}
