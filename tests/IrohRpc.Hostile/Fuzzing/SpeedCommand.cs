using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using IrohRpc.CompilerServices;
using IrohRpc.Internal;

namespace IrohRpc.Hostile;

/// <summary>Compares values that are written, checked and read with such that are only written and read, in turns, because the machine is never quiet.</summary>
internal static partial class SpeedCommand
{
    private const int Rounds = 31;
    private const int ThreadTime = 3;

    private static readonly TimeSpan Warming = TimeSpan.FromSeconds(1);

    public static int Run()
    {
        Console.WriteLine($"{"value",-36} {"bytes",6} {"unchecked",10} {"checked",10} {"ratio",6} {"alone",10}");
        Measure("a string of 64 characters", "StringAsync", new string('x', 64));
        Measure("a string of 64 characters, not ASCII", "StringAsync", new string('ä', 64));
        Measure("64 bytes", "ByteArrayAsync", new byte[64]);
        Measure("an int", "IntAsync", 7);
        Measure("a record", "PersonAsync", WholeCalls.SampleOrder.Lines[0]);
        Measure("a record of records", "OrderAsync", WholeCalls.SampleOrder);
        return 0;
    }

    private static void Measure<T>(string what, string method, T value)
    {
        Target target = Target.All.Single(one => one.Name == method);
        byte[] bytes = target.Write(value);
        var reader = (ValueReader<T>)target.Reader;
        var writer = (ValueWriter<T>)target.Writer;
        var trusting = new ValueReader<T>((ReadValue<T>)reader.GetType().GetField("_read", BindingFlags.Instance | BindingFlags.NonPublic)!.GetValue(reader)!);
        var buffer = new CallBuffer();
        int count = Math.Max(2000, 4_000_000 / (50 + bytes.Length));
        WarmUp(() => Measure(buffer, writer, trusting, value, count) + Measure(buffer, writer, reader, value, count) + MeasureCheck(bytes, reader, count));
        var ratios = new List<double>();
        var without = new List<double>();
        var with = new List<double>();
        for (int round = 0; round < Rounds; round++)
        {
            without.Add(Measure(buffer, writer, trusting, value, count));
            with.Add(Measure(buffer, writer, reader, value, count));
            ratios.Add(with[^1] / without[^1]);
        }

        double Median(List<double> all) => all.Order().ElementAt(Rounds / 2);
        double alone = Median([.. Enumerable.Range(0, Rounds).Select(_ => MeasureCheck(bytes, reader, count))]);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{what,-36} {bytes.Length,6} {Median(without),7:F0} ns {Median(with),7:F0} ns {Median(ratios),6:F3} {alone,7:F1} ns"));
    }

    private static double Measure<T>(CallBuffer buffer, ValueWriter<T> writer, ValueReader<T> reader, T value, int count)
    {
        long started = Now();
        for (int i = 0; i < count; i++)
        {
            buffer.Clear();
            buffer.WriteValue(value, writer, WriteBounds.Default);
            reader.Read(buffer.WrittenSpan, PayloadLimits.Default);
        }

        return (double)(Now() - started) / count;
    }

    // The runtime compiles what is hot again after a while in which it compiled nothing else.
    private static void WarmUp(Func<double> run)
    {
        long started = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(started) < Warming)
        {
            run();
        }
    }

    private static double MeasureCheck<T>(byte[] bytes, ValueReader<T> reader, int count)
    {
        PayloadPart part = reader.Part;
        if (part.Shape is null)
        {
            return 0;
        }

        long started = Now();
        for (int i = 0; i < count; i++)
        {
            PayloadReading.Check(bytes, in part, reader.Plan, PayloadLimits.Default);
        }

        return (double)(Now() - started) / count;
    }

    // What this thread has computed, in nanoseconds: others that take its core do not count. Linux alone tells.
    private static long Now()
        => OperatingSystem.IsLinux() && GetTime(ThreadTime, out Time now) == 0 ? (now.Seconds * 1_000_000_000) + now.Nanoseconds : Stopwatch.GetTimestamp();

    [System.Runtime.InteropServices.LibraryImport("libc", EntryPoint = "clock_gettime")]
    [System.Runtime.InteropServices.DefaultDllImportSearchPaths(System.Runtime.InteropServices.DllImportSearchPath.SafeDirectories)]
    private static partial int GetTime(int clock, out Time time);

    private struct Time
    {
        public long Seconds;
        public long Nanoseconds;
    }
}
