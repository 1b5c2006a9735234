using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using IrohRpc.CompilerServices;
using IrohRpc.Internal;
using IrohRpc.Transports;

namespace IrohRpc.Hostile;

/// <summary>Looks whether bytes that nobody wrote leave with a struct that has gaps between its fields, in every form and every place.</summary>
internal static class PaddingCommand
{
    private const int Rounds = 20_000;
    private const byte Secret = 0xCC;

    public static async Task<int> RunAsync()
    {
        int leaked = Try<Pair>("PairAsync", static i => new Pair((byte)i, i))
            + Try<Gapped>("GappedAsync", static i => Make(i))
            + Try<Narrow>("NarrowAsync", static i => new Narrow((byte)(i & 7), i & 7, 2))
            + Try<Narrow>("NarrowAsync", static i => MakeUncleared(i))
            + Try<Narrow>("NarrowAsync", static i => MakeSkipped(i))
            + Try<Narrow?>("NullableAsync", static i => i % 2 == 0 ? MakeUncleared(i) : null)
            + Try<(Narrow, byte)>("TupleAsync", static i => (MakeUncleared(i), 3))
            + Try<(Narrow, string)>("MixedTupleAsync", static i => (MakeUncleared(i), "x"))
            + Try<List<Narrow>>("ListAsync", static i => [.. Dirty(i)])
            + Try<Dictionary<byte, Narrow>>("MapAsync", static i => new() { [1] = MakeUncleared(i), [2] = MakeSkipped(i) })
            + Try<Holding>("HoldingAsync", static i => new Holding(MakeUncleared(i), "x"))
            + Try<TolerantHolding>("TolerantAsync", static i => new() { Narrow = MakeUncleared(i), More = Dirty(i) })
            + Try<DateTimeOffset[]>("TimesAsync", static _ => DirtyTimes());
        leaked += await TryEverywhereAsync();
        return leaked == 0 ? 0 : 1;
    }

    /// <summary>Whether there are bytes of the secret within an array as it arrived.</summary>
    public static bool IsDirty(Narrow[] array) => MemoryMarshal.AsBytes(array.AsSpan()).Contains(Secret);

    /// <summary>Values whose padding is not zero.</summary>
    public static Narrow[] Dirty(int i)
    {
        var array = new Narrow[3];
        MemoryMarshal.AsBytes(array.AsSpan()).Fill(Secret);
        foreach (ref Narrow one in array.AsSpan())
        {
            (one.A, one.B, one.C) = ((byte)(i & 7), i & 7, 2);
        }

        return array;
    }

    private static DateTimeOffset[] DirtyTimes()
    {
        // How .NET lays it out is its own affair.
        var array = new DateTimeOffset[2];
        FixedGap gap = FixedGaps.Of<DateTimeOffset>().Single();
        MemoryMarshal.AsBytes(array.AsSpan(1)).Slice(gap.Offset, gap.Length).Fill(Secret);
        return array;
    }

    private static int Try<T>(string method, Func<int, T> make)
    {
        var writer = (ValueWriter<T>)typeof(IPadding).GetNestedType("Descriptors", BindingFlags.NonPublic)!
            .GetField("Write_" + method, BindingFlags.Static | BindingFlags.NonPublic)!.GetValue(null)!;
        var buffer = new CallBuffer();
        int leaked = 0;
        for (int i = 0; i < Rounds; i++)
        {
            Soil(200);
            buffer.Clear();
            Write(buffer, writer, make, i & 7);
            leaked += buffer.WrittenSpan.Contains(Secret) ? 1 : 0;
        }

        Console.WriteLine($"{method}: {leaked} of {Rounds} left with bytes that nobody wrote");
        return leaked;
    }

    // An argument, items both ways, a report and a fault, as each arrives.
    private static async Task<int> TryEverywhereAsync()
    {
        ITransport memory = new MemoryNetwork().Transport;
        await using PeerEndpoint server = await PeerEndpoint.BindAsync(new PeerEndpointOptions { Transports = [memory] });
        await using PeerEndpoint client = await PeerEndpoint.BindAsync(new PeerEndpointOptions { Transports = [memory] });
        var service = new Padding();
        await using Router router = await server.Route().Map<IPadding>(service).StartAsync();
        IPadding peer = client.Connect<IPadding>(server.Ticket);
        var arrived = new List<(string Place, bool IsDirty)>();
        async IAsyncEnumerable<Narrow[]> Items()
        {
            await Task.CompletedTask;
            yield return Dirty(1);
        }

        try
        {
            await foreach (Narrow[] item in peer.EverywhereAsync(1, Dirty(2), Items(), new Reports(arrived)))
            {
                arrived.Add(("item", IsDirty(item)));
            }
        }
        catch (RpcFaultException<Narrow[]> fault)
        {
            arrived.Add(("fault", IsDirty(fault.Detail)));
        }

        arrived.Add(("result", (await peer.ListAsync([.. Dirty(4)])) is var list && IsDirty([.. list])));
        arrived.AddRange(service.Arrived);
        foreach ((string place, bool isDirty) in arrived)
        {
            Console.WriteLine($"{place}: {(isDirty ? 1 : 0)} of 1 left with bytes that nobody wrote");
        }

        return arrived.Count(one => one.IsDirty) + (arrived.Count == 6 ? 0 : 1);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Write<T>(CallBuffer buffer, ValueWriter<T> writer, Func<int, T> make, int i) => buffer.WriteValue(make(i), writer, WriteBounds.Default);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Gapped Make(int i)
    {
        var made = new Gapped { A = (byte)i, B = i, C = 3 };
        made.D = made.B + i;
        made.E = (byte)made.D;
        return made;
    }

    [SkipLocalsInit]
    private static Narrow MakeUncleared(int i)
    {
        var made = new Narrow((byte)i, i, 2);
        return made with { B = made.B + made.C };
    }

    [SkipLocalsInit]
    private static Narrow MakeSkipped(int i)
    {
        Unsafe.SkipInit(out Narrow made);
        made.A = (byte)i;
        made.B = i;
        made.C = 7;
        return made;
    }

    // Leaves the stack below full of what looks like secrets.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static int Soil(int size)
    {
        Span<byte> secret = stackalloc byte[size * 8];
        secret.Fill(Secret);
        return secret[size] + secret[0];
    }

    private sealed class Reports(List<(string, bool)> arrived) : IProgress<Narrow[]>
    {
        public void Report(Narrow[] value) => arrived.Add(("report", IsDirty(value)));
    }
}
