using System.Buffers.Binary;
using System.Diagnostics;
using System.Globalization;
using IrohRpc.Internal;

namespace IrohRpc.Hostile;

/// <summary>Reads messages of 4 MiB whose keys have one hash, or come in the worst order, beside such with random keys.</summary>
internal static class FloodCommand
{
    private const int Size = 4 * 1024 * 1024;

    private static readonly PayloadLimits Generous = new(256, 1000, PayloadLimits.Default.MaxCollisions);

    public static int Run()
    {
        (string Method, int Key, int Value)[] cases =
        [
            ("DictionaryIntIntAsync", 4, 4), ("IDictionaryLongIntAsync", 8, 8), ("IReadOnlyDictionaryLongLongAsync", 8, 8), ("HashSetLongAsync", 8, 0), ("ISetLongAsync", 8, 0),
            ("IReadOnlySetIntAsync", 4, 0), ("HashSetGuidAsync", 16, 0), ("ConcurrentDictionaryLongIntAsync", 8, 8), ("ImmutableDictionaryLongIntAsync", 8, 8),
            ("ImmutableHashSetLongAsync", 8, 0), ("IImmutableDictionaryLongIntAsync", 8, 8), ("IImmutableSetLongAsync", 8, 0), ("FrozenDictionaryLongIntAsync", 8, 8),
            ("FrozenSetLongAsync", 8, 0), ("SortedListLongIntAsync", 8, 8), ("SortedSetIntAsync", 4, 0), ("DictionaryDoubleIntAsync", 8, 8),
            ("DictionaryLongLongIntAsync", 16, 8), ("DictionaryKeyIntAsync", 16, 8), ("PriorityQueueIntLongAsync", 8, 8),
            ("AccountsAsync", 8, 8), ("IdsAsync", 8, 0),
        ];
        Console.WriteLine($"{"type",-40} {"random keys",12} {"worst keys",12}");
        foreach ((string method, int key, int value) in cases)
        {
            Target target = Target.All.Single(one => one.Name == method);
            TimeSpan random = Time(target, Payload(key, value, new Random(1)));
            TimeSpan worst = Time(target, Payload(key, value, null));
            TimeSpan strides = Time(target, Strides(key, value));
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"{method,-40} {random.TotalMilliseconds,9:F0} ms {Math.Max(worst.TotalMilliseconds, strides.TotalMilliseconds),9:F0} ms"));
        }

        // Nobody outside knows the hashes that these make, so that no keys can be chosen; what matters is that they are not .NET's without a seed.
        var frozen = (System.Collections.Frozen.FrozenDictionary<string, string>)Read("FrozenDictionaryStringStringAsync")!;
        var set = (System.Collections.Frozen.FrozenSet<string>)Read("FrozenSetStringAsync")!;
        bool areSeeded = frozen.Comparer is not StringComparer && frozen.Comparer != EqualityComparer<string>.Default
            && set.Comparer is not StringComparer && set.Comparer != EqualityComparer<string>.Default && frozen.ContainsKey("") && set.Contains("");
        Console.WriteLine($"frozen strings have a seed: {areSeeded}");
        return areSeeded ? 0 : 1;
    }

    private static object? Read(string method)
    {
        Target target = Target.All.Single(one => one.Name == method);
        return target.Read(method.Contains("Dictionary", StringComparison.Ordinal) ? [1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0] : [1, 0, 0, 0, 0, 0, 0, 0], Generous);
    }

    private static TimeSpan Time(Target target, byte[] payload)
    {
        long started = Stopwatch.GetTimestamp();
        try
        {
            GC.KeepAlive(target.Read(payload, Generous));
        }
        catch (Exception exception) when (exception is InvalidDataException or ArgumentException)
        {
        }

        return Stopwatch.GetElapsedTime(started);
    }

    // Both halves alike give the hash zero, and a list that is filled from its end moves at each step.
    private static byte[] Payload(int key, int value, Random? random)
    {
        int count = Size / (key + value);
        byte[] payload = new byte[4 + (count * (key + value))];
        BinaryPrimitives.WriteInt32LittleEndian(payload, count);
        for (int i = 0; i < count; i++)
        {
            Span<byte> entry = payload.AsSpan(4 + (i * (key + value)), key);
            if (random is not null)
            {
                random.NextBytes(entry);
                entry[^1] &= 0x3F;
                continue;
            }

            for (int part = 0; part + 4 <= key; part += 4)
            {
                BinaryPrimitives.WriteInt32LittleEndian(entry[part..], count - i);
            }
        }

        return payload;
    }

    // Distinct hashes that fall into one bucket of the table that so many entries get.
    private static byte[] Strides(int key, int value)
    {
        int count = Size / (key + value);
        int prime = Enumerable.Range(count, 1_000_000).First(number => Enumerable.Range(2, (int)Math.Sqrt(number)).All(divisor => number % divisor != 0));
        byte[] payload = new byte[4 + (count * (key + value))];
        BinaryPrimitives.WriteInt32LittleEndian(payload, count);
        for (int i = 0; i < count; i++)
        {
            Span<byte> entry = payload.AsSpan(4 + (i * (key + value)), key);
            BitConverter.GetBytes((long)i * prime).AsSpan(0, Math.Min(8, key)).CopyTo(entry);
        }

        return payload;
    }
}
