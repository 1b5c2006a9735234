using System.Diagnostics;
using IrohRpc.Internal;

namespace IrohRpc.Hostile;

/// <summary>Reads mutated payloads of every type, and looks at what they cost.</summary>
internal static class FuzzCommand
{
    // Formatters refuse what a shape cannot say: keys that occur twice, texts that are no address.
    private static readonly Type[] Refusals =
    [
        typeof(InvalidDataException), typeof(ArgumentException), typeof(ArgumentNullException), typeof(UriFormatException),
        typeof(MemoryPack.MemoryPackSerializationException), typeof(System.Runtime.Serialization.SerializationException), typeof(InvalidCastException),
        typeof(InvalidTimeZoneException), typeof(ArgumentOutOfRangeException),
    ];

    private static readonly Dictionary<string, object> Samples = new()
    {
        ["SecretAsync"] = new Secret { Text = "open sesame", After = 7 },
        ["TemperatureAsync"] = new Temperature { Degrees = 36.6 },
    };

    /// <summary>Whether a reader may refuse a payload so.</summary>
    public static bool IsRefusal(Exception exception) => Refusals.Contains(exception.GetType());

    public static int Run(long count, int seed)
    {
        var random = new Random(seed);
        var bytes = new ShapeBytes(random);
        PayloadLimits limits = PayloadLimits.Default;
        IReadOnlyList<Target> targets = Target.All;
        var worst = new Worst[targets.Count];
        byte[][] last = [.. targets.Select(target => Right(target, bytes))];
        Warm(targets, bytes, limits);
        long read = 0;
        long refused = 0;
        long started = Stopwatch.GetTimestamp();
        for (long i = 0; i < count; i++)
        {
            int index = random.Next(targets.Count);
            Target target = targets[index];
            byte[] right = random.Next(4) == 0 ? Right(target, bytes) : last[index];
            last[index] = right;
            bool isMutated = random.Next(8) > 0;
            byte[] payload = isMutated ? Mutation.Of(right, last[random.Next(last.Length)], random) : right;
            if (target.Plan.Allows(payload, limits) && !IsRight(target, payload, limits))
            {
                return Report(target, payload, "The plan lets it through, the checker does not.");
            }

            long before = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                object? value = target.Read(payload, limits);
                worst[index].Note(GC.GetAllocatedBytesForCurrentThread() - before, payload.Length);
                read++;
                WriteAgain(target, value, payload);
            }
            catch (Exception exception) when (IsRefusal(exception))
            {
                refused++;
                worst[index].Note(GC.GetAllocatedBytesForCurrentThread() - before, payload.Length);
                if (!isMutated && exception is InvalidDataException && !exception.Message.Contains("system does not know", StringComparison.Ordinal))
                {
                    return Report(target, payload, $"A right payload was refused: {exception.Message}");
                }
            }
            catch (Exception exception)
            {
                return Report(target, payload, exception.ToString());
            }

            if (worst[index].Excess > 0)
            {
                return Report(target, payload, $"{worst[index].Excess} bytes more were allocated than a payload of {payload.Length} bytes may become.");
            }
        }

        Console.WriteLine($"{count} payloads of {targets.Count} types: {read} read, {refused} refused, in {Stopwatch.GetElapsedTime(started).TotalSeconds:F0} s; seed {seed}");
        return 0;
    }

    private static bool IsRight(Target target, byte[] payload, PayloadLimits limits)
    {
        var checker = new PayloadChecker(payload, limits);
        return checker.Check(target.Part) && checker.IsAtEnd;
    }

    // What is made once for each type, such as the list of cultures, is no payload's doing.
    private static void Warm(IReadOnlyList<Target> targets, ShapeBytes bytes, PayloadLimits limits)
    {
        foreach (Target target in targets)
        {
            for (int i = 0; i < 20; i++)
            {
                try
                {
                    target.Write(target.Read(Right(target, bytes), limits));
                }
                catch (Exception exception) when (IsRefusal(exception))
                {
                }
            }
        }
    }

    private static byte[] Right(Target target, ShapeBytes bytes)
        => Samples.TryGetValue(target.Name, out object? sample) ? target.Write(sample) : bytes.Write(target.Part);

    // What was read is a value: it can be written, and read again.
    private static void WriteAgain(Target target, object? value, byte[] payload)
    {
        byte[] written = target.Write(value);
        try
        {
            target.Read(written, PayloadLimits.Default);
        }
        catch (Exception exception)
        {
            throw new InvalidOperationException($"What was read from {Convert.ToHexString(payload)} was written as {Convert.ToHexString(written)}, which cannot be read.", exception);
        }
    }

    private static int Report(Target target, byte[] payload, string what)
    {
        Console.Error.WriteLine($"{target.Name}: {Convert.ToHexString(payload)}\n{what}");
        return 1;
    }

    private struct Worst
    {
        public long Excess;

        public void Note(long allocated, int length)
            => Excess = Math.Max(Excess, allocated - PayloadLimits.Default.MemoryFor(length));
    }
}
